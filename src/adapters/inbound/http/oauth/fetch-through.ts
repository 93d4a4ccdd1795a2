import type { WebDocuments } from '../../../../domain/ports/files.ts';

/** The library's way to documents of clients, through our guard against requests that would reach what is not public. */
export function fetchThrough(documents: WebDocuments): typeof globalThis.fetch {
  return async (input, init) => {
    const signal = init?.signal ?? AbortSignal.timeout(documentTimeoutMs);
    const url = input instanceof Request ? input.url : String(input);
    const { bytes, cacheControl } = await documents.get(url, signal);
    return new Response(bytes.slice(), {
      status: 200,
      headers: cacheControl === undefined ? {} : { 'cache-control': cacheControl },
    });
  };
}

const documentTimeoutMs = 5_000;
