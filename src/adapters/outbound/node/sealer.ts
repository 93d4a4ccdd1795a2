import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DomainError } from '../../../domain/errors.ts';
import type { DataKeyStore, StoredDataKey } from '../../../domain/ports/data-key-store.ts';
import { keysFreshMs, keysKeptMs, type SealContext, type Sealer } from '../../../domain/ports/sealer.ts';
import type { Clock, IdSource } from '../../../domain/ports/system.ts';

export interface SealerOptions {
  /** The operator's keys, 32 bytes each: the first one seals the data keys, all of them open. */
  readonly masterKeys: readonly Uint8Array[];
  readonly store: DataKeyStore;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * Seals with AES-256-GCM: `igs1.<key id>.<base64url of nonce, tag and ciphertext>`; the context and the key's id are the
 * associated data. Nonces are random, which is safe for 2^32 texts of one key (NIST SP 800-38D section 8.3).
 */
export function createSealer({ masterKeys, store, clock, ids }: SealerOptions): Sealer {
  let ring: Ring | undefined;
  let reading: Promise<Ring> | undefined;

  /** Reads the stored keys. Callers at the same time share one read. */
  const read = (): Promise<Ring> => {
    reading ??= readRing().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const readRing = async (): Promise<Ring> => {
    const readAtMs = clock.nowMs();
    const stored = await store.list();
    const keys = new Map(stored.map((key) => [key.id, ring?.keys.get(key.id) ?? unwrap(key)]));
    const current = stored.at(-1)?.id;
    if (current === undefined) {
      await makeKey();
      return readRing();
    }
    ring = { keys, current, readAtMs };
    return ring;
  };
  const makeKey = async (): Promise<string> => {
    const id = ids.id('key');
    const wrapped = encrypt(masterKeyId, firstOf(masterKeys), randomBytes(keyBytes), ['data-key', id]);
    // The newest key seals: also where another process has a clock that is ahead.
    const newestMs = (await store.list()).at(-1)?.createdAtMs ?? 0;
    await store.add({ id, wrapped, createdAtMs: Math.max(clock.nowMs(), newestMs + 1) });
    return id;
  };
  /** The keys as they were `keysFreshMs` ago or later. */
  const freshRing = async (): Promise<Ring> =>
    ring !== undefined && clock.nowMs() - ring.readAtMs < keysFreshMs ? ring : read();

  const unwrap = (stored: StoredDataKey): Buffer => {
    for (const masterKey of masterKeys) {
      const key = tryDecrypt(masterKey, stored.wrapped, ['data-key', stored.id]);
      if (key !== undefined) return key;
    }
    throw new DomainError(
      'STORAGE_UNAVAILABLE',
      'TOKEN_ENCRYPTION_KEY does not open what is stored: it was sealed with another key. Give that key; to change keys, put the new one first and the old one after it, parted by a comma, and run "keys rotate".',
    );
  };

  return {
    async seal(plain, context) {
      const { keys, current } = await freshRing();
      return encrypt(current, keyOf(keys, current), Buffer.from(plain, 'utf8'), context);
    },
    async open(sealed, context) {
      const id = keyIdOf(sealed);
      // Another process may have made the key since: only the store knows.
      const known = ring?.keys.get(id) ?? (await read()).keys.get(id);
      const plain = known === undefined ? undefined : tryDecrypt(known, sealed, context);
      if (plain === undefined) throw new DomainError('INTERNAL', 'Something that was stored cannot be opened.');
      return plain.toString('utf8');
    },
    isCurrent: async (sealed) => keyIdOf(sealed) === (await freshRing()).current,
    async checkKeys() {
      ring = undefined;
      await read();
    },
    async addKey() {
      const id = await makeKey();
      await read();
      return id;
    },
    async rewrapKeys() {
      let count = 0;
      for (const stored of await store.list()) {
        if (tryDecrypt(firstOf(masterKeys), stored.wrapped, ['data-key', stored.id]) !== undefined) continue;
        const wrapped = encrypt(masterKeyId, firstOf(masterKeys), unwrap(stored), ['data-key', stored.id]);
        if (await store.rewrap(stored.id, stored.wrapped, wrapped)) count += 1;
      }
      return count;
    },
    async dropKeys() {
      const stored = await store.list();
      // A key stops sealing when the next one is there.
      const idle = stored.filter((_, index) => {
        const next = stored[index + 1];
        return next !== undefined && clock.nowMs() - next.createdAtMs > keysKeptMs;
      });
      for (const { id } of idle) await store.remove(id);
      await read();
      return idle.length;
    },
  };
}

/** The keys as the store had them at a moment. */
interface Ring {
  readonly keys: ReadonlyMap<string, Buffer>;
  readonly current: string;
  readonly readAtMs: number;
}

const version = 'igs1';
const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Stands for the operator's key, which has no id of its own. */
const masterKeyId = 'master';

const sealedForm = new RegExp(`^${version}\\.([A-Za-z0-9_-]{1,64})\\.([A-Za-z0-9_-]+)$`);

function encrypt(keyId: string, key: Uint8Array, plain: Uint8Array, context: SealContext): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associatedData(keyId, context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return `${version}.${keyId}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
}

/** What was sealed; `undefined` where key, context or text do not belong together. */
function tryDecrypt(key: Uint8Array, sealed: string, context: SealContext): Buffer | undefined {
  const [, keyId, text] = sealedForm.exec(sealed) ?? [];
  if (keyId === undefined || text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Of several spellings of the same bytes only the one that we write is accepted.
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== text) return undefined;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(associatedData(keyId, context));
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
  } catch {
    // GCM tells only that the tag does not fit: a wrong key, another context, or a changed text.
    return undefined;
  }
}

/** JSON keeps the parts apart: `['a', 'bc']` and `['ab', 'c']` are different contexts. */
function associatedData(keyId: string, context: SealContext): Buffer {
  return Buffer.from(JSON.stringify([version, keyId, ...context]), 'utf8');
}

function keyIdOf(sealed: string): string {
  return sealedForm.exec(sealed)?.[1] ?? '';
}

function keyOf(keys: ReadonlyMap<string, Buffer>, id: string): Buffer {
  const key = keys.get(id);
  if (key === undefined) throw new Error('The ring of keys names a key that it does not hold.');
  return key;
}

function firstOf(masterKeys: readonly Uint8Array[]): Uint8Array {
  const [first] = masterKeys;
  if (first === undefined) throw new Error('Sealing needs a key.');
  return first;
}
