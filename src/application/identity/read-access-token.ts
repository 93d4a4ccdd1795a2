import type { Json } from '../../domain/model/job.ts';
import { type GrantedExposure, type Scope, scopes } from '../../domain/model/principal.ts';

/** What the authorization server kept of an access token that it issued. */
export interface IssuedAccessToken {
  readonly subject: string;
  readonly clientId: string;
  readonly grantId: string;
  readonly scopes: readonly Scope[];
  /** The resource that the token is for. */
  readonly audience: string;
  readonly expiresAtMs: number;
  readonly exposure?: GrantedExposure;
}

/** The kind under which the authorization server keeps access tokens. */
export const accessTokenKind = 'AccessToken';

/** Reads the record of an access token; `undefined` for one that is incomplete, which no token of ours is. */
export function readAccessToken(value: Json): IssuedAccessToken | undefined {
  if (!isObject(value)) return undefined;
  const { accountId, clientId, grantId, scope, aud, exp, extra } = value;
  if (typeof accountId !== 'string' || typeof clientId !== 'string' || typeof grantId !== 'string') return undefined;
  if (typeof scope !== 'string' || typeof aud !== 'string' || typeof exp !== 'number') return undefined;
  const granted = scope.split(' ');
  const exposure = isObject(extra) ? readExposure(extra['exposure']) : undefined;
  return {
    subject: accountId,
    clientId,
    grantId,
    scopes: scopes.filter((known) => granted.includes(known)),
    audience: aud,
    expiresAtMs: exp * 1000,
    ...(exposure === undefined ? {} : { exposure }),
  };
}

function readExposure(value: Json | undefined): GrantedExposure | undefined {
  if (!isObject(value)) return undefined;
  const { readOnly, toolsets } = value;
  if (!Array.isArray(toolsets)) return undefined;
  return { readOnly: readOnly === true, toolsets: toolsets.filter((word) => typeof word === 'string') };
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
