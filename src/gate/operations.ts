/**
 * The table of the Engine API's operations, for the door that speaks that API: it maps a request to exactly one row. Rows are
 * only words; what reaches an engine is the gate's alone.
 */
export {
  ALL_OPERATIONS,
  type HttpMethod,
  operation,
  type Operation,
  type OperationId,
} from '../engine/operations/index.js';
