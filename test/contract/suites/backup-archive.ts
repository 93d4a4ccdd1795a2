import { Buffer } from 'node:buffer';
import { expect } from 'vitest';
import type { ArchiveFacts, StateRecord } from '../../../src/domain/model/backup.ts';
import type { BackupArchive } from '../../../src/domain/ports/backup-archive.ts';
import { type Contract, describeContract, type Opened } from '../../support/store-contract.ts';

/** The laws of src/domain/ports/backup-archive.ts. */
export interface OpenedBackupArchive extends Opened {
  readonly subject: BackupArchive;
  /** One whose operator has another key, and one who has this key after a newer one. */
  readonly ofOther: BackupArchive;
  readonly ofBoth: BackupArchive;
  /** The same file as a version would have written it whose form has this number. */
  readonly inForm: (file: Buffer, form: number) => Buffer;
}

export function backupArchiveContract(contract: Contract<OpenedBackupArchive>): void {
  describeContract('BackupArchive', contract, {
    'facts and records come back as they were given': async ({ subject, ofBoth }) => {
      for (const count of [0, 1, 5_000]) {
        const given = records(count);
        const file = await write(subject, given);
        for (const reader of [subject, ofBoth]) {
          const read = await open(reader, file);
          expect(read.facts).toEqual(facts);
          expect(read.records).toEqual(given);
          expect(read.summary.map(({ part, records: many }) => [part, many])).toEqual(
            [
              ['grants', Math.ceil(count / 2)],
              ['tokens', Math.floor(count / 2)],
            ].filter(([, many]) => many !== 0),
          );
        }
      }
    },

    'nothing of the records can be read, and no two files are alike': async ({ subject }) => {
      const [one, other] = [await write(subject, records(50)), await write(subject, records(50))];
      expect(one.includes('secret-of-')).toBe(false);
      expect(one.equals(other)).toBe(false);
    },

    'a flipped bit anywhere is BAD_INPUT': async ({ subject }) => {
      const file = await write(subject, records(1_500));
      const random = lcg(7);
      const bits = [
        ...Array.from({ length: 64 }, (_, bit) => bit),
        ...Array.from({ length: 300 }, () => random(file.length * 8)),
        ...Array.from({ length: 64 }, (_, bit) => file.length * 8 - 1 - bit),
      ];
      for (const bit of bits) {
        const changed = Buffer.from(file);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        await expect(open(subject, changed), `bit ${bit}`).rejects.toMatchObject({ code: 'BAD_INPUT' });
      }
    },

    'a file that was cut off, lengthened, or whose pieces were moved is BAD_INPUT': async ({ subject }) => {
      const file = await write(subject, records(2_000));
      const random = lcg(11);
      const lengths = [0, 1, 7, 8, file.length - 1, ...Array.from({ length: 50 }, () => random(file.length))];
      for (const length of lengths) {
        await expect(open(subject, file.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({
          code: 'BAD_INPUT',
        });
      }
      await expect(open(subject, Buffer.concat([file, Buffer.from('x')]))).rejects.toMatchObject({ code: 'BAD_INPUT' });
      const chunks = chunksOf(file);
      expect(chunks.pieces.length).toBeGreaterThan(3);
      const [first = Buffer.alloc(0), second = Buffer.alloc(0), ...others] = chunks.pieces;
      for (const pieces of [
        [second, first, ...others],
        [second, ...others],
        [first, ...others],
        [first, first, ...others],
        chunks.pieces.slice(0, -1),
      ]) {
        const moved = Buffer.concat([chunks.start, ...pieces]);
        await expect(open(subject, moved)).rejects.toMatchObject({ code: 'BAD_INPUT' });
      }
    },

    'a file of another key, of a newer or older form, or of something else tells so': async (opened) => {
      const { subject, ofOther, inForm } = opened;
      const file = await write(subject, records(10));
      const refused = (reader: BackupArchive, bytes: Buffer, says: RegExp) =>
        expect(open(reader, bytes)).rejects.toMatchObject({
          code: 'BAD_INPUT',
          message: expect.stringMatching(says),
        });
      await refused(ofOther, file, /sealed with the key [0-9a-f]{16}, and this installation has [0-9a-f]{16}/);
      await refused(subject, inForm(file, 2), /made by a newer version \(9\.8\.7\)/);
      await refused(subject, inForm(file, 0), /no longer reads/);
      await refused(subject, Buffer.from('PK\x03\x04 this is something else altogether'), /no backup of this product/);
      await refused(subject, Buffer.alloc(0), /no backup of this product/);
      await refused(subject, file.subarray(0, file.length - 10), /damaged/);
    },
  });
}

const facts: ArchiveFacts = {
  holds: 'backup',
  productVersion: '9.8.7',
  layout: { driver: 'embedded', version: 3 },
  createdAtMs: 1_700_000_000_000,
  configuration: { PUBLIC_URL: 'https://mcp.example.edu' },
};

function records(count: number): StateRecord[] {
  const random = lcg(count);
  return Array.from({ length: count }, (_, index) => ({
    part: index % 2 === 0 ? 'grants' : 'tokens',
    // Sealed texts hardly shrink, so that a file has several chunks.
    value: {
      id: `secret-of-${index}`,
      sealed: Array.from({ length: 30 }, () => random(2 ** 32).toString(36)).join(''),
      text: 'ü\n"',
    },
  }));
}

async function write(archive: BackupArchive, given: readonly StateRecord[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const stream = async function* (): AsyncGenerator<StateRecord> {
    yield* given;
  };
  for await (const piece of archive.write(facts, stream())) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function open(archive: BackupArchive, file: Buffer) {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += 50_000) yield file.subarray(at, at + 50_000);
  };
  const opened = await archive.open(bytes());
  const found: StateRecord[] = [];
  for await (const record of opened.records) found.push(record);
  return { facts: opened.facts, records: found, summary: opened.summary() };
}

/** The beginning of a file and its chunks, each with its length before it. */
function chunksOf(file: Buffer): { readonly start: Buffer; readonly pieces: readonly Buffer[] } {
  const startBytes = 8 + file.readUInt32BE(4);
  const pieces: Buffer[] = [];
  for (let at = startBytes; at < file.length; ) {
    const end = at + 4 + file.readUInt32BE(at);
    pieces.push(file.subarray(at, end));
    at = end;
  }
  return { start: file.subarray(0, startBytes), pieces };
}

/** Numbers below a bound, by chance and the same every time. */
function lcg(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
