import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Import directions of docs/adr/0001: door -> service -> gate -> state | streams -> engine, `common` below all.
 * Each row: the folders it holds for, what they may not import, and why.
 */
const directions = [
  {
    files: ['src/**/*.ts'],
    except: ['src/engine/**', 'src/gate/**', 'src/state/**', 'src/streams/**'],
    deny: ['**/engine/*', '**/engine/**/*'],
    why: 'only gate, state and streams may reach an engine: ask gate.as(actor).engine(name)',
  },
  {
    files: ['src/common/**/*.ts'],
    except: [],
    deny: ['../*/*', '../../*', '!./*'],
    why: 'common is below all and imports nothing of ours',
  },
  {
    files: ['src/engine/**/*.ts'],
    except: [],
    deny: ['**/gate/*', '**/state/*', '**/streams/*', '**/database/*', '**/identity/*', '**/audit/*'],
    why: 'the engine room is below the gate and knows nothing of actors or storage',
  },
  {
    files: ['src/state/**/*.ts', 'src/streams/**/*.ts'],
    except: [],
    deny: ['**/gate/*', '**/identity/*', '**/audit/*', '**/containers/*'],
    why: 'state and streams are below the gate',
  },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', 'data'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off', // Nest modules are empty classes
      // Models and inputs are classes only to carry decorators: a literal of their shape is one of them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/unbound-method': 'off', // decorators and jest matchers pass methods by name
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'src/config is the only reader of process.env' },
      ],
    },
  },
  {
    files: ['src/config/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  ...directions.map(({ files, except, deny, why }) => ({
    files,
    ignores: ['**/*.spec.ts', ...except],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: deny, message: why }] }] },
  })),
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        performance: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
);
