import type { Principal } from '../../../domain/model/principal.ts';
import { itemTag } from '../../../domain/policy/cache-tags.ts';
import type { Freshness, Operation } from './catalogue/operation.ts';

/** How long the answer of a call may be used, in seconds; `undefined` when it must not be kept at all. Pure. */
export function keepingOf(operation: Operation, args: object, cacheTtlSeconds: number): Keeping | undefined {
  const values = new Map<string, unknown>(Object.entries(args));
  switch (freshnessOf(operation, values)) {
    case 'never':
      return undefined;
    case 'configuration':
    case 'version':
      return { freshSeconds: cacheTtlSeconds, staleSeconds: staleSecondsMax };
    case 'state':
      return { freshSeconds: 0, staleSeconds: staleSecondsMax };
    case 'freeze':
      return { freshSeconds: Math.min(freezeSecondsMax, cacheTtlSeconds), staleSeconds: 0 };
  }
}

export interface Keeping {
  readonly freshSeconds: number;
  readonly staleSeconds: number;
}

/** A day: who reads during an outage is told the age, and an older state would mislead more than help. */
const staleSecondsMax = 24 * 3600;

/** Law of the port: a freeze is at most a minute old. */
const freezeSecondsMax = 60;

/** A numbered version never changes; version 0 and the checked-out copy are the state of now. */
function freshnessOf(operation: Operation, values: ReadonlyMap<string, unknown>): Freshness {
  if (operation.freshness !== 'version') return operation.freshness;
  const version = values.get('version');
  return typeof version === 'number' && version > 0 && values.get('checkedOut') !== true ? 'version' : 'state';
}

/** The tags of a kept answer: those of the operation, and one for every item that the arguments name. Pure. */
export function tagsOf(operation: Operation, args: object): readonly string[] {
  const items = Object.entries(args).filter(([name, value]) => operation.parameters[name]?.item && value !== undefined);
  return [...operation.tags, ...items.map(([, value]) => itemTag(String(value)))];
}

/**
 * Names an answer: what one principal may see never answers another, so the subject is part of it even where all
 * subjects share one identity at the CMS; so is that identity, because a store outlives its configuration. So is the
 * grant: a subject of a machine token may be called like a person, and a person who signs in anew may have other rights.
 * Arguments are sorted, so that their order makes no difference. Pure.
 */
export function cacheKey(account: CmsAccount, principal: Principal, operation: Operation, args: object): string {
  const sorted = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    'cms',
    account.siteRoot,
    account.clientId,
    principal.grantId ?? '',
    principal.subject,
    operation.id,
    sorted,
  ]);
}

/** Where, and as whom, the CMS is asked. */
export interface CmsAccount {
  readonly siteRoot: string;
  readonly clientId: string;
}
