import { describe, expect, it } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance } from 'fastify';
import { registerDocsSecurity, setUpDocs } from './docs.js';

async function start(): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({}).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  registerDocsSecurity(fastify);
  setUpDocs(app);
  await app.init();
  await fastify.ready();
  return app;
}

describe('the pages under /docs', () => {
  it('load scripts, styles and pictures from this server alone', async () => {
    const app = await start();
    try {
      const page = await app.inject({ url: '/docs' });
      const policy = page.headers['content-security-policy'];
      expect(page.statusCode).toBe(200);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/https?:|script-src|unsafe-eval/);

      const loaded = [...page.body.matchAll(/(?:<script|<link)[^>]+(?:src|href)=["']([^"']+)["']/g)];
      expect(loaded.length).toBeGreaterThanOrEqual(4);
      for (const [, address = ''] of loaded) {
        const url = new URL(address, 'http://dockmaster.test/docs');
        expect(url.host).toBe('dockmaster.test');
        expect((await app.inject({ url: url.pathname })).statusCode).toBe(200);
      }
      expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)/);
    } finally {
      await app.close();
    }
  });

  it('ask no online validator about the document', async () => {
    const app = await start();
    try {
      const script = await app.inject({ url: '/docs/swagger-ui-init.js' });
      expect(script.body).toMatch(/"validatorUrl":\s*null/);
    } finally {
      await app.close();
    }
  });

  it('leave the policy of other paths to them', async () => {
    const app = await start();
    try {
      const document = await app.inject({ url: '/openapi.json' });
      expect(document.statusCode).toBe(200);
      expect(document.headers).not.toHaveProperty('content-security-policy');
    } finally {
      await app.close();
    }
  });
});
