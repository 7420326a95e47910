/** The private engine of `scripts/private-engine.mjs`, for tests. */
export { PrivateEngine, type PrivateEngineOptions } from '../../scripts/private-engine.mjs';
