import type { Json } from '../../model/job.ts';

/**
 * Calls any operation of the catalogue, with arguments that were checked against it. The laws of CmsConnector hold.
 *
 * Laws:
 * - Every argument travels where the catalogue says: query, path, form; the body is the bare model or array, also on
 *   GET and DELETE. Required keys travel even when empty; arrays in the query repeat their key.
 * - JSON answers come as they are, `null` included: nothing is decoded, nothing renamed.
 * - A file is answered as bytes, at most `fileBytesMax` of them; a larger one is TOO_LARGE.
 * - An unknown operation is BAD_INPUT.
 */
export interface CmsOperations {
  call(request: OperationCall): Promise<OperationAnswer>;
}

export interface OperationCall {
  readonly operationId: string;
  /** By the contract's names; also those of form fields that are not files. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly body?: Json;
  /** Form fields that are files. */
  readonly files?: Readonly<Record<string, OperationFile>>;
}

export interface OperationFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export type OperationAnswer =
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'file'; readonly fileName?: string; readonly mimeType: string; readonly bytes: Uint8Array }
  | { readonly kind: 'nothing' };

/** What an agent can be handed at most, and a server should hold in memory for one call. */
export const fileBytesMax = 10 * 1024 * 1024;
