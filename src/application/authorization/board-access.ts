import type { ExpiringRecords } from '../../domain/ports/expiring-records.ts';
import type { Digest, IdSource } from '../../domain/ports/system.ts';

export interface BoardPorts {
  readonly records: Pick<ExpiringRecords, 'create' | 'get' | 'take'>;
  readonly ids: IdSource;
  readonly digest: Digest;
}

/** Long enough to paste a link; short enough that one in a terminal's history opens nothing. */
const ticketSeconds = 300;

/** How long a browser may look at the board before it needs a new link. */
const sessionSeconds = 3_600;

/** What opens the board once: for the link that the command line prints. Only its hash is kept. */
export async function issueBoardTicket({ records, ids, digest }: BoardPorts): Promise<string> {
  const ticket = ids.secret('ticket');
  await records.create(ticketKey(digest.sha256(ticket)), true, ticketSeconds);
  return ticket;
}

/** Takes a ticket and answers the secret of a session; `undefined` for one that is unknown, used or too old. */
export async function enterBoard(
  ticket: string,
  { records, ids, digest }: BoardPorts,
): Promise<{ readonly secret: string; readonly seconds: number } | undefined> {
  if ((await records.take(ticketKey(digest.sha256(ticket)))) === undefined) return undefined;
  const secret = ids.secret('board');
  await records.create(sessionKey(digest.sha256(secret)), true, sessionSeconds);
  return { secret, seconds: sessionSeconds };
}

export async function isBoardSession(secret: string, { records, digest }: BoardPorts): Promise<boolean> {
  return (await records.get(sessionKey(digest.sha256(secret)))) !== undefined;
}

const ticketKey = (hash: string): string => `board-ticket:${hash}`;
const sessionKey = (hash: string): string => `board-session:${hash}`;
