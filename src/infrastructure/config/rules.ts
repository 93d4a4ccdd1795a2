import type { SignInName } from '../../domain/model/grant.ts';
import type { GivenSettings, SettingName } from './schema.ts';
import { isLoopback } from './values.ts';

/** What the rules look at: what was given at all, and the values that could be read. */
interface RuleInput {
  readonly isGiven: (name: SettingName) => boolean;
  readonly value: Partial<GivenSettings>;
}

/** A rule between settings; `says` begins with the name of the variable to change. */
export interface Rule {
  readonly kind: 'problem' | 'warning';
  readonly isBroken: (input: RuleInput) => boolean;
  readonly says: string;
}

/** The rules between settings. A rule about a value that could not be read stays silent: that is reported already. */
export const rules: readonly Rule[] = [
  {
    kind: 'problem',
    isBroken: ({ isGiven }) => isGiven('CMS_BASE_URL') && !isGiven('OAUTH_CLIENT_ID'),
    says: 'OAUTH_CLIENT_ID: missing; it is needed with CMS_BASE_URL.',
  },
  {
    kind: 'problem',
    isBroken: ({ isGiven }) => isGiven('CMS_BASE_URL') && !isGiven('OAUTH_CLIENT_SECRET'),
    says: 'OAUTH_CLIENT_SECRET: missing; it is needed with CMS_BASE_URL (or OAUTH_CLIENT_SECRET_FILE).',
  },
  {
    kind: 'problem',
    isBroken: ({ isGiven, value }) =>
      isAllAddresses(value.host) &&
      !isGiven('ALLOWED_HOSTS') &&
      !isGiven('PUBLIC_URL') &&
      publicUrlOf(value) === undefined,
    says: 'HOST: listening on all addresses needs PUBLIC_URL or ALLOWED_HOSTS, so that the Host header can be checked.',
  },
  {
    kind: 'problem',
    isBroken: ({ value }) => isSamePort(value.port, value.metricsPort),
    says: 'METRICS_PORT: must differ from PORT.',
  },
  {
    kind: 'problem',
    isBroken: ({ isGiven, value }) =>
      !isGiven('CMS_BASE_URL') &&
      (isSamePort(value.port, value.sandboxPort) || isSamePort(value.metricsPort, value.sandboxPort)),
    says: 'SANDBOX_PORT: must differ from PORT and METRICS_PORT.',
  },
  {
    kind: 'problem',
    isBroken: ({ isGiven, value }) => signInOf(value) === 'cms-oauth' && !isGiven('OAUTH_REDIRECT_URI'),
    says: 'OAUTH_REDIRECT_URI: missing; CMS_SIGN_IN=cms-oauth needs the address of this server with /callback behind it.',
  },
  {
    kind: 'problem',
    isBroken: ({ isGiven, value }) =>
      isRedirect(signInOf(value)) &&
      isGiven('OAUTH_REDIRECT_URI') &&
      value.oauthRedirectUri !== undefined &&
      value.oauthRedirectUri !== `${publicUrlOf(value)}/callback`,
    says: 'OAUTH_REDIRECT_URI: people who sign in come back to this server, so it has to be PUBLIC_URL with /callback behind it.',
  },
  ...(['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'CMS_IDENTITIES_FILE'] as const).map(
    (name): Rule => ({
      kind: 'problem',
      isBroken: ({ isGiven, value }) => value.cmsSignIn === 'oidc' && !isGiven(name),
      says: `${name}: missing; it is needed with CMS_SIGN_IN=oidc.`,
    }),
  ),
  {
    kind: 'problem',
    isBroken: ({ isGiven, value }) => value.cmsSignIn === 'oidc' && !isGiven('OIDC_CLIENT_SECRET'),
    says: 'OIDC_CLIENT_SECRET: missing; it is needed with CMS_SIGN_IN=oidc (or OIDC_CLIENT_SECRET_FILE).',
  },
  {
    kind: 'problem',
    isBroken: ({ isGiven, value }) =>
      value.cmsSignIn === 'oidc' && !isGiven('PUBLIC_URL') && publicUrlOf(value) === undefined,
    says: 'PUBLIC_URL: missing; the identity provider of CMS_SIGN_IN=oidc sends people back to it.',
  },
  {
    kind: 'warning',
    isBroken: ({ isGiven, value }) =>
      signInOf(value) !== 'oidc' &&
      (isGiven('OIDC_ISSUER') ||
        isGiven('OIDC_CLIENT_ID') ||
        isGiven('OIDC_CLIENT_SECRET') ||
        isGiven('CMS_IDENTITIES_FILE')),
    says: 'OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, CMS_IDENTITIES_FILE: have no effect without CMS_SIGN_IN=oidc.',
  },
  {
    kind: 'warning',
    isBroken: ({ value }) => isProduction(value) && value.cmsBaseUrl !== undefined && isPlainRemote(value.cmsBaseUrl),
    says: 'CMS_BASE_URL: http:// sends credentials and content unencrypted; use https:// in production.',
  },
  {
    kind: 'warning',
    isBroken: ({ isGiven, value }) => isProduction(value) && !isGiven('CMS_BASE_URL'),
    says: 'CMS_BASE_URL: not given, so this production server works in the sandbox CMS.',
  },
  {
    kind: 'warning',
    isBroken: ({ isGiven }) =>
      !isGiven('CMS_BASE_URL') && (isGiven('OAUTH_CLIENT_ID') || isGiven('OAUTH_CLIENT_SECRET')),
    says: 'OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET: have no effect without CMS_BASE_URL.',
  },
  {
    kind: 'problem',
    isBroken: (input) => isKeyMissing(input) && signInOf(input.value) !== 'service',
    says: 'TOKEN_ENCRYPTION_KEY: missing; with REDIS_URL every process needs the same one. Made by: openssl rand -base64 32',
  },
  {
    kind: 'warning',
    isBroken: (input) => isKeyMissing(input) && signInOf(input.value) === 'service',
    says: 'TOKEN_ENCRYPTION_KEY: not given, so the key in DATA_DIR seals what is stored; processes with another DATA_DIR cannot start.',
  },
  ...(['BACKUP_S3_BUCKET', 'BACKUP_S3_ACCESS_KEY_ID', 'BACKUP_S3_SECRET_ACCESS_KEY'] as const).flatMap(
    (name): readonly Rule[] => [
      {
        kind: 'problem',
        isBroken: ({ isGiven }) => isGiven('BACKUP_S3_ENDPOINT') && !isGiven(name),
        says: `${name}: missing; it is needed with BACKUP_S3_ENDPOINT.`,
      },
      {
        kind: 'warning',
        isBroken: ({ isGiven }) => !isGiven('BACKUP_S3_ENDPOINT') && isGiven(name),
        says: `${name}: has no effect without BACKUP_S3_ENDPOINT.`,
      },
    ],
  ),
  {
    kind: 'warning',
    isBroken: ({ isGiven, value }) => value.workerInline === false && !isGiven('REDIS_URL'),
    says: 'WORKER_INLINE: without REDIS_URL and with no worker inside, jobs wait until a worker runs on the same DATA_DIR.',
  },
  {
    kind: 'warning',
    isBroken: ({ value }) => isProduction(value) && value.trustProxy === true,
    says: 'TRUST_PROXY: true believes whatever a client says about its address; give the number of proxies instead.',
  },
  {
    kind: 'warning',
    isBroken: ({ value }) =>
      value.oauthClientSecret !== undefined && value.oauthClientSecret.length < SECRET_CHARS_SAFE_MIN,
    says: 'OAUTH_CLIENT_SECRET: very short, so it can be guessed and cannot be told apart from other text in a log.',
  },
];

/** Secrets shorter than this are likely to occur in innocent text by chance. */
const SECRET_CHARS_SAFE_MIN = 8;

/** The address of the server as the settings tell it; our sign-in page is its `/callback`. */
export function publicUrlOf(value: Partial<GivenSettings>): string | undefined {
  if (value.publicUrl !== undefined) return value.publicUrl;
  return /^(https?:\/\/.+)\/callback$/.exec(value.oauthRedirectUri ?? '')?.[1];
}

/** How people sign in: where nothing is said, as users of the sandbox, or with a token of the operator. */
export function signInOf(value: Partial<GivenSettings>): SignInName {
  return value.cmsSignIn ?? (value.cmsBaseUrl === undefined ? 'cms-login' : 'service');
}

/** True for sign-ins that send the browser elsewhere. */
function isRedirect(signIn: SignInName): boolean {
  return signIn === 'cms-oauth' || signIn === 'oidc';
}

function isAllAddresses(host: string | undefined): boolean {
  return host !== undefined && /^(0\.0\.0\.0|[0:]+)$/.test(host);
}

function isSamePort(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && one !== 0 && one === other;
}

function isProduction(value: Partial<GivenSettings>): boolean {
  return value.environment === 'production';
}

/** In production several processes, which need not share a folder, share what is sealed. */
function isKeyMissing({ isGiven, value }: RuleInput): boolean {
  return isProduction(value) && isGiven('REDIS_URL') && !isGiven('TOKEN_ENCRYPTION_KEY');
}

function isPlainRemote(address: string): boolean {
  const url = new URL(address);
  return url.protocol === 'http:' && !isLoopback(url.hostname);
}
