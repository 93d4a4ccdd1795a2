/** An environment that must stop the start. */
export interface BrokenEnvironment {
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
  /** Texts of files that `NAME_FILE` variables name; `@name@` in `env` stands for the path of file `name`. */
  readonly files?: Readonly<Record<string, string>>;
  /** One pattern for each problem that must be reported, and there must be no others. */
  readonly problems: readonly RegExp[];
}

/** Stands wherever a secret could be; no report may hold it. */
export const CANARY = 'canary-5d41402abc4b2a76b9719d91';

const cms = { CMS_BASE_URL: 'https://cms.example.edu', OAUTH_CLIENT_ID: 'mcp', OAUTH_CLIENT_SECRET: CANARY };

const oidc = {
  ...cms,
  CMS_SIGN_IN: 'oidc',
  PUBLIC_URL: 'https://mcp.example.edu',
  OIDC_ISSUER: 'https://login.example.edu',
  OIDC_CLIENT_ID: 'mcp',
  OIDC_CLIENT_SECRET: CANARY,
  CMS_IDENTITIES_FILE: '@people@',
};

export const brokenEnvironments: readonly BrokenEnvironment[] = [
  { what: 'a port that is a word', env: { PORT: 'http' }, problems: [/^PORT: expected a port .*"http"/] },
  { what: 'a port that does not exist', env: { PORT: '70000' }, problems: [/^PORT: .*65535.*"70000"/] },
  { what: 'a port below zero', env: { METRICS_PORT: '-1' }, problems: [/^METRICS_PORT: /] },
  { what: 'two servers on one port', env: { PORT: '9464' }, problems: [/^METRICS_PORT: must differ from PORT/] },
  { what: 'the sandbox on our port', env: { SANDBOX_PORT: '3000' }, problems: [/^SANDBOX_PORT: must differ/] },
  { what: 'a time-out with a unit', env: { API_TIMEOUT: '30s' }, problems: [/^API_TIMEOUT: .*milliseconds.*"30s"/] },
  { what: 'a time-out in seconds', env: { API_TIMEOUT: '30' }, problems: [/^API_TIMEOUT: .*milliseconds from 100/] },
  { what: 'a limit of nothing', env: { RATE_LIMIT_RPM: '0' }, problems: [/^RATE_LIMIT_RPM: /] },
  { what: 'a number that is none', env: { CACHE_TTL: '1e3' }, problems: [/^CACHE_TTL: .*seconds.*"1e3"/] },
  { what: 'a fraction', env: { CACHE_MAX_SIZE: '10.5' }, problems: [/^CACHE_MAX_SIZE: /] },
  { what: 'too many retries', env: { MAX_RETRIES: '1000' }, problems: [/^MAX_RETRIES: .*0 to 10/] },
  { what: 'an unknown level', env: { LOG_LEVEL: 'verbose' }, problems: [/^LOG_LEVEL: .*one of trace, .*"verbose"/] },
  { what: 'an unknown environment', env: { NODE_ENV: 'staging' }, problems: [/^NODE_ENV: /] },
  {
    what: 'an unknown sign-in',
    env: { CMS_SIGN_IN: 'magic' },
    problems: [/^CMS_SIGN_IN: .*one of service, cms-login, cms-oauth, oidc.*"magic"/],
  },
  {
    what: 'sign-in at the CMS without an address to come back to',
    env: { ...cms, CMS_SIGN_IN: 'cms-oauth' },
    problems: [/^OAUTH_REDIRECT_URI: missing; CMS_SIGN_IN=cms-oauth/],
  },
  {
    what: 'sign-in at the CMS that comes back nowhere',
    env: { ...cms, CMS_SIGN_IN: 'cms-oauth', OAUTH_REDIRECT_URI: 'urn:ietf:wg:oauth:2.0:oob' },
    problems: [/^OAUTH_REDIRECT_URI: .*PUBLIC_URL with \/callback/],
  },
  {
    what: 'sign-in at the CMS that comes back to another page',
    env: {
      ...cms,
      CMS_SIGN_IN: 'cms-oauth',
      PUBLIC_URL: 'https://mcp.example.edu',
      OAUTH_REDIRECT_URI: 'https://mcp.example.edu/other',
    },
    problems: [/^OAUTH_REDIRECT_URI: .*PUBLIC_URL with \/callback/],
  },
  {
    what: 'an identity provider of which nothing is known',
    env: { ...cms, CMS_SIGN_IN: 'oidc' },
    problems: [
      /^OIDC_ISSUER: missing/,
      /^OIDC_CLIENT_ID: missing/,
      /^CMS_IDENTITIES_FILE: missing/,
      /^OIDC_CLIENT_SECRET: missing.*OIDC_CLIENT_SECRET_FILE/,
      /^PUBLIC_URL: missing/,
    ],
  },
  {
    what: 'an identity provider without encryption',
    env: { ...oidc, OIDC_ISSUER: 'http://login.example.edu' },
    files: { people: '{"identities":{}}' },
    problems: [/^OIDC_ISSUER: .*https/],
  },
  {
    what: 'scopes without openid',
    env: { ...oidc, OIDC_SCOPES: 'profile email' },
    files: { people: '{"identities":{}}' },
    problems: [/^OIDC_SCOPES: .*openid among them/],
  },
  {
    what: 'a file of identities that is not there',
    env: { ...oidc, CMS_IDENTITIES_FILE: CANARY },
    problems: [/^CMS_IDENTITIES_FILE: the file cannot be read/],
  },
  {
    what: 'a file of identities that is no JSON',
    env: { ...oidc, CMS_IDENTITIES_FILE: '@nojson@' },
    files: { nojson: `{ "identities": ${CANARY}` },
    problems: [/^CMS_IDENTITIES_FILE: the file is not JSON/],
  },
  {
    what: 'a file of identities with an unknown property',
    env: { ...oidc, CMS_IDENTITIES_FILE: '@extra@' },
    files: { extra: JSON.stringify({ identities: {}, secret: CANARY }) },
    problems: [/^CMS_IDENTITIES_FILE: the file has a property that is not known/],
  },
  {
    what: 'an identity with two secrets',
    env: { ...oidc, CMS_IDENTITIES_FILE: '@two@' },
    files: {
      two: JSON.stringify({ identities: { a: { clientId: 'a', clientSecret: CANARY, clientSecretFile: CANARY } } }),
    },
    problems: [/^CMS_IDENTITIES_FILE: identities has not the form/],
  },
  {
    what: 'an identity whose secret cannot be read',
    env: { ...oidc, CMS_IDENTITIES_FILE: '@unread@' },
    files: { unread: JSON.stringify({ identities: { a: { clientId: 'a', clientSecretFile: CANARY } } }) },
    problems: [/^CMS_IDENTITIES_FILE: identities.a needs one of clientSecret and clientSecretFile/],
  },
  {
    what: 'a rule for an identity that is not there',
    env: { ...oidc, CMS_IDENTITIES_FILE: '@norow@' },
    files: {
      norow: JSON.stringify({
        identities: {},
        rules: [{ claim: 'sub', equals: CANARY, identity: 'editors' }],
      }),
    },
    problems: [/^CMS_IDENTITIES_FILE: a rule or the default names an identity that the file does not have/],
  },
  {
    what: 'a rule on a claim that nobody checks',
    env: { ...oidc, CMS_IDENTITIES_FILE: '@claim@' },
    files: {
      claim: JSON.stringify({
        identities: { a: { clientId: 'a', clientSecret: CANARY } },
        rules: [{ claim: 'preferred_username', equals: 'x', identity: 'a' }],
      }),
    },
    problems: [/^CMS_IDENTITIES_FILE: rules.0.claim has not the form/],
  },
  { what: 'neither yes nor no', env: { WORKER_INLINE: 'maybe' }, problems: [/^WORKER_INLINE: .*true or false/] },
  { what: 'a CMS that is no address', env: { ...cms, CMS_BASE_URL: 'cms.example.edu' }, problems: [/^CMS_BASE_URL: /] },
  {
    what: 'a CMS with credentials in its address',
    env: { ...cms, CMS_BASE_URL: `https://user:${CANARY}@cms.example.edu/api` },
    problems: [/^CMS_BASE_URL: .*without user name/],
  },
  {
    what: 'a CMS with a token in its address',
    env: { ...cms, CMS_BASE_URL: `https://cms.example.edu/api?key=${CANARY}` },
    problems: [/^CMS_BASE_URL: .*query/],
  },
  {
    what: 'a CMS without credentials',
    env: { CMS_BASE_URL: 'https://cms.example.edu' },
    problems: [/^OAUTH_CLIENT_ID: missing/, /^OAUTH_CLIENT_SECRET: missing/],
  },
  {
    what: 'a redirect without encryption',
    env: { OAUTH_REDIRECT_URI: 'http://mcp.example.edu/callback' },
    problems: [/^OAUTH_REDIRECT_URI: .*https/],
  },
  {
    what: 'a public address without encryption',
    env: { PUBLIC_URL: 'http://mcp.example.edu' },
    problems: [/^PUBLIC_URL: .*https/],
  },
  {
    what: 'a public address with a query',
    env: { PUBLIC_URL: 'https://mcp.example.edu/?a=1' },
    problems: [/^PUBLIC_URL: /],
  },
  { what: 'all addresses and no host', env: { HOST: '0.0.0.0' }, problems: [/^HOST: .*PUBLIC_URL or ALLOWED_HOSTS/] },
  { what: 'a host that is an address', env: { HOST: 'http://localhost' }, problems: [/^HOST: /] },
  { what: 'a star for hosts', env: { ALLOWED_HOSTS: '*' }, problems: [/^ALLOWED_HOSTS: /] },
  { what: 'an origin with a path', env: { ALLOWED_ORIGINS: 'https://a.example/x' }, problems: [/^ALLOWED_ORIGINS: /] },
  { what: 'a proxy that is none', env: { TRUST_PROXY: '10.0.0.0/99' }, problems: [/^TRUST_PROXY: /] },
  ...['Production=www.example.edu', 'A=https://u:p@a.example', 'A=https://a.example,a=https://b.example'].map(
    (sites) => ({
      what: `public sites given as ${sites}`,
      env: { PUBLIC_SITE_URLS: sites },
      problems: [/^PUBLIC_SITE_URLS: .*publishing targets by name or id/],
    }),
  ),
  { what: 'an operation that is a path', env: { OPERATIONS_ALLOW: '/pages' }, problems: [/^OPERATIONS_ALLOW: /] },
  {
    what: 'Redis over the web',
    env: { REDIS_URL: `https://:${CANARY}@redis:6379` },
    problems: [/^REDIS_URL: expected a redis:\/\//],
  },
  {
    what: 'a short key',
    env: { TOKEN_ENCRYPTION_KEY: CANARY },
    problems: [/^TOKEN_ENCRYPTION_KEY: expected 32 bytes/],
  },
  {
    what: 'production processes on Redis without a common key, where people sign in at the CMS',
    env: { ...cms, NODE_ENV: 'production', REDIS_URL: 'redis://127.0.0.1:1', CMS_SIGN_IN: 'cms-login' },
    problems: [/^TOKEN_ENCRYPTION_KEY: missing; with REDIS_URL every process needs the same one/],
  },
  {
    what: 'a secret with a line break',
    env: { ...cms, OAUTH_CLIENT_SECRET: `${CANARY}\nx` },
    problems: [/^OAUTH_CLIENT_SECRET: .*control characters/],
  },
  {
    what: 'a secret in the wrong variable',
    env: { ...cms, PORT: CANARY },
    problems: [/^PORT: expected a port/],
  },
  {
    what: 'a secret twice',
    env: { ...cms, OAUTH_CLIENT_SECRET_FILE: '@secret@' },
    files: { secret: CANARY },
    problems: [/^OAUTH_CLIENT_SECRET and OAUTH_CLIENT_SECRET_FILE are both given/],
  },
  {
    what: 'an empty file of a secret',
    env: { TOKEN_ENCRYPTION_KEY_FILE: '@empty@' },
    files: { empty: '\n' },
    problems: [/^TOKEN_ENCRYPTION_KEY_FILE: the file is empty/],
  },
  {
    what: 'a secret where the path of its file belongs',
    env: { CMS_BASE_URL: 'https://cms.example.edu', OAUTH_CLIENT_ID: 'mcp', OAUTH_CLIENT_SECRET_FILE: CANARY },
    problems: [/^OAUTH_CLIENT_SECRET_FILE: the file cannot be read \(ENOENT\)/],
  },
  {
    what: 'a file with the wrong secret',
    env: { REDIS_URL_FILE: '@redis@' },
    files: { redis: CANARY },
    problems: [/^REDIS_URL: expected a redis:\/\//],
  },
  {
    what: 'a file for what is no secret',
    env: { CMS_BASE_URL_FILE: 'x' },
    problems: [/^CMS_BASE_URL_FILE: only secrets/],
  },
  {
    what: 'a letter left out of a name',
    env: { RATE_LIMT_RPM: '5' },
    problems: [/^RATE_LIMT_RPM: .*did you mean RATE_LIMIT_RPM\?/],
  },
  {
    what: 'an underscore left out of a name',
    env: { CMS_BASEURL: 'https://cms.example.edu' },
    problems: [/^CMS_BASEURL: .*did you mean CMS_BASE_URL\?/],
  },
  {
    what: 'a secret under a wrong name',
    env: { OAUTH_CLIENT_SECERT: CANARY },
    problems: [/^OAUTH_CLIENT_SECERT: .*did you mean OAUTH_CLIENT_SECRET\?/],
  },
  { what: 'a sampler that does not exist', env: { OTEL_TRACES_SAMPLER: 'some' }, problems: [/^OTEL_TRACES_SAMPLER: /] },
  {
    what: 'many things at once',
    env: {
      PORT: 'x',
      API_TIMEOUT: '-5',
      LOG_LEVEL: 'loud',
      HOST: '0.0.0.0',
      CMS_BASE_URL: `ftp://${CANARY}@cms`,
      TOKEN_ENCRYPTION_KEY: CANARY,
      REDIS_URL: `:${CANARY}@`,
      RATE_LIMIT_PRM: '5',
    },
    problems: [
      /^PORT: /,
      /^API_TIMEOUT: /,
      /^LOG_LEVEL: /,
      /^CMS_BASE_URL: /,
      /^TOKEN_ENCRYPTION_KEY: /,
      /^REDIS_URL: /,
      /^HOST: /,
      /^OAUTH_CLIENT_ID: /,
      /^OAUTH_CLIENT_SECRET: /,
      /^RATE_LIMIT_PRM: .*RATE_LIMIT_RPM/,
    ],
  },
];
