import { readdirSync } from 'node:fs';
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Import directions of docs/adr/0001: door -> service -> gate -> state | streams -> engine, `common` below all. What each
 * room may import besides itself; a room that is not named here holds doors and services.
 */
const MAY_IMPORT = {
  common: { rooms: [], why: 'common is below all and imports nothing of ours' },
  config: { rooms: ['common'], why: 'settings are read before anything else is there' },
  database: { rooms: ['common', 'config'], why: 'the database knows no rules, only tables' },
  engine: {
    rooms: ['common', 'config'],
    why: 'the engine room is below the gate and knows nothing of actors or storage',
  },
  state: { rooms: ['common', 'engine'], why: 'state is below the gate and decides about no rights' },
  streams: { rooms: ['common', 'engine'], why: 'streams are below the gate and decide about no rights' },
  http: { rooms: ['common', 'config'], why: 'what all doors share knows nothing of what is behind them' },
  gate: {
    rooms: ['access', 'audit', 'common', 'config', 'engine', 'identity', 'state', 'streams'],
    why: 'the gate knows no door and no service',
  },
};
const ROOMS = readdirSync(new URL('src', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const BEHIND_THE_GATE = ['engine', 'state', 'streams'];
const directions = ROOMS.map((room) => {
  const { rooms, why } = MAY_IMPORT[room] ?? {
    rooms: ROOMS.filter((other) => !BEHIND_THE_GATE.includes(other)),
    why: 'only the gate may reach an engine: ask gate.as(actor).engine(name)',
  };
  const denied = ROOMS.filter((other) => other !== room && !rooms.includes(other));
  const elsewhere = denied.flatMap((other) => [`**/${other}/*`, `**/${other}/**/*`]);
  // What begins at the file's own folder stays in its room, also where a folder there is called as another room.
  return { room, why, denied: elsewhere.length > 0 ? [...elsewhere, '!./**'] : [] };
}).filter(({ denied }) => denied.length > 0);

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
  ...directions.map(({ room, why, denied }) => ({
    files: [`src/${room}/**/*.ts`],
    ignores: ['**/*.spec.ts', '**/testing/**', '**/testing.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: denied, message: why }] }] },
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
