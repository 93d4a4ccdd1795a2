import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, createHash, type Hash, hkdfSync, randomBytes } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { DomainError } from '../../../domain/errors.ts';
import type { ArchiveFacts, PartSummary, StateRecord } from '../../../domain/model/backup.ts';
import type { Json } from '../../../domain/model/job.ts';
import type { BackupArchive, OpenArchive } from '../../../domain/ports/backup-archive.ts';

/**
 * The form of archives:
 *
 * 1. `IGXB`, the length of the header in 4 bytes, the header as JSON, in clear: form, key, salt, facts.
 * 2. Chunks: the length in 4 bytes and AES-256-GCM over up to `chunkBytes` bytes. The key is derived (HKDF-SHA-256) from
 *    the operator's key and the salt, so each file has its own. The nonce is the number of the chunk and whether it is
 *    the last one, and the hash of everything before the first chunk is the associated data: a chunk that is changed,
 *    moved or missing, and a changed header, do not open (the STREAM construction, as in https://c2sp.org/age).
 * 3. In them, gzip over lines of JSON: `[part, value]` for each record, and at the end the summary of all parts.
 */
export function createBackupArchive({ masterKeys }: BackupArchiveOptions): BackupArchive {
  const [first] = masterKeys;
  if (first === undefined) throw new Error('Sealing needs a key.');
  return {
    write: (facts, records) => write(first, facts, records),
    open: (bytes) => open(masterKeys, bytes),
  };
}

export interface BackupArchiveOptions {
  /** The operator's keys: the first one seals, all of them open. */
  readonly masterKeys: readonly Uint8Array[];
}

/** Which key a file needs, without telling anything about it. */
export function keyIdOf(masterKey: Uint8Array): string {
  return createHash('sha256').update('ingeniux-cms-mcp key id\0').update(masterKey).digest('hex').slice(0, 16);
}

/** Raised with every change of the form. */
const form = 1;
const magic = Buffer.from('IGXB');
const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const saltBytes = 16;
const tagBytes = 16;
const chunkBytes = 64 * 1024;
const lengthBytes = 4;
/** Facts are a few kilobytes; a length beyond this is damage. */
const headerBytesMax = 1024 * 1024;

interface Header {
  readonly form: number;
  readonly keyId: string;
  readonly salt: string;
  readonly facts: ArchiveFacts;
}

async function* write(
  masterKey: Uint8Array,
  facts: ArchiveFacts,
  records: AsyncIterable<StateRecord>,
): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(saltBytes);
  const header: Header = { form, keyId: keyIdOf(masterKey), salt: salt.toString('base64'), facts };
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.concat([magic, lengthOf(text.length), text]);
  yield start;
  const seal = sealer(masterKey, salt, start);
  const zipped = createGzip();
  pipeline(Readable.from(linesOf(records)), zipped, () => undefined);
  let waiting = Buffer.alloc(0);
  for await (const piece of zipped) {
    waiting = Buffer.concat([waiting, piece as Buffer]);
    for (; waiting.length > chunkBytes; waiting = waiting.subarray(chunkBytes)) {
      yield seal(waiting.subarray(0, chunkBytes), false);
    }
  }
  yield seal(waiting, true);
}

async function* linesOf(records: AsyncIterable<StateRecord>): AsyncGenerator<string> {
  const summary = createSummary();
  for await (const { part, value } of records) {
    const line = JSON.stringify([part, value]);
    summary.add(part, line);
    yield `${line}\n`;
  }
  yield `${JSON.stringify({ parts: summary.parts() })}\n`;
}

