import type { ClientView, View } from '../../src/adapters/inbound/http/oauth/pages/views.ts';

/** Every page in every state that people can meet, with the facts of a plausible day. */
export const verifiedClient: ClientView = {
  id: 'https://claude.ai/oauth/mcp-client.json',
  name: 'Claude',
  registration: 'metadata-document',
  redirectUri: 'https://claude.ai/api/mcp/auth_callback',
};

export const loopbackClient: ClientView = {
  id: 'dyn_4f1c',
  name: 'Claude Code',
  registration: 'dynamic',
  redirectUri: 'http://127.0.0.1:51234/callback',
};

export const appClient: ClientView = {
  id: 'dyn_77aa',
  name: 'Harbor Editor',
  registration: 'dynamic',
  redirectUri: 'harbor-editor://oauth/callback',
};

const cms = { address: 'cms.example.edu/cxp4', isSandbox: false };
const form = { action: '/oauth/interaction/sample', hidden: { csrf: 'sample-token' } };
const login = [
  { name: 'username', label: 'User name', kind: 'text', autocomplete: 'username' },
  { name: 'password', label: 'Password', kind: 'password', autocomplete: 'current-password' },
  {
    name: 'provider',
    label: 'Account directory',
    kind: 'choice',
    options: [
      { value: 'IngeniuxMembershipProvider', label: 'CMS accounts' },
      { value: 'ADMembershipProvider', label: 'Campus directory' },
    ],
  },
] as const;
const token = [
  {
    name: 'token',
    label: 'Access token',
    kind: 'password',
    autocomplete: 'off',
    hint: 'The token that the operator of this server issued for you. It begins with "igx_".',
  },
] as const;
const toolsets = [
  'default',
  'core',
  'authoring',
  'workflow',
  'publishing',
  'jobs',
  'assets',
  'taxonomy',
  'reports',
  'gateway',
];
const offered = toolsets.map((word) => ({ word, isSelected: word === 'default' }));
const grant = {
  client: verifiedClient,
  scopes: ['cms:read', 'cms:write', 'cms:publish'],
  toolsets: ['default'],
  isReadOnly: false,
  createdAtMs: Date.UTC(2026, 9, 3, 8, 15),
  lastUsedAtMs: Date.UTC(2026, 10, 26, 16, 2),
} as const;
const grants = [
  { ...grant, id: 'grant_1' },
  {
    ...grant,
    id: 'grant_2',
    client: loopbackClient,
    scopes: ['cms:read'],
    isReadOnly: true,
    toolsets: ['core', 'reports'],
  },
  { ...grant, id: 'grant_3', client: { ...appClient, registration: 'configured' as const } },
] as const;

export const pageSamples = {
  'sign-in': { page: 'sign-in', form, cms, client: verifiedClient, driver: 'cms-login', fields: login },
  'sign-in-wrong': {
    page: 'sign-in',
    form,
    cms,
    client: verifiedClient,
    driver: 'cms-login',
    fields: login,
    values: { username: 'ada.lovelace' },
    problem: { reason: 'refused', field: 'password' },
  },
  'sign-in-token': { page: 'sign-in', form, cms, driver: 'service', fields: token },
  'sign-in-limited': {
    page: 'sign-in',
    form,
    cms: { ...cms, isSandbox: true },
    client: loopbackClient,
    driver: 'service',
    fields: token,
    problem: { reason: 'limited', retryAfterSeconds: 300 },
  },
  'sign-in-unavailable': {
    page: 'sign-in',
    form,
    cms,
    driver: 'cms-login',
    fields: login,
    problem: { reason: 'unavailable' },
  },
  'sign-in-redirect': {
    page: 'sign-in-redirect',
    form,
    cms,
    client: verifiedClient,
    driver: 'cms-oauth',
    host: 'cms.example.edu',
  },
  'sign-in-sso': {
    page: 'sign-in-redirect',
    form,
    cms,
    client: verifiedClient,
    driver: 'oidc',
    host: 'login.example.edu',
  },
  consent: {
    page: 'consent',
    form,
    cms,
    client: verifiedClient,
    person: { displayName: 'Ada Lovelace' },
    scopes: ['cms:read', 'cms:write', 'cms:publish'],
    toolsets: offered,
    isReadOnly: false,
    grantsUrl: '/oauth/grants',
  },
  'consent-suspicious': {
    page: 'consent',
    form,
    cms: { address: '127.0.0.1:3001/cxp4', isSandbox: true },
    client: loopbackClient,
    person: { displayName: 'Ada Lovelace' },
    scopes: ['cms:read', 'cms:write', 'cms:publish', 'cms:admin'],
    toolsets: offered.map((one) => ({ ...one, isSelected: false })),
    isReadOnly: true,
    isMissingToolsets: true,
    grantsUrl: '/oauth/grants',
  },
  'consent-unknown': {
    page: 'consent',
    form,
    cms,
    client: loopbackClient,
    person: { displayName: 'Ada Lovelace' },
    scopes: ['cms:read', 'cms:write'],
    toolsets: offered,
    isReadOnly: false,
    grantsUrl: '/oauth/grants',
  },
  'consent-app': {
    page: 'consent',
    form,
    cms,
    client: appClient,
    person: { displayName: 'Ada Lovelace' },
    scopes: ['cms:read'],
    toolsets: offered,
    isReadOnly: false,
    grantsUrl: '/oauth/grants',
  },
  'device-code': { page: 'device-code', form },
  'device-code-wrong': { page: 'device-code', form, userCode: 'WDJB-MJHT', problem: 'unknown' },
  'device-confirm': {
    page: 'device-confirm',
    form,
    client: { id: 'dyn_9', name: 'Build robot', registration: 'dynamic' },
    userCode: 'WDJB-MJHT',
    address: '192.0.2.17',
  },
  'device-done': { page: 'device-done', outcome: 'allowed', client: loopbackClient },
  'device-denied': { page: 'device-done', outcome: 'denied' },
  grants: {
    page: 'grants',
    person: { displayName: 'Ada Lovelace' },
    cms,
    grants,
    revokePath: '/oauth/grants/revoke',
    signOut: form,
    revoked: 1,
  },
  'grants-none': {
    page: 'grants',
    person: { displayName: 'Ada Lovelace' },
    cms,
    grants: [],
    revokePath: '/oauth/grants/revoke',
    signOut: form,
  },
  revoke: { page: 'revoke', form, grants: [grants[0]], isAll: false, backPath: '/oauth/grants' },
  'revoke-all': { page: 'revoke', form, grants, isAll: true, backPath: '/oauth/grants' },
  'signed-out': { page: 'signed-out', signInPath: '/oauth/grants' },
  'error-redirect': { page: 'error', error: 'redirect-mismatch', requestId: 'req_0123456789' },
  'error-request': {
    page: 'error',
    error: 'bad-request',
    detail: 'PKCE: code_challenge is missing',
    requestId: 'req_0123456789',
  },
  'error-foreign-form': { page: 'error', error: 'foreign-form', requestId: 'req_0123456789' },
  'error-expired': { page: 'error', error: 'expired', requestId: 'req_0123456789' },
  'error-internal': { page: 'error', error: 'internal', requestId: 'req_0123456789' },
} as const satisfies Readonly<Record<string, View>>;
