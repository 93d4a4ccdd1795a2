import { may, operationsOf, preset } from './operation.ts';

/** Operations of the API tag `Accounts`. */
export const accountsOperations = operationsOf('Accounts', {
  Accounts_Login: {
    method: 'POST',
    path: '/accounts/login',
    body: 'AuthenticateRequest',
    answer: 'AuthenticateResponse',
    effect: 'write',
    idempotent: false,
    sensitive: true,
    summary: 'Sign in with user name and password to get a token',
    synonyms: ['log on', 'authenticate', 'open session', 'credentials', 'access'],
    quirks: [
      'Request and answer carry credentials; keep them out of logs and chats.',
      'Meant for people; programs use an OAuth identity.',
    ],
  },
  Accounts_GetMembershipProviders: {
    method: 'GET',
    path: '/accounts/membership-providers',
    answer: 'MembershipProvidersList',
    effect: 'read',
    idempotent: true,
    summary: 'List directories a person can sign in with, marking SAML ones',
    synonyms: ['active directory', 'ldap', 'sso', 'single sign-on', 'login methods'],
  },
  Accounts_GetUserGroupSecurities: {
    method: 'GET',
    path: '/accounts/security-groups',
    parameters: { startIndex: preset(may.number, 0), pageSize: preset(may.number, 50) },
    answer: 'PaginatedModelOfBaseModel',
    effect: 'read',
    idempotent: true,
    summary: 'List user groups that act as security groups',
    synonyms: ['roles', 'permissions', 'teams', 'who has rights'],
    quirks: ['Answers ids and names only, without members.'],
    tool: 'find_users',
  },
  Accounts_ResetPassword: {
    method: 'POST',
    path: '/accounts/users/reset-passwords',
    body: 'string[]',
    answer: 'ResetPasswordResult[]',
    effect: 'admin',
    idempotent: false,
    slow: true,
    sensitive: true,
    adminOnly: true,
    summary: 'Give one or several users a new password',
    synonyms: ['forgotten', 'locked out', 'cannot log in', 'change credentials', 'new pin'],
    quirks: [
      'Answers the new password in clear text; never show it.',
      'The body is a bare JSON array.',
      'Repeating it changes it again.',
    ],
  },
});
