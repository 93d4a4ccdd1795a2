import { openAsBlob } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3mini, S3ServiceError } from 's3mini';
import { DomainError } from '../../../domain/errors.ts';
import { type BackupStore, fileNamePattern } from '../../../domain/ports/backup-store.ts';

export interface S3BackupStoreOptions {
  /** The address of the service, without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For one request, its bytes included. */
  readonly timeoutMs?: number;
}

/**
 * Backups as objects of a bucket, at any service that speaks S3. S3 wants to know the length before the first byte, and
 * keeps an object only when all of it has come: so the bytes are gathered in a file of the system's temporary folder
 * (mode 0600; archives are sealed already), and sent in one request.
 *
 * Throws `STORAGE_UNAVAILABLE` where the service cannot be reached or refuses.
 */
export function createS3BackupStore(options: S3BackupStoreOptions): BackupStore {
  const { endpoint, bucket, timeoutMs = timeoutMsDefault, ...credentials } = options;
  const client = new S3mini({ ...credentials, endpoint: `${endpoint}/${bucket}`, requestAbortTimeout: timeoutMs });
  const asking = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      throw unavailable(error);
    }
  };
  return {
    place: `${endpoint}/${bucket}`,
    async put(name, bytes) {
      checkName(name);
      const folder = await asking(() => mkdtemp(join(tmpdir(), 'ingeniux-backup-')));
      try {
        const path = join(folder, 'file');
        await gather(path, bytes);
        await asking(async () => {
          const body = await openAsBlob(path);
          await client.putObject(name, body, 'application/octet-stream', undefined, undefined, body.size);
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async get(name) {
      checkName(name);
      const answer = await asking(() => client.getObjectResponse(name));
      return answer === null ? undefined : readingOf(answer);
    },
    async list(prefix) {
      const objects = await asking(() => client.listObjects('/', prefix));
      if (objects === null) throw unavailable(new Error('The bucket is not there.'));
      return objects
        .map(({ Key: name, Size: sizeBytes }) => ({ name, sizeBytes: Number(sizeBytes) }))
        .filter(({ name }) => fileNamePattern.test(name))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    async remove(name) {
      checkName(name);
      await asking(() => client.deleteObject(name));
    },
  };
}

/** Long enough for a backup of some hundred megabytes over a slow line. */
const timeoutMsDefault = 600_000;

function checkName(name: string): void {
  if (fileNamePattern.test(name)) return;
  throw new DomainError('BAD_INPUT', 'A backup is named with small letters, digits, dots and dashes.');
}

async function gather(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of bytes) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

async function* readingOf(answer: Response): AsyncGenerator<Uint8Array> {
  if (answer.body === null) return;
  try {
    yield* answer.body as AsyncIterable<Uint8Array>;
  } catch (error) {
    // The connection broke in the middle.
    throw unavailable(error);
  }
}

function unavailable(cause: unknown): DomainError {
  const refusal =
    cause instanceof S3ServiceError
      ? `it answered ${cause.status} ${cause.serviceCode ?? ''}`.trim()
      : 'it did not answer';
  return new DomainError(
    'STORAGE_UNAVAILABLE',
    `The store of backups cannot be used: ${refusal}. Look at BACKUP_S3_ENDPOINT, BACKUP_S3_BUCKET, BACKUP_S3_REGION and its keys.`,
    { cause },
  );
}
