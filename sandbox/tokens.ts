import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { SandboxState, SandboxUser } from './model.ts';

/** `IgxToken` of the contract. */
export type TokenAnswer = { access_token: string; token_type: 'bearer'; expires_in: number; refresh_token: string };

export type Tokens = {
  /** A new pair for a user. */
  issue(user: SandboxUser, clientId: string | null): Promise<TokenAnswer>;
  /** The user of a valid access token, else null. */
  verify(accessToken: string): Promise<SandboxUser | null>;
  /** Uses up a refresh token. @returns null for one that is unknown, used, or of another client. */
  redeem(refreshToken: string, clientId: string | null): SandboxUser | null;
  /** An authorization code: five minutes, one use. */
  createCode(code: Omit<AuthorizationCode, 'expiresAtMs'>): string;
  takeCode(code: string): AuthorizationCode | null;
  /** Every access token issued so far stops working; later ones are not touched. */
  revokeIssued(): void;
  /** Every refresh token issued so far stops working. */
  revokeRefreshTokens(): void;
};

export type AuthorizationCode = {
  clientId: string;
  redirectUri: string;
  userId: string;
  /** Null when the client sent none. */
  codeChallenge: string | null;
  codeChallengeMethod: 'S256' | 'plain';
  expiresAtMs: number;
};

export type TokensOptions = {
  state: SandboxState;
  lifetimeSeconds: () => number;
  form: () => 'jwt' | 'opaque';
  now: () => Date;
  changed: () => void;
};

const CODE_LIFETIME_MS = 5 * 60_000;
const MAX_REFRESH_TOKENS = 10_000;
const ISSUER = 'ingeniux-cms-sandbox';

/** Makes and checks every credential of the sandbox. The signing key and the refresh tokens live in the state. */
export function createTokens({ state, lifetimeSeconds, form, now, changed }: TokensOptions): Tokens {
  if (state.oauth.signingKey === '') state.oauth.signingKey = randomBytes(32).toString('base64url');
  const key = Buffer.from(state.oauth.signingKey, 'base64url');
  const codes = new Map<string, AuthorizationCode>();
  // Tells tokens of this run from those of an earlier one, whose numbers started anew.
  const runId = randomUUID();
  let issuedCount = 0;
  let revokedUpTo = 0;

  return {
    async issue(user, clientId) {
      issuedCount += 1;
      const issuedAt = Math.floor(now().getTime() / 1000);
      const jwt = await new SignJWT({ unique_name: user.userId, seq: issuedCount, run: runId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setSubject(user.id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds())
        .sign(key);
      const refreshToken = randomBytes(32).toString('base64url');
      state.oauth.refreshTokens.push({
        token: refreshToken,
        clientId,
        userId: user.id,
        issuedAt: now().toISOString(),
        used: false,
      });
      if (state.oauth.refreshTokens.length > MAX_REFRESH_TOKENS) state.oauth.refreshTokens.shift();
      changed();
      return {
        access_token: form() === 'jwt' ? jwt : Buffer.from(jwt).toString('base64url'),
        token_type: 'bearer',
        expires_in: lifetimeSeconds(),
        refresh_token: refreshToken,
      };
    },

    async verify(accessToken) {
      try {
        // An opaque token is the same in a wrapping without dots.
        const jwt = accessToken.includes('.') ? accessToken : Buffer.from(accessToken, 'base64url').toString();
        const { payload } = await jwtVerify(jwt, key, {
          issuer: ISSUER,
          algorithms: ['HS256'],
          currentDate: now(),
        });
        const isOfThisRun = payload['run'] === runId;
        if (isOfThisRun ? Number(payload['seq']) <= revokedUpTo : revokedUpTo > 0) return null;
        return state.users.find((user) => user.id === payload.sub && !user.disabled) ?? null;
      } catch {
        // jose throws for every kind of invalid token; the caller only needs to know that it is invalid.
        return null;
      }
    },

    redeem(refreshToken, clientId) {
      const stored = state.oauth.refreshTokens.find((candidate) => candidate.token === refreshToken);
      if (!stored || stored.used || stored.clientId !== clientId) return null;
      stored.used = true;
      changed();
      return state.users.find((user) => user.id === stored.userId && !user.disabled) ?? null;
    },

    createCode(code) {
      const text = randomBytes(24).toString('base64url');
      codes.set(text, { ...code, expiresAtMs: now().getTime() + CODE_LIFETIME_MS });
      return text;
    },

    takeCode(text) {
      const code = codes.get(text);
      codes.delete(text);
      return code && code.expiresAtMs > now().getTime() ? code : null;
    },

    revokeIssued() {
      revokedUpTo = issuedCount;
    },

    revokeRefreshTokens() {
      state.oauth.refreshTokens = [];
      changed();
    },
  };
}

/** RFC 7636: does the verifier belong to the challenge? */
export function verifierMatches(code: AuthorizationCode, verifier: string): boolean {
  if (code.codeChallenge === null) return true;
  const derived =
    code.codeChallengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  return derived === code.codeChallenge;
}
