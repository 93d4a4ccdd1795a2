import type { VersionInfo } from '../model/content-item.ts';
import type { PublishLog, PublishLogEntry } from '../model/publishing.ts';
import { cmsTimeMs } from './cms-time.ts';

/** What is known about one item on one target. */
export interface LiveFacts {
  readonly itemId: string;
  readonly targetId: string;
  /** The CMS says that something of the item is on the target. */
  readonly published: boolean;
  /** Newest first. */
  readonly versions: readonly VersionInfo[];
  /** Finished publishes of the target with their entries, newest first. */
  readonly logs: readonly PublishLog[];
}

export interface LiveVersion {
  /** The version that the next publish takes. */
  readonly marked?: VersionInfo;
  /** The live version, where it can be told. */
  readonly live?: number;
  /** Where it cannot be told: the version that is live unless an even older one was marked at the time. */
  readonly likely?: number;
  /** How it was told, or why not. */
  readonly note?: string;
  /** The publish that put it there, where a recent log shows it. */
  readonly log?: PublishLog;
}

/**
 * Which version is live, as far as it can be told, and how it was told. The CMS says only that an item is on a target,
 * never in which version. The log of a publish may name the version. Where it does not, the marked version counts as
 * live when it was made before the last publish that succeeded for the item: a publish takes the marked version.
 */
export function liveVersion(facts: LiveFacts): LiveVersion {
  const marked = facts.versions.find((info) => info.targets.some(({ id }) => id === facts.targetId));
  return { ...(marked === undefined ? {} : { marked }), ...(facts.published ? tell(facts, marked) : {}) };
}

function tell(facts: LiveFacts, marked: VersionInfo | undefined): LiveVersion {
  const hasSucceeded = ({ entries }: PublishLog): boolean =>
    entries.some(({ itemId, success }) => itemId === facts.itemId && success);
  const log = facts.logs.find(hasSucceeded);
  const entry = log?.entries.find(({ itemId, success }) => itemId === facts.itemId && success);
  if (log === undefined || entry === undefined) {
    return { note: 'The CMS does not tell which version is live, and no recent publish log shows it.' };
  }
  return { ...tellFrom(facts, marked, log, entry), log };
}

function tellFrom(
  facts: LiveFacts,
  marked: VersionInfo | undefined,
  log: PublishLog,
  entry: PublishLogEntry,
): LiveVersion {
  const named = /\bversion (\d+)\b/i.exec(entry.message)?.[1];
  if (named !== undefined) return { live: Number(named), note: `The publish log ${log.id} names the live version.` };
  const startedMs = cmsTimeMs(log.startedAt ?? log.submittedAt);
  const madeMs = cmsTimeMs(marked?.date);
  if (marked === undefined || startedMs === undefined || madeMs === undefined) {
    return { note: `The CMS does not tell which version is live; ${log.id} published the item last.` };
  }
  if (madeMs <= startedMs) {
    return {
      live: marked.version,
      note: `Told from times: version ${marked.version} was there when ${log.id} published the item, unless its mark is newer.`,
    };
  }
  const before = facts.versions.find((info) => !info.isCheckedOutCopy && (cmsTimeMs(info.date) ?? madeMs) <= startedMs);
  return {
    ...(before === undefined ? {} : { likely: before.version }),
    note: `Version ${marked.version} is marked but not live: it was made after the last publish of the item (${log.id}).`,
  };
}
