import type { LoggerService } from '@nestjs/common';
import { type Logger, type LoggerOptions, pino } from 'pino';
import { requestContext } from './request-context.js';

/** Header and field names whose values never reach a log. */
const SECRET_PATHS = [
  'authorization',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'identitytoken',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Token under which rooms ask for the logger. */
export const LOGGER = Symbol('LOGGER');

/** JSON lines on stdout; every line written while a request is served carries its `requestId`. */
export function createLogger(level: string): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    mixin: () => {
      const { requestId } = requestContext();
      return requestId === '' ? {} : { requestId };
    },
  };
  // At once: queued lines would have no bound, and pino waits forever to write them at the end once nobody reads them.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}

/** For the one line of each request: its fields are fixed and hold no secret, and looking for some costs more than the line. */
export function requestLogger(logger: Logger): Logger {
  return logger.child({}, { redact: [] });
}

/** Lets Nest's own messages go through our logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  error(message: unknown, ...context: unknown[]): void {
    this.write('error', message, context);
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.write('warn', message, context);
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.write('trace', message, context);
  }

  private write(level: 'trace' | 'debug' | 'warn' | 'error', message: unknown, context: unknown[]): void {
    this.logger[level]({ context: context.filter((part) => typeof part === 'string') }, String(message));
  }
}
