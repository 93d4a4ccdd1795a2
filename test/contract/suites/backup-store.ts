import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { BackupStore } from '../../../src/domain/ports/backup-store.ts';
import { type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/backup-store.ts. */
export interface OpenedBackupStore extends Opened {
  readonly subject: BackupStore;
  /** The same place, as another process sees it. */
  readonly other: BackupStore;
  /** Modes of everything on this machine that the store has written, with those of its folder. */
  readonly modes: () => Promise<readonly number[]>;
  /** Makes the place one that cannot be used. */
  readonly breakPlace: () => Promise<void>;
}

export function backupStoreContract(contract: Contract<OpenedBackupStore>): void {
  describeContract('BackupStore', contract, {
    'bytes come back as they were put, in every process': async ({ subject, other }) => {
      const contents = [Buffer.alloc(0), Buffer.from('a'), randomBytes(300_000)];
      for (const [index, content] of contents.entries()) {
        await subject.put(`file-${index}.igxb`, inPieces(content));
        expect(await read(other, `file-${index}.igxb`)).toEqual(content);
      }
      expect(await subject.get('unknown')).toBeUndefined();
    },

    'until a file is whole its name holds what it held, also when it fails': async ({ subject, other }) => {
      await subject.put('one', inPieces(Buffer.from('before')));
      const half = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from('half');
        expect(String(await read(other, 'one'))).toBe('before');
        throw new Error('no more');
      };
      await expect(subject.put('one', half())).rejects.toThrow('no more');
      await expect(subject.put('two', half())).rejects.toThrow('no more');
      expect(String(await read(subject, 'one'))).toBe('before');
      expect((await subject.list('')).map(({ name }) => name)).toEqual(['one']);
      await subject.put('one', inPieces(Buffer.from('after')));
      expect(String(await read(other, 'one'))).toBe('after');
    },

    '`list` answers names and sizes by prefix, in order': async ({ subject }) => {
      expect(await subject.list('')).toEqual([]);
      for (const name of ['backup-2', 'other-1', 'backup-1', 'backup-10']) {
        await subject.put(name, inPieces(Buffer.alloc(name.length)));
      }
      expect(await subject.list('backup-')).toEqual([
        { name: 'backup-1', sizeBytes: 8 },
        { name: 'backup-10', sizeBytes: 9 },
        { name: 'backup-2', sizeBytes: 8 },
      ]);
      expect(await subject.list('')).toHaveLength(4);
    },

    'more files than one page of a listing are all there': async ({ subject }) => {
      const names = Array.from({ length: 25 }, (_, index) => `n-${String(index).padStart(3, '0')}`);
      for (const name of names) await subject.put(name, inPieces(Buffer.from(name)));
      expect((await subject.list('n-')).map(({ name }) => name)).toEqual(names);
    },

    '`remove` takes one file away, and an absent one is no error': async ({ subject, other }) => {
      await subject.put('one', inPieces(Buffer.from('1')));
      await subject.put('two', inPieces(Buffer.from('2')));
      await subject.remove('one');
      await subject.remove('one');
      expect((await other.list('')).map(({ name }) => name)).toEqual(['two']);
    },

    'a name that could lead elsewhere is BAD_INPUT': async ({ subject }) => {
      for (const name of ['', '.', '..', '../x', 'a/b', '/x', 'A', '.hidden', 'a\0', 'x'.repeat(200), 'a ']) {
        await expect(subject.put(name, inPieces(Buffer.from('x')))).rejects.toMatchObject({ code: 'BAD_INPUT' });
        await expect(subject.get(name)).rejects.toMatchObject({ code: 'BAD_INPUT' });
        await expect(subject.remove(name)).rejects.toMatchObject({ code: 'BAD_INPUT' });
      }
    },

    'nobody else on this machine can read what is written': async ({ subject, modes }) => {
      const seen: number[] = [];
      const watched = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from('x');
        seen.push(...(await modes()));
      };
      await subject.put('one', watched());
      for (const mode of [...seen, ...(await modes())]) expect((mode & 0o077).toString(8)).toBe('0');
      expect(seen.length).toBeGreaterThan(0);
    },

    'a place that cannot be used is STORAGE_UNAVAILABLE, with what to look at': async ({ subject, breakPlace }) => {
      await breakPlace();
      const refusal = { code: 'STORAGE_UNAVAILABLE', message: expect.stringMatching(/BACKUP_/) };
      await expect(subject.put('one', inPieces(Buffer.from('x')))).rejects.toMatchObject(refusal);
      await expect(subject.list('')).rejects.toMatchObject(refusal);
    },
  });
}

async function* inPieces(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += pieceBytes) yield content.subarray(at, at + pieceBytes);
}

const pieceBytes = 70_000;

async function read(store: BackupStore, name: string): Promise<Buffer | undefined> {
  const bytes = await store.get(name);
  if (bytes === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
