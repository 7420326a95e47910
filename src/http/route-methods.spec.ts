import { describe, expect, it } from '@jest/globals';
import { RouteMethods } from './route-methods.js';

describe('the methods of a path', () => {
  const routes = new RouteMethods();
  routes.add('/api/v1/teams', ['GET', 'HEAD']);
  routes.add('/api/v1/teams', ['POST']);
  routes.add('/api/v1/teams/:id', ['DELETE']);
  routes.add('/api/v1/teams/:id/members', ['GET']);
  routes.add('/docs/*', ['GET']);
  routes.add('*', ['OPTIONS']);

  it.each([
    ['/api/v1/teams', ['GET', 'HEAD', 'POST']],
    ['/api/v1/teams/1', ['DELETE']],
    ['/api/v1/teams/1/members', ['GET']],
    ['/docs/a/b', ['GET']],
    ['/api/v1/teams/', []],
    ['/api/v1/teams/1/2', []],
    ['/api/v1/Teams', []],
    ['/nowhere', []],
  ])('%s are %j', (path, methods) => {
    expect(routes.of(path)).toEqual(methods);
  });
});
