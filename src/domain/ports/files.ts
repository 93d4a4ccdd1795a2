/**
 * Files from addresses that the operator has allowed.
 *
 * Laws:
 * - Only an allowed origin is asked; redirects are followed a few times, each to an allowed origin.
 * - The name is resolved once and the connection goes to that very address; an address that is not public (loopback,
 *   private, link-local, metadata, multicast, IPv4 in IPv6, reserved) is refused in every spelling.
 * - At most `uploadBytesMax` bytes, within the driver's time; nothing of the caller's (token, cookies) is sent.
 *
 * @throws DomainError BAD_INPUT (address), FORBIDDEN (not allowed), NOT_FOUND, TOO_LARGE, CONFLICT (no usable answer), CANCELLED.
 */
export interface UrlFetcher {
  fetch(url: string, signal: AbortSignal): Promise<Uint8Array>;
}

/**
 * Small documents that strangers name, such as what a client tells about itself.
 *
 * Laws:
 * - Only https, only public addresses (as with `UrlFetcher`), no redirects, at most `documentBytesMax` bytes.
 *
 * @throws DomainError BAD_INPUT, FORBIDDEN, NOT_FOUND, TOO_LARGE, CONFLICT (no usable answer), CANCELLED.
 */
export interface WebDocuments {
  get(url: string, signal: AbortSignal): Promise<WebDocument>;
}

export interface WebDocument {
  readonly bytes: Uint8Array;
  /** The header of that name, which tells how long the document may be kept. */
  readonly cacheControl?: string;
}

/** Documents about clients are a few hundred bytes. */
export const documentBytesMax = 5 * 1024;

/** Where people and programs bring files for which they hold a ticket. */
export interface UploadDoor {
  /** The one-time address; `undefined` where this process has no door, such as over stdio. */
  addressOf(ticket: string): string | undefined;
}

/** Larger files are refused on every way in: they are held in memory while they travel to the CMS. */
export const uploadBytesMax = 32 * 1024 * 1024;