async function open(masterKeys: readonly Uint8Array[], bytes: AsyncIterable<Uint8Array>): Promise<OpenArchive> {
  const reader = createReader(bytes);
  const { header, start } = await readHeader(reader);
  const masterKey = masterKeys.find((key) => keyIdOf(key) === header.keyId);
  if (masterKey === undefined) throw ofAnotherKey(header.keyId, masterKeys);
  const salt = Buffer.from(header.salt, 'base64');
  const chunks = openChunks(reader, opener(masterKey, salt, start));
  // The first chunk proves the header, so that nobody goes by facts that were changed.
  const first = await chunks.next();
  const summary = createSummary();
  return {
    facts: header.facts,
    keyId: header.keyId,
    records: recordsOf(rest(first, chunks), summary),
    summary: summary.parts,
  };
}

async function readHeader(reader: Reader): Promise<{ readonly header: Header; readonly start: Buffer }> {
  const beginning = await reader.take(magic.length + lengthBytes);
  if (beginning === undefined || !beginning.subarray(0, magic.length).equals(magic)) {
    throw new DomainError('BAD_INPUT', 'This file is no backup of this product, or its beginning is damaged.', {
      details: { reason: 'damaged' },
    });
  }
  const length = beginning.readUInt32BE(magic.length);
  const text = length > headerBytesMax ? undefined : await reader.take(length);
  if (text === undefined) throw damaged();
  const header = parseHeader(text.toString('utf8'));
  if (header === undefined) throw damaged();
  if (header.form > form) {
    throw new DomainError(
      'BAD_INPUT',
      `This backup was made by a newer version (${header.facts?.productVersion}); its form is ${header.form}, known is ${form}. Restore it with that version.`,
      { details: { reason: 'form' } },
    );
  }
  if (header.form < form) {
    throw new DomainError('BAD_INPUT', `This backup has the form ${header.form}, which this version no longer reads.`, {
      details: { reason: 'form' },
    });
  }
  return { header, start: Buffer.concat([beginning, text]) };
}

/** What can be read before anything is proven; `undefined` where it is no header at all. */
function parseHeader(text: string): Header | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Damage like any other.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { form: number, keyId, salt } = value as Partial<Record<keyof Header, unknown>>;
  if (!Number.isSafeInteger(number) || typeof keyId !== 'string' || typeof salt !== 'string') return undefined;
  // The first chunk proves the rest: only `write` makes a header that it opens with.
  return value as Header;
}

/** The chunks in clear. Ends only after the last one was found where the file ends. */
async function* openChunks(
  reader: Reader,
  unseal: (sealed: Buffer, isLast: boolean) => Buffer | undefined,
): AsyncGenerator<Buffer> {
  for (;;) {
    const prefix = await reader.take(lengthBytes);
    if (prefix === undefined) throw damaged();
    const length = prefix.readUInt32BE(0);
    const sealed = length > chunkBytes + tagBytes || length < tagBytes ? undefined : await reader.take(length);
    if (sealed === undefined) throw damaged();
    const isLast = await reader.isAtEnd();
    const chunk = unseal(sealed, isLast);
    if (chunk === undefined) throw damaged();
    yield chunk;
    if (isLast) return;
  }
}

async function* rest(first: IteratorResult<Buffer>, others: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.done !== true) yield first.value;
  yield* others;
}

async function* recordsOf(chunks: AsyncIterable<Buffer>, summary: Summary): AsyncGenerator<StateRecord> {
  const plain = createGunzip();
  // The failure of any part ends the loop below with its reason.
  pipeline(Readable.from(chunks), plain, () => undefined);
  let isSummed = false;
  for await (const line of linesIn(plain)) {
    if (isSummed) throw damaged();
    const value = JSON.parse(line) as [string, Json] | { readonly parts: readonly PartSummary[] };
    if (Array.isArray(value)) {
      const [part, record] = value as [string, Json];
      summary.add(part, line);
      yield { part, value: record };
      continue;
    }
    if (JSON.stringify({ parts: summary.parts() }) !== line) throw damaged();
    isSummed = true;
  }
  if (!isSummed) throw damaged();
}

