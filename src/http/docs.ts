import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

/** Swagger UI brings its own inline styles and data: images, and needs nothing from elsewhere. */
const DOCS_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The OpenAPI document, the same that `openapi/openapi.json` holds. */
export function createOpenApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Dockmaster')
    .setDescription(
      'A control plane for Docker Engine. Errors are problem documents (RFC 9457); lists are cut by cursor.',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'opaque',
        description: 'An access token or an API token.',
      },
      'bearer',
    )
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => operationId(controller, method),
  });
  for (const { get } of Object.values(document.paths)) if (get) declareNotModified(get);
  return document;
}

/** What every JSON answer to a GET may be instead: `registerConditionalRequests`. */
function declareNotModified({ responses }: OperationObject): void {
  const answer = responses['200'];
  if (!answer || '$ref' in answer || !answer.content || !('application/json' in answer.content)) return;
  responses['304'] = { description: 'The answer is still the one that `If-None-Match` names.' };
}

/** Serves `/openapi.json` and `/docs`, from this server alone. */
export function setUpDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Dockmaster API',
    // Unless told not to, Swagger UI sends the document's address to an online validator.
    swaggerOptions: { validatorUrl: null },
  });
}

/** Holds the pages under `/docs` to what this server sends. To be called before the server is ready. */
export function registerDocsSecurity(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (/^\/docs(\/|\?|$)/.test(request.url))
      void reply.header('content-security-policy', DOCS_SECURITY_POLICY);
    done();
  });
}

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

function operationId(controller: string, method: string): string {
  const resource = controller.replace(/Controller$/, '');
  return `${resource.charAt(0).toLowerCase()}${resource.slice(1)}_${method}`;
}
