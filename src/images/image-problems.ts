/** What every route on images may answer with besides its result. */
export const ON_IMAGES = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
] as const;

/** What starting a job may answer with besides. */
export const ON_JOB = ['not_acceptable', 'too_many_requests', 'unavailable'] as const;
