import type { Revocation, StateRecord, StorageLayout } from '../model/backup.ts';

/**
 * Everything that the storage keeps for longer than a moment, read as a stream and written back. Nothing is listed that
 * is to be kept: each driver names what it leaves out (remembered reads, locks, counts of calls, sign-ins under way,
 * whatever may be used once only), and everything else is in, so that a new kind of record needs nothing more.
 *
 * Laws:
 * - `read` disturbs nobody who reads and writes meanwhile. What was there before it began and stays is in it, whole;
 *   what belongs together (a job with its steps and its place in the queue, the log with its head) is of one moment.
 *   Sealed values stay sealed, and the keys that open them are in it, sealed with the operator's key.
 * - `replaceAll` puts the records in the place of everything that was there: all of them or, when anything fails or
 *   `records` throws, nothing. Before it answers no process sees a part of it.
 * - What `replaceAll` is told to be revoked is revoked as soon as anything of the records is seen: no token of the grant
 *   and no credential is there, and none can come.
 * - `revocations` tells everything that is revoked now.
 * - `isEmpty` is true for a storage that nothing was ever put into.
 *
 * @throws DomainError STORAGE_UNAVAILABLE; BAD_INPUT for records that this storage did not write.
 */
export interface StorageDump {
  readonly layout: StorageLayout;
  read(): AsyncIterable<StateRecord>;
  isEmpty(): Promise<boolean>;
  revocations(): Promise<readonly Revocation[]>;
  replaceAll(records: AsyncIterable<StateRecord>, revocations: readonly Revocation[]): Promise<void>;
}

/**
 * What is left out of the authorization server's records: what is used once or lives for minutes. Were it to come back,
 * it could be used a second time.
 */
export const passingOAuthKinds: readonly string[] = [
  'AuthorizationCode',
  'DeviceCode',
  'Interaction',
  'PushedAuthorizationRequest',
  'ReplayDetection',
  'Session',
];

/** Of the records that end by themselves only these are kept: which writes were made under which key. */
export const lastingRecordPrefix = 'idempotency:';
