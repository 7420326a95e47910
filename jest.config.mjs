/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

/** What end-to-end tests import of the program itself, but for what is there for tests only. */
const PROGRAM = '/src/(?!(.*/)?testing/).+\\.ts$';
const PACKAGES_AGREED_ON = '(graphql|kysely|@nestjs/[^/]+)';
const AGREED_ON = `/node_modules/${PACKAGES_AGREED_ON}/.+\\.m?js$`;

/** @type {import('jest').Config} */
export default {
  coverageProvider: 'v8',
  testTimeout: 120_000, // for what hangs, not for what is slow; jest takes it here only, not per project
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['<rootDir>/src'],
      testMatch: ['**/*.spec.ts'],
    },
    {
      ...common,
      displayName: 'e2e',
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.e2e-spec.ts'],
      testEnvironment: '<rootDir>/test/support/native-environment.mjs',
      transform: {
        [`${PROGRAM}|${AGREED_ON}`]: '<rootDir>/test/support/native-modules.mjs',
        ...common.transform,
      },
      transformIgnorePatterns: [`/node_modules/(?!${PACKAGES_AGREED_ON}/)`],
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
  ],
};