async function* linesIn(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) {
    let from = 0;
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, from)) {
      yield Buffer.concat([...pieces.splice(0), piece.subarray(from, at)]).toString('utf8');
      from = at + 1;
    }
    if (from < piece.length) pieces.push(piece.subarray(from));
  }
  if (pieces.length > 0) throw damaged();
}

const newline = 0x0a;

interface Summary {
  add(part: string, line: string): void;
  parts(): readonly PartSummary[];
}

function createSummary(): Summary {
  const parts = new Map<string, { records: number; readonly hash: Hash }>();
  return {
    add: (part, line) => {
      const counted = parts.get(part) ?? { records: 0, hash: createHash('sha256') };
      counted.records += 1;
      counted.hash.update(`${line}\n`);
      parts.set(part, counted);
    },
    parts: () => [...parts].map(([part, { records, hash }]) => ({ part, records, sha256: hash.copy().digest('hex') })),
  };
}

function sealer(masterKey: Uint8Array, salt: Buffer, start: Buffer): (plain: Buffer, isLast: boolean) => Buffer {
  const [key, about] = [fileKey(masterKey, salt), hashOf(start)];
  let number = 0;
  return (plain, isLast) => {
    const cipher = createCipheriv(algorithm, key, nonceOf(number++, isLast), { authTagLength: tagBytes });
    cipher.setAAD(about);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([lengthOf(sealed.length), sealed]);
  };
}

function opener(
  masterKey: Uint8Array,
  salt: Buffer,
  start: Buffer,
): (sealed: Buffer, isLast: boolean) => Buffer | undefined {
  const [key, about] = [fileKey(masterKey, salt), hashOf(start)];
  let number = 0;
  return (sealed, isLast) => {
    const decipher = createDecipheriv(algorithm, key, nonceOf(number++, isLast), { authTagLength: tagBytes });
    decipher.setAAD(about);
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagBytes)), decipher.final()]);
    } catch {
      // GCM tells only that the tag does not fit.
      return undefined;
    }
  };
}

function fileKey(masterKey: Uint8Array, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, salt, 'ingeniux-cms-mcp backup', keyBytes));
}

function hashOf(start: Buffer): Buffer {
  return createHash('sha256').update(start).digest();
}

/** 12 bytes: the number of the chunk, and 1 for the last one. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(bytes);
  return length;
}

interface Reader {
  /** So many bytes, or `undefined` where the file ends before. */
  take(count: number): Promise<Buffer | undefined>;
  isAtEnd(): Promise<boolean>;
}

function createReader(bytes: AsyncIterable<Uint8Array>): Reader {
  const source = bytes[Symbol.asyncIterator]();
  let waiting = Buffer.alloc(0);
  const fill = async (count: number): Promise<boolean> => {
    const pieces: Uint8Array[] = [waiting];
    for (let length = waiting.length; length < count; ) {
      const { done, value } = await source.next();
      if (done === true) break;
      pieces.push(value);
      length += value.length;
    }
    waiting = Buffer.concat(pieces);
    return waiting.length >= count;
  };
  return {
    take: async (count) => {
      if (!(await fill(count))) return undefined;
      const taken = waiting.subarray(0, count);
      waiting = waiting.subarray(count);
      return taken;
    },
    isAtEnd: async () => !(await fill(1)),
  };
}

function damaged(): DomainError {
  return new DomainError(
    'BAD_INPUT',
    'This backup is damaged: it was changed, cut off or written in part. Take another one; backup list shows them.',
    { details: { reason: 'damaged' } },
  );
}

function ofAnotherKey(keyId: string, masterKeys: readonly Uint8Array[]): DomainError {
  const ours = masterKeys.map(keyIdOf).join(', ');
  return new DomainError(
    'BAD_INPUT',
    `This backup is sealed with the key ${keyId}, and this installation has ${ours}. Give TOKEN_ENCRYPTION_KEY as it was then, or put the key file that belongs to it into DATA_DIR.`,
    { details: { reason: 'key' } },
  );
}
