// A real OpenID provider, as a process of its own. It signs in whoever `login_hint` names, and asks for no consent.
// Told by messages who there is; says on which port it listens.
import Provider from 'oidc-provider';

const { port, redirectUris, clientAuthentication = 'client_secret_basic' } = JSON.parse(process.argv[2]);
let accounts = {};
// It warns that its keys and its memory are for tests only, which they are.
console.warn = () => undefined;

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'dockmaster',
      client_secret: 'a secret between the two of them',
      token_endpoint_auth_method: clientAuthentication,
      redirect_uris: redirectUris,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  clientAuthMethods: [clientAuthentication],
  claims: { openid: ['sub'], profile: ['preferred_username', 'name'], email: ['email'], groups: ['groups'] },
  scopes: ['openid', 'profile', 'email', 'groups'],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) =>
    accounts[id] && { accountId: id, claims: () => Promise.resolve({ sub: id, ...accounts[id] }) },
  async loadExistingGrant(ctx) {
    const { client, session, provider: self, params } = ctx.oidc;
    const grant = new self.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
  cookies: { keys: ['for tests'] },
  ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const known = Object.hasOwn(accounts, params.login_hint ?? '');
  const result = known
    ? { login: { accountId: params.login_hint } }
    : { error: 'access_denied', error_description: 'nobody signed in' };
  await provider.interactionFinished(ctx.req, ctx.res, result);
  ctx.respond = false;
});

process.on('message', (message) => {
  accounts = message;
  process.send('known');
});
process.on('disconnect', () => process.exit(0));
const server = provider.listen(port, '127.0.0.1', () => process.send({ port: server.address().port }));
