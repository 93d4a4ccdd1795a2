import { expect } from 'vitest';
import { runCommand, type Settings } from '../../support/server-process.ts';

/**
 * What is tried against an authorization server and its resource, by the numbers of the list that this server is held to,
 * each with the test that shows the refusal.
 */
export interface Attack {
  readonly what: string;
  /** The file below test/ and a part of a test's name in it, which carries the number. */
  readonly file: string;
  readonly test: string;
  /** What the audit log tells of the refusal: action and reason. Or why there is nothing to tell. */
  readonly audit: readonly (readonly [action: string, reason: string])[] | string;
}

const endpoints = 'e2e/oauth/endpoints.test.ts';
const authorization = 'e2e/oauth/authorization-attacks.test.ts';
const callback = 'e2e/oauth/callback-attacks.test.ts';
const token = 'e2e/oauth/token-attacks.test.ts';
const resource = 'e2e/oauth/resource-attacks.test.ts';
const documents = 'e2e/oauth/document-attacks.test.ts';
const restore = 'e2e/oauth/restore-attacks.test.ts';
const processes = 'e2e/oauth/two-processes.test.ts';
const bounds = 'e2e/oauth/consent-bounds.test.ts';

const consent = (...reasons: readonly string[]) => reasons.map((reason) => ['consent', reason] as const);
const refusedToken = (...reasons: readonly string[]) => reasons.map((reason) => ['token_refused', reason] as const);
const refusedAccess = (...reasons: readonly string[]) => reasons.map((reason) => ['access_refused', reason] as const);
const refusedClient = (...reasons: readonly string[]) =>
  reasons.map((reason) => ['client_registered', reason] as const);
const refusedSignIn = (...reasons: readonly string[]) => reasons.map((reason) => ['sign_in', reason] as const);

