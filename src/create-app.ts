import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { NestLogger, requestLogger } from './common/logging.js';
import { type Door, runInRequestContext } from './common/request-context.js';
import { DomainError } from './common/errors.js';
import type { Settings } from './config/settings.js';
import { unsafeSettings } from './config/unsafe-settings.js';
import { DoorListener } from './engine-door/door-listener.js';
import { registerGraphiql } from './graphql/graphiql.js';
import { allowOrigins } from './http/cors.js';
import { registerDocsSecurity, setUpDocs } from './http/docs.js';
import { answerClientError } from './http/client-error.js';
import { MAX_HEAD_BYTES } from './http/head-limit.js';
import { isHookUrl, pathForLog } from './http/hook-address.js';
import { isOurHost } from './http/host-check.js';
import { registerConditionalRequests } from './http/prepared-json.js';
import { toDomainError, toProblem } from './http/problem.js';
import { requestId } from './http/request-id.js';
import { registerOtherMethods } from './http/route-methods.js';
import { signalOf } from './http/request-signal.js';
import { SECURITY_HEADERS, setSecurityHeaders } from './http/security-headers.js';
import { leaveUnparsed } from './http/sent-bytes.js';
import { UpgradeRouter } from './http/upgrade-router.js';

/** Longest path parameter that reaches validation, which then tells what is wrong with it. Node bounds the whole head. */
const MAX_PARAM_LENGTH = 16_384;
/** Bodies that are passed on as they come, with back-pressure, and never held whole. */
const STREAMED_BODIES = [
  'application/x-tar',
  'application/octet-stream',
  'application/gzip',
  'application/x-gzip',
  'application/zstd',
];

const NOT_OUR_HOST =
  'The server does not go by this host name; DOCKMASTER_ALLOWED_HOSTS has to name those that it does';

/** Builds the application, ready to listen. Tests build it the same way. */
export async function createApp(settings: Settings, logger: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(settings, logger),
    createAdapter(settings, logger),
    {
      logger: new NestLogger(logger),
      abortOnError: false,
      // Nest's would take form bodies too. Fastify's own takes JSON.
      bodyParser: false,
    },
  );
  const fastify = app.getHttpAdapter().getInstance();
  prepareFastify(fastify, settings, logger);
  endConnectionsOnClose(fastify);
  registerGraphiql(fastify);
  registerDocsSecurity(fastify);
  allowOrigins(app, settings.allowedOrigins);
  setUpDocs(app);
  await app.init();
  await fastify.ready();
  app.get(UpgradeRouter).listen(fastify.server);
  app.get(DoorListener).listen(fastify.server);
  for (const { name, message } of unsafeSettings(settings)) logger.warn({ check: name }, message);
  return app;
}

function createAdapter(settings: Settings, logger: Logger): FastifyAdapter {
  return new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    requestIdHeader: false,
    bodyLimit: settings.maxBodyBytes,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, ignoreTrailingSlash: false, caseSensitive: true },
    // Uploads may take their time; a head that does not come is cut by Node's headersTimeout.
    requestTimeout: 0,
    http: { maxHeaderSize: MAX_HEAD_BYTES },
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: (thrown: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem = toProblem(toDomainError(thrown), request.id);
      void reply
        .status(problem.status)
        .headers(SECURITY_HEADERS)
        .header('x-request-id', request.id)
        .type('application/problem+json')
        .send(JSON.stringify(problem));
    },
  });
}

function prepareFastify(fastify: FastifyInstance, settings: Settings, logger: Logger): void {
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(STREAMED_BODIES, (_request, payload, done) => done(null, payload));

  // Entered twice: parsing a body leaves the context that the first hook entered.
  const enter = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const door = doorOf(request.url);
    const { id: requestId, ip: address } = request;
    const userAgent = request.headers['user-agent'];
    runInRequestContext({ requestId, address, userAgent, door, signal: signalOf(reply) }, done);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    setSecurityHeaders(request, reply);
    if (!isOurHost(settings, request.headers.host)) {
      done(new DomainError('forbidden', NOT_OUR_HOST));
      return;
    }
    if (isHookUrl(request.url)) leaveUnparsed(request);
    enter(request, reply, done);
  });
  registerOtherMethods(fastify);
  fastify.addHook('preValidation', (request, reply, done) => enter(request, reply, done));
  registerConditionalRequests(fastify);
  const requests = requestLogger(logger);
  fastify.addHook('onResponse', (request, reply, done) => {
    requests.info(
      {
        requestId: request.id,
        method: request.method,
        path: pathForLog(request.url),
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        address: request.ip,
      },
      'request',
    );
    done();
  });
}

function doorOf(url: string): Door {
  if (isHookUrl(url)) return 'hook';
  return /^\/graphql(\/|\?|$)/.test(url) ? 'graphql' : 'rest';
}

/** Once the program stops, a connection ends with the answer under way on it, instead of being kept for a next request. */
function endConnectionsOnClose(fastify: FastifyInstance): void {
  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  fastify.addHook('onResponse', (_request, _reply, done) => {
    if (closing) setImmediate(() => fastify.server.closeIdleConnections());
    done();
  });
}
