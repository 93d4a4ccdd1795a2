import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** One HTTP request and its answer, whatever the status; redirects are not followed. */
export async function roundTrip(dispatcher: Dispatcher, request: HttpRequest): Promise<HttpReply> {
  try {
    const reply = await dispatcher.request({
      path: request.path,
      method: request.method,
      headers: request.headers,
      signal: request.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const bytes = await boundedBytes(reply.body, request.answerBytesMax ?? answerBytesMax);
    return {
      status: reply.statusCode,
      reason: reply.statusText,
      headers: reply.headers,
      bytes,
      // Without a byte order mark, which .NET writes before some texts and JSON does not know.
      text: new TextDecoder().decode(bytes),
    };
  } catch (error) {
    // undici throws errors of its own, of the system and of the signal; what they mean for a call is read off here.
    if (error instanceof TransportFailure) throw error;
    throw new TransportFailure(kindOf(error, request.signal), error);
  }
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the mount of the CMS and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** A larger answer is not read to its end; the default is enough for every list. */
  readonly answerBytesMax?: number;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
  /** The bytes, read as UTF-8. */
  readonly text: string;
}

/** Why there was no answer. `unreached` means that nothing was sent. */
export class TransportFailure extends Error {
  readonly kind: 'unreached' | 'lost' | 'aborted' | 'too_large';

  constructor(kind: TransportFailure['kind'], cause: unknown) {
    super(`The request ended without a usable answer (${kind}).`, { cause });
    this.name = 'TransportFailure';
    this.kind = kind;
  }
}

/** A list of 100 items with their details stays far below this. */
const answerBytesMax = 16 * 1024 * 1024;

async function boundedBytes(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop destroys the body, and with it the connection.
    if (bytes > bytesMax) throw new TransportFailure('too_large', undefined);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function kindOf(error: unknown, signal: AbortSignal): TransportFailure['kind'] {
  if (signal.aborted) return 'aborted';
  return codesOf(error).some((code) => codesBeforeSending.has(code)) ? 'unreached' : 'lost';
}

/** Codes of an error, of its causes and of the attempts that an AggregateError collects. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...own, ...codesOf(error.cause), ...parts.flatMap(codesOf)];
}

/** Failures of name resolution, of connecting and of the TLS handshake: the request was not written yet. */
const codesBeforeSending: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