export const attacks: Readonly<Record<number, Attack>> = {
  // The authorization endpoint
  1: {
    what: 'an unknown client',
    file: endpoints,
    test: 'sends nobody to an unknown client (1)',
    audit: consent('invalid_client'),
  },
  2: {
    what: 'an address that is not registered',
    file: endpoints,
    test: 'sends nobody to an address that is not the client’s (2, 3)',
    audit: consent('invalid_redirect_uri'),
  },
  3: {
    what: 'an address that only looks registered',
    file: authorization,
    test: 'an address that only looks like the registered one (3)',
    audit: consent('invalid_redirect_uri'),
  },
  4: {
    what: 'addresses that run something',
    file: endpoints,
    test: 'a script (4, 68)',
    audit: refusedClient('invalid_redirect_uri'),
  },
  5: {
    what: 'plain http elsewhere',
    file: endpoints,
    test: 'plain http elsewhere (5)',
    audit: refusedClient('invalid_redirect_uri'),
  },
  6: {
    what: 'a name like localhost',
    file: endpoints,
    test: 'a name like localhost (6)',
    audit: refusedClient('invalid_redirect_uri'),
  },
  7: {
    what: 'another port of localhost',
    file: endpoints,
    test: 'lets a client of localhost take another port only where it left the port open (7)',
    audit: consent('invalid_redirect_uri'),
  },
  8: { what: 'no PKCE', file: endpoints, test: 'without PKCE (8)', audit: consent('invalid_request') },
  9: { what: 'plain PKCE', file: endpoints, test: 'with plain PKCE (9)', audit: consent('invalid_request') },
  10: {
    what: 'PKCE without its method',
    file: endpoints,
    test: 'without a method of PKCE (10)',
    audit: consent('invalid_request'),
  },
  11: {
    what: 'another method of PKCE',
    file: endpoints,
    test: 'with another method of PKCE (11)',
    audit: consent('invalid_request'),
  },
  12: {
    what: 'a challenge of another length',
    file: endpoints,
    test: 'with a challenge of another length (12)',
    audit: consent('invalid_request'),
  },
  13: {
    what: 'tokens from the authorization endpoint',
    file: endpoints,
    test: 'for an ID token (13)',
    audit: consent('unsupported_response_type'),
  },
  14: {
    what: 'parameters that come twice',
    file: authorization,
    test: 'parameters that come twice (14)',
    audit: consent('invalid_request'),
  },
  15: {
    what: 'parameters of query and body mixed',
    file: authorization,
    test: 'parameters of the query and of the body mixed (15)',
    audit: 'there is nothing at this endpoint that reads bodies',
  },
  16: {
    what: 'another resource, or ours with a fragment',
    file: endpoints,
    test: 'for our resource with a fragment (16)',
    audit: consent('invalid_target'),
  },
  17: {
    what: 'an unknown scope, or more than the person has',
    file: endpoints,
    test: 'for an unknown scope (17)',
    audit: consent('invalid_scope'),
  },
  18: {
    what: 'a state that is huge or breaks lines',
    file: authorization,
    test: 'a state that is huge or breaks lines (18)',
    audit: 'the state comes back as it was, encoded: nothing is refused',
  },
  19: {
    what: 'names of clients that would run a script',
    file: 'e2e/browser/flow.test.ts',
    test: '19: meets programs with hostile names as text',
    audit: 'a name is no offence: it is shown as text',
  },
  20: {
    what: 'to be let in without asking a person',
    file: endpoints,
    test: 'without a person (20)',
    audit: consent('login_required'),
  },
  21: {
    what: 'request objects',
    file: endpoints,
    test: 'by reference (21)',
    audit: consent('request_not_supported', 'request_uri_not_supported'),
  },
  22: {
    what: 'clickjacking',
    file: 'e2e/browser/leading-on.test.ts',
    test: '22: is not shown in a frame',
    audit: 'the browser refuses to show it: no request comes',
  },
  23: {
    what: 'a decision without the token of its form',
    file: endpoints,
    test: 'takes no form without its token, or with one of another page (23)',
    audit: refusedAccess('foreign_form'),
  },
  24: {
    what: 'a decision that is sent again',
    file: endpoints,
    test: 'takes one decision, however often it is sent (24)',
    audit: refusedAccess('no_interaction'),
  },

  // Confused deputy and login CSRF
  25: {
    what: 'a second client of a person who is signed in',
    file: authorization,
    test: 'a second client of somebody who has signed in (25)',
    audit: 'the person is asked: nothing is refused',
  },
  26: {
    what: 'a sign-in at the CMS that another browser began',
    file: callback,
    test: 'a sign-in that another browser began (26)',
    audit: refusedSignIn('callback_foreign'),
  },
  27: { what: 'a stolen state', file: callback, test: 'a stolen state (27)', audit: refusedSignIn('callback_foreign') },
  28: {
    what: 'a state after its time',
    file: callback,
    test: 'a state after its time (28)',
    audit: refusedSignIn('callback_foreign'),
  },
  29: {
    what: 'a state that was used',
    file: callback,
    test: 'a state that was used (29)',
    audit: refusedSignIn('callback_foreign'),
  },
  30: {
    what: 'a return that nothing waits for',
    file: callback,
    test: 'a return that nothing waits for (30)',
    audit: refusedSignIn('callback_foreign', 'callback_no_state'),
  },
  31: {
    what: 'a return with the cookie of somebody else',
    file: callback,
    test: 'a return in the browser of somebody else who signs in as well (31)',
    audit: refusedSignIn('callback_foreign'),
  },
  32: {
    what: 'a state before the person said yes',
    file: callback,
    test: 'a state before the person said yes (32)',
    audit: 'nothing is sent that could be refused',
  },
  33: {
    what: 'a code of another sign-in',
    file: callback,
    test: 'a code of another sign-in (33)',
    audit: refusedSignIn('refused'),
  },
  34: {
    what: 'an answer of another issuer',
    file: callback,
    test: 'an answer of another issuer (34)',
    audit: refusedSignIn('refused'),
  },
  35: {
    what: 'tokens of another user at a renewal',
    file: callback,
    test: 'tokens of another user at a renewal (35)',
    audit: [['grant_revoked', 'subject_changed']],
  },
  36: {
    what: 'markup in an error of the CMS',
    file: callback,
    test: 'markup in an error that comes back (36)',
    audit: refusedSignIn('refused', 'callback_foreign'),
  },

  // The token endpoint
  37: {
    what: 'a code once more',
    file: endpoints,
    test: 'a failure does not use it up, a second use ends everything (37 to 40)',
    audit: refusedToken('code_reuse'),
  },
  38: {
    what: 'a code by another client',
    file: endpoints,
    test: 'a failure does not use it up, a second use ends everything (37 to 40)',
    audit: refusedToken('invalid_grant'),
  },
  39: {
    what: 'a code for another address',
    file: endpoints,
    test: 'a failure does not use it up, a second use ends everything (37 to 40)',
    audit: refusedToken('invalid_grant'),
  },
  40: {
    what: 'a code with a wrong verifier, as often as one likes',
    file: token,
    test: 'a code whose verifier was guessed too often (40)',
    audit: refusedToken('invalid_grant'),
  },
  41: {
    what: 'a code after its time',
    file: token,
    test: 'a code after its time (41)',
    audit: refusedToken('invalid_grant'),
  },
  42: {
    what: 'one code in two processes at once',
    file: processes,
    test: 'redeem one code once',
    audit: refusedToken('code_reuse'),
  },
  43: {
    what: 'another resource at the token endpoint',
    file: token,
    test: 'another resource than the code is for (43)',
    audit: refusedToken('invalid_target'),
  },
  44: {
    what: 'more scopes at a renewal',
    file: endpoints,
    test: 'widens nothing at a refresh, and gives a refresh token to its own client only (44, 45)',
    audit: refusedToken('invalid_scope'),
  },
  45: {
    what: 'a refresh token of another client',
    file: endpoints,
    test: 'widens nothing at a refresh, and gives a refresh token to its own client only (44, 45)',
    audit: refusedToken('invalid_grant'),
  },
  46: {
    what: 'a refresh token once more',
    file: token,
    test: 'a refresh token that was used (46)',
    audit: [['refresh_reuse', 'invalid_grant']],
  },
  47: {
    what: 'one refresh token in two processes at once',
    file: processes,
    test: 'renew with one refresh token once (47)',
    audit: [['refresh_reuse', 'invalid_grant']],
  },
  48: {
    what: 'a refresh token of a grant that has ended',
    file: endpoints,
    test: 'ends the grant of a %s at once (48)',
    audit: refusedToken('invalid_grant'),
  },
  49: {
    what: 'another way to authenticate than the client’s',
    file: token,
    test: 'another way to authenticate than the client’s own (49)',
    audit: refusedToken('invalid_client'),
  },
  50: {
    what: 'secrets in the query',
    file: token,
    test: 'what stands in the query (50)',
    audit: refusedToken('invalid_request'),
  },
  51: {
    what: 'passwords and clients alone',
    file: endpoints,
    test: 'the password grant (51)',
    audit: refusedToken('unsupported_grant_type'),
  },
  52: {
    what: 'GET',
    file: endpoints,
    test: 'is not for GET, and keeps nothing in caches (52, 53)',
    audit: refusedAccess('method'),
  },
  53: {
    what: 'answers in caches',
    file: endpoints,
    test: 'is not for GET, and keeps nothing in caches (52, 53)',
    audit: 'a header of the answer: nothing is refused',
  },
  54: {
    what: 'errors that say the wrong thing',
    file: token,
    test: 'each with its own error and status (54)',
    audit: refusedToken('invalid_request', 'invalid_client', 'invalid_grant', 'unsupported_grant_type'),
  },
  55: {
    what: 'guessing',
    file: token,
    test: 'guesses of a verifier or of a token, after the first ones (55)',
    audit: refusedAccess('rate_limited'),
  },
  56: {
    what: 'telling from the time how near a guess is',
    file: token,
    test: 'takes as long to refuse a token that is nearly right (56)',
    audit: refusedToken('invalid_grant'),
  },

  // The resource
  57: {
    what: 'a token for another resource',
    file: resource,
    test: 'a token for another resource (57)',
    audit: refusedAccess('foreign_audience'),
  },
  58: {
    what: 'a token of the CMS',
    file: bounds,
    test: 'takes no token that is not its own, or that comes another way (58 to 60)',
    audit: refusedAccess('malformed'),
  },
  59: {
    what: 'forged JWTs',
    file: resource,
    test: 'a JWT, however it is forged (59)',
    audit: refusedAccess('malformed'),
  },
  60: {
    what: 'a token in query or body',
    file: bounds,
    test: 'takes no token that is not its own, or that comes another way (58 to 60)',
    audit: refusedAccess('no_token'),
  },
  61: {
    what: 'a refresh token as an access token',
    file: resource,
    test: 'a refresh token or a code in place of an access token (61)',
    audit: refusedAccess('malformed'),
  },
  62: {
    what: 'a revoked token at the other process',
    file: processes,
    test: 'refuse a revoked grant at once, in both (62)',
    audit: refusedAccess('unknown'),
  },
  63: {
    what: 'a call beyond the scopes',
    file: resource,
    test: 'a call beyond the scopes, of each tool (63)',
    audit: refusedAccess('insufficient_scope'),
  },
  64: {
    what: 'somebody else’s handle',
    file: 'e2e/ownership.test.ts',
    test: 'is its own user’s, and to everybody else one that nobody has (64)',
    audit: 'a foreign handle is answered like one that never was: as the call of a tool that failed',
  },
  65: {
    what: 'foreign hosts and pages',
    file: resource,
    test: 'a foreign host or page (65)',
    audit: refusedAccess('foreign_host', 'foreign_origin'),
  },
  66: {
    what: 'headers that say something else than the body',
    file: 'integration/mcp/bad-input.test.ts',
    test: 'refuses what disagrees with its headers, in the newest revision (66)',
    audit: 'a malformed request of somebody who was let in: it is answered by the protocol',
  },
  67: {
    what: 'a CMS user who was disabled or deleted',
    file: callback,
    test: 'a user who was %s in the CMS (67)',
    audit: [['grant_revoked', 'upstream_rejected']],
  },

  // Registrations and documents of clients
  68: {
    what: 'registrations without bounds',
    file: token,
    test: 'a flood of registrations, each of which ends by itself (68)',
    audit: refusedAccess('rate_limited'),
  },
  69: {
    what: 'a client that calls itself Claude',
    file: authorization,
    test: 'a client that calls itself like a known one (69)',
    audit: 'the person is warned: nothing is refused',
  },
  70: {
    what: 'documents at addresses inside',
    file: documents,
    test: 'a document at an address that is not public (70)',
    audit: consent('invalid_client'),
  },
  71: {
    what: 'a document of another client',
    file: documents,
    test: 'another id (71)',
    audit: consent('invalid_client_metadata'),
  },
  72: { what: 'a document that leads on', file: documents, test: 'a redirect (72)', audit: consent('invalid_client') },
  73: {
    what: 'a document that is too long, too slow, packed, broken, or holds a secret',
    file: documents,
    test: 'a great deal of text (73)',
    audit: consent('invalid_client'),
  },
  74: {
    what: 'a document that changes after the person said yes',
    file: documents,
    test: 'asks again when the document has other addresses than the person agreed to (74)',
    audit: 'the person is asked again: nothing is refused',
  },
  75: {
    what: 'an error that is kept in place of the document',
    file: documents,
    test: 'keeps no error in place of a document (75)',
    audit: consent('invalid_client'),
  },
  76: {
    what: 'many who ask for one document at once',
    file: documents,
    test: 'fetches a document once for all who ask at the same time (76)',
    audit: 'nothing is refused',
  },

  // Metadata
  77: {
    what: 'an issuer that is not the URL',
    file: bounds,
    test: 'names itself as configured, whatever the forwarding headers claim (77, 79, 81)',
    audit: 'nothing is refused',
  },
  78: {
    what: 'metadata that are not found',
    file: endpoints,
    test: 'are at %s, for pages of any allowed origin (78)',
    audit: 'nothing is refused',
  },
  79: {
    what: 'forged forwarding headers',
    file: bounds,
    test: 'names itself as configured, whatever the forwarding headers claim (77, 79, 81)',
    audit: 'the headers are not looked at: nothing is refused',
  },
  80: {
    what: 'pages that read what is not for them',
    file: 'integration/http/host-and-origin.test.ts',
    test: 'lets no page read %s, not even one of its own (80)',
    audit: 'the browser keeps the answer from the page',
  },
  81: {
    what: 'pages that read with the cookies of their visitor',
    file: bounds,
    test: 'names itself as configured, whatever the forwarding headers claim (77, 79, 81)',
    audit: 'the browser keeps the answer from the page',
  },

  // Storage and operation
  82: {
    what: 'secrets in files and in Redis',
    file: 'e2e/secrets.test.ts',
    test: 'are in no key and no value of Redis (82)',
    audit: 'nothing is refused: there is nothing to be read',
  },
  83: {
    what: 'a grant that an old backup brings back',
    file: restore,
    test: 'a grant that was revoked after the backup (83)',
    audit: refusedAccess('unknown'),
  },
  84: {
    what: 'a rotation of keys in the middle of a flow',
    file: processes,
    test: 'go on while the keys are rotated in the middle of a flow (84)',
    audit: 'nothing is refused',
  },
  85: {
    what: 'clocks that are five minutes wrong',
    file: resource,
    test: 'a server whose clock is %s (85)',
    audit: refusedToken('invalid_grant'),
  },
};

/** Holds the audit log of a deployment against what the attacks of a test file must have left there. */
export async function expectAudited(settings: Settings, file: string, except: readonly number[] = []): Promise<void> {
  const { stdout } = await runCommand(['audit', 'list', '--limit', '1000'], settings);
  for (const [number, attack] of Object.entries(attacks)) {
    if (attack.file !== file || typeof attack.audit === 'string' || except.includes(Number(number))) continue;
    for (const [action, reason] of attack.audit) {
      const isTold = stdout
        .split('\n')
        .some((line) => line.includes(`"action":"${action}"`) && line.includes(`"reason":"${reason}"`));
      expect(isTold, `${number}: ${action} ${reason}`).toBe(true);
    }
  }
}
