import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { UploadDoor } from '../../domain/ports/files.ts';
import type { Ports } from '../../domain/ports/index.ts';
import { ticketSeconds } from './tickets.ts';

/**
 * Files that were brought to an upload address and could not be stored at once: kept for a while, so that whoever
 * brought one need only say what to do with it. The used address names it: a source like any other, but of its owner's.
 */
const keptUpload = z.object({ ticket: z.string(), base64: z.string() });

/** Most files of editors have less; larger ones would crowd the storage that all processes share. */
export const keptUploadBytesMax = 4 * 1024 * 1024;

/** As many files of one owner are kept at a time at most; a further one takes the place of another. */
const placesPerOwner = 8;

type Needs = Pick<Ports, 'records' | 'digest'>;

/** @returns whether it is kept: what cannot be, is sent again. */
export async function keepUpload(
  secret: string,
  bytes: Uint8Array,
  { subject }: Principal,
  { records, digest }: Needs,
): Promise<boolean> {
  if (bytes.byteLength > keptUploadBytesMax) return false;
  const ticket = digest.sha256(secret);
  const value = { ticket, base64: Buffer.from(bytes).toString('base64') };
  try {
    await records.replace(placeOf(ticket, subject, digest), value, ticketSeconds);
    return true;
  } catch (error) {
    // A storage that is away or full is told by whatever needs it; a defect must not hide behind it.
    if (!(error instanceof DomainError)) throw error;
    return false;
  }
}

/** The secret of an upload address of this server; `undefined` for every other address. */
export function ticketOfAddress(address: string, door: UploadDoor): string | undefined {
  const base = door.addressOf('');
  return base !== undefined && address.startsWith(base) ? address.slice(base.length) : undefined;
}

/** @throws DomainError NOT_FOUND, for other people's files too. */
export async function readKeptUpload(
  secret: string,
  { subject }: Principal,
  { records, digest }: Needs,
): Promise<Uint8Array> {
  const ticket = digest.sha256(secret);
  const kept = keptUpload.safeParse(await records.get(placeOf(ticket, subject, digest)));
  if (kept.success && kept.data.ticket === ticket) return Buffer.from(kept.data.base64, 'base64');
  throw new DomainError(
    'NOT_FOUND',
    `No file of yours is kept under this upload address: files are kept for ${ticketSeconds / 60} minutes, and a few at a time. Leave "source_url" out and send the file again to the address that you get.`,
  );
}

function placeOf(ticket: string, subject: string, digest: Needs['digest']): string {
  return `kept-upload:${digest.sha256(subject)}:${Number.parseInt(ticket.slice(0, 8), 16) % placesPerOwner}`;
}
