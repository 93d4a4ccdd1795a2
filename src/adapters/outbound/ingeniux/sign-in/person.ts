import { z } from 'zod';
import { jsonOf } from './token-endpoint.ts';

/** A user of the CMS, as a token of the CMS names them. */
export interface CmsPerson {
  /** The most lasting name that is told: the entity id where there is one, else the login name. */
  readonly id: string;
  /** What they sign in with, or the id. */
  readonly login: string;
}

/**
 * Whom an access token of the CMS speaks of; `undefined` when it is none that can be read (contract section 9: it is a
 * JWT). Its signature is the CMS's business: the token came from the CMS itself. Pure.
 */
export function personOf(accessToken: string): CmsPerson | undefined {
  const [, payload, signature, ...more] = accessToken.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  const claims = claimTexts.safeParse(jsonOf(Buffer.from(payload, 'base64url').toString('utf8')));
  if (!claims.success) return undefined;
  const first = (names: readonly string[]) =>
    names.map((name) => claims.data[name]).find((value): value is string => typeof value === 'string' && value !== '');
  const id = first(idClaims);
  return id === undefined ? undefined : { id, login: first(loginClaims) ?? id };
}

const claimTexts = z.record(z.string(), z.unknown());

const nameIdentifier = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';
const name = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name';
/** Short and long names of the same claims, as .NET writes them; the most lasting first. */
const idClaims: readonly string[] = ['sub', 'nameid', nameIdentifier, 'unique_name', name];
const loginClaims: readonly string[] = ['unique_name', name, 'name'];

/** How a user of the CMS is named as the subject of a grant. */
export const subjectOf = (person: CmsPerson): string => `cms:${person.id}`;
