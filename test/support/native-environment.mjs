import { createRequire } from 'node:module';
import { TestEnvironment } from 'jest-environment-node';

const nativeRequire = createRequire(import.meta.url);

/** Gives tests the program as Node.js itself loads it: see native-modules.mjs. */
export default class NativeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.nativeRequire = nativeRequire;
  }
}
