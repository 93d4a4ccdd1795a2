import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a file is called while it is written, beside its place. No name of a backup begins with a dot. */
const draftPrefix = '.draft-';

/**
 * Writes a file that appears as a whole and on the disk, or not at all; mode 0600. Until then its place holds what it
 * held before.
 */
export async function writeFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = join(dirname(path), `${draftPrefix}${randomUUID()}`);
  try {
    await writeDurably(draft, bytes);
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    // Of what failed nothing stays; the failure itself is what counts.
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Removes what writers that were killed have left in a folder: drafts that nobody has touched for a day. */
export async function removeStaleDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(draftPrefix));
  for (const name of drafts) {
    const path = join(folder, name);
    // One that is gone by now was no leftover.
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined && Date.now() - facts.mtimeMs > staleMs) await rm(path, { force: true });
  }
}

/** Longer than any backup is written. */
const staleMs = 86_400_000;

export function readFile(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path);
}

/** One that is not there is no error. */
export function removeFile(path: string): Promise<void> {
  return rm(path, { force: true });
}

async function writeDurably(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of bytes) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
