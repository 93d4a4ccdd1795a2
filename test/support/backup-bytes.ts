import { Buffer } from 'node:buffer';
import type { BackupStore } from '../../src/domain/ports/backup-store.ts';

/** A file in the place of backups, whole; empty where there is none. */
export async function bytesOf(store: BackupStore, name: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await store.get(name)) ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Bytes as `put` takes them. */
export async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
