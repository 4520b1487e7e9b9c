// A real OpenID Connect provider (oidc-provider) on this machine: authorization code with PKCE, JWT access tokens, refresh tokens.
// Its only page of its own is the one on which somebody says who they are.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/** For whom the tokens are: what the dashboard asks for, and what the gateway finds in `aud`. */
export const RESOURCE = 'urn:cs12:gateway';
export const AUDIENCE = 'cs12';
export const CLIENT = 'dashboard';

const PEOPLE = {
  alan: { email: 'alan@allsolutions.example', email_verified: true, name: 'Alan' },
  // Somebody who has typed in an address that is not known to be theirs.
  mallory: { email: 'alan@allsolutions.example', email_verified: false, name: 'Mallory' },
  // Somebody whom the gateway has never seen.
  nora: { email: 'nora@newcomer.example', email_verified: true, name: 'Nora' },
  nadia: { email: 'nadia@newcomer.example', email_verified: true, name: 'Nadia' },
  norbert: { email: 'norbert@newcomer.example', email_verified: true, name: 'Norbert' },
};

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomBytes(8).toString('hex') };
}

/** What the provider offers to somebody who signs out: `everything`, or `nothing`, as some do. */
function configuration(redirect, seconds, offers) {
  return {
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirect],
        post_logout_redirect_uris: [redirect],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    // The page is of another origin, and asks for its tokens by itself.
    clientBasedCORS: () => true,
    scopes: ['openid', 'email', 'profile'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => (PEOPLE[id] ? { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) } : undefined),
    // The gateway reads the person out of the access token.
    extraTokenClaims: (_context, token) => PEOPLE[token.accountId],
    issueRefreshToken: () => true,
    ttl: { AccessToken: seconds, AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, RefreshToken: 3600, Session: 3600 },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: offers === 'everything' },
      rpInitiatedLogout: {
        enabled: offers === 'everything',
        logoutSource: (context, form) => {
          context.body = `<!doctype html><html lang="en"><title>Provider</title><h1>Sign out of Example?</h1>${form}
<button form="op.logoutForm" name="logout" value="yes">Yes</button>`;
        },
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'openid email profile',
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: seconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    // Nobody is asked whether they agree: it is their own company's page.
    async loadExistingGrant(context) {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email profile');
      grant.addResourceScope(RESOURCE, 'openid email profile');
      await grant.save();
      return grant;
    },
  };
}

const PAGE = `<!doctype html><html lang="en"><title>Provider</title><h1>Who are you?</h1>
<form method="post"><label>Name <input name="login" autofocus></label><button>Continue</button></form>`;

async function read(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

/** Listens at once, so that a gateway can be told its address; serves once it knows where people come back to. */
export async function startProvider() {
  let provider;
  const tokens = [];
  const server = createServer(async (request, response) => {
    // A gateway asks for the keys as soon as it starts, and asks again.
    if (!provider) return response.writeHead(503).end();
    if (!request.url.startsWith('/interaction/')) return provider.callback()(request, response);
    if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(PAGE);
    const login = (await read(request)).get('login');
    // Another page may offer to go on without an account: this one does not.
    const result = PEOPLE[login] ? { login: { accountId: login } } : { error: 'access_denied', error_description: 'nobody of that name' };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  return {
    issuer,
    /** How often each kind of grant was exchanged for tokens. */
    tokens,
    /** `seconds`: how long an access token is good. */
    serve(redirect, seconds, offers = 'everything') {
      provider = new Provider(issuer, configuration(redirect, seconds, offers));
      provider.on('grant.success', (context) => tokens.push(context.oidc.params.grant_type));
    },
    /** The status with which a refresh token is answered: 200 as long as it is good. */
    async refresh(token) {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: CLIENT, resource: RESOURCE });
      return (await fetch(`${issuer}/token`, { method: 'POST', body })).status;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
