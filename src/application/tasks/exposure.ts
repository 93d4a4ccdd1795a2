import type { GrantedExposure } from '../../domain/model/principal.ts';
import { type AnyTask, toolsets } from '../define-task.ts';

/**
 * Which part of the catalogue one client is offered. What is not offered is not listed and cannot be called: a list
 * that says less than what may be called would be no promise.
 */
export interface Exposure {
  /** What was asked for, without repetition, in the order of `exposureWords`. */
  readonly words: readonly ExposureWord[];
  /** Only tools that change nothing. */
  readonly readOnly: boolean;
  /** What the person who let the client in has picked: whatever the client asks for stays within it. */
  readonly granted?: { readonly words: readonly ExposureWord[]; readonly readOnly: boolean };
}

/** What a client can ask for: a toolset in full, the default selection, or everything. */
export const exposureWords = ['default', 'all', ...toolsets] as const;
export type ExposureWord = (typeof exposureWords)[number];

/** What a client gets that asks for nothing: every tool but `onDemandTools`. */
export const defaultExposure: Exposure = { words: ['default'], readOnly: false };

/** The default selection without its writes. */
export const readOnlyExposure: Exposure = { words: ['default'], readOnly: true };

/**
 * Tools that are offered only with their toolset: each is rarely needed or stands in for one that is there by default,
 * and every tool of a list costs each conversation its tokens.
 */
export const onDemandTools: ReadonlySet<string> = new Set([
  'check_out_content',
  'discard_checkout',
  'categorize_content',
  'find_and_replace',
  'run_bulk_action',
  'copy_content',
  'manage_redirects',
  'upload_asset',
  'search_taxonomy',
  'edit_taxonomy',
  'run_report',
  'get_analytics',
  'take_snapshot',
  'browse_snapshots',
  'plan_snapshot_restore',
  'get_dita_map',
  'publish_dita_map',
  'get_site_health',
  'find_users',
  'list_audit_events',
  'call_write_operation',
  'call_destructive_operation',
]);

/** Whether a client with this exposure is offered the task. */
export function exposes(exposure: Exposure, task: Pick<AnyTask, 'name' | 'toolset' | 'effect'>): boolean {
  const { words, readOnly, granted } = exposure;
  if ((readOnly || granted?.readOnly === true) && task.effect !== 'read') return false;
  return [words, ...(granted === undefined ? [] : [granted.words])].every((list) =>
    list.some((word) => covers(word, task)),
  );
}

/**
 * What a client is offered that asks for something within a grant. A client that asks for nothing special gets what the
 * person picked; words of a grant that this version does not know offer nothing.
 */
export function withinGrant(asked: Exposure, grant: GrantedExposure | undefined): Exposure {
  if (grant === undefined) return asked;
  const picked = grant.toolsets.length === 0 ? defaultExposure.words : grant.toolsets.filter(isExposureWord);
  const asksForDefault = asked.words.length === 1 && asked.words[0] === 'default';
  return {
    words: asksForDefault ? picked : asked.words,
    readOnly: asked.readOnly,
    granted: { words: picked, readOnly: grant.readOnly },
  };
}

function covers(word: ExposureWord, task: Pick<AnyTask, 'name' | 'toolset'>): boolean {
  switch (word) {
    case 'all':
      return true;
    case 'default':
      return !onDemandTools.has(task.name);
    default:
      return task.toolset === word;
  }
}

/** The exposure that a list such as `default,assets` asks for, or the words of it that mean nothing. */
export function parseExposure(
  list: string,
): { readonly exposure: Exposure } | { readonly unknown: readonly [string, ...string[]] } {
  const given = list.split(',').map((word) => word.trim().toLowerCase());
  const [unknown, ...others] = given.filter((word) => !isExposureWord(word));
  if (unknown !== undefined) return { unknown: [unknown, ...others] };
  return { exposure: { words: exposureWords.filter((word) => given.includes(word)), readOnly: false } };
}

function isExposureWord(word: string): word is ExposureWord {
  // The cast only widens the list's type, so that any text can be looked up in it.
  return (exposureWords as readonly string[]).includes(word);
}
