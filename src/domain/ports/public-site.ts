import type { PublishingTarget } from '../model/publishing.ts';

/**
 * Published sites as anybody on the internet sees them: what the CMS says it has published, seen from outside.
 *
 * Laws:
 * - Only addresses below a site that the operator has named for a target are asked, each by one GET that carries nothing
 *   of the caller's: no token, no cookie. `addressOf` makes such addresses.
 * - Redirects are followed up to `redirectsMax` times. The host that the operator named is asked wherever it stands; any
 *   other host that it leads to only where its address is public (as with `UrlFetcher`).
 * - Whatever the site does is an answer, a dead one too: `look` throws only what the signal was aborted with.
 * - An answer comes within `lookMsMax`, and of a body at most `publicBytesMax` are read.
 */
export interface PublicSite {
  /** Where visitors find a path of a target; `undefined` where the operator has named no site for it. */
  addressOf(target: Pick<PublishingTarget, 'id' | 'name'>, path: string): string | undefined;
  look(address: string, signal: AbortSignal): Promise<PublicSight>;
}

/** What came of one look. */
export type PublicSight =
  | {
      readonly reached: true;
      /** Where the redirects ended. */
      readonly address: string;
      readonly status: number;
      /** As the site writes it. */
      readonly lastModified?: string;
      readonly etag?: string;
      /** How long caches on the way may keep the answer, in seconds. */
      readonly cacheSeconds?: number;
      /** SHA-256 of the body, as hex; of its beginning where it is longer than is read. */
      readonly sha256: string;
      /** The body as text; empty where it is none. */
      readonly text: string;
    }
  | { readonly reached: false; readonly why: UnreachedReason };

export type UnreachedReason =
  | 'timed_out'
  | 'unknown_host'
  | 'no_connection'
  /** Neither below a named site nor public, or no web address at all. */
  | 'foreign_address'
  | 'too_many_redirects';

/** The longest that one look takes, redirects included, in milliseconds: a visitor would not wait longer. */
export const lookMsMax = 5_000;

/** More than any page of text. */
export const publicBytesMax = 1024 * 1024;

export const redirectsMax = 3;
