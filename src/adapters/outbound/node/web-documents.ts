import { DomainError } from '../../../domain/errors.ts';
import { documentBytesMax, type WebDocuments } from '../../../domain/ports/files.ts';
import { createGuardedGet, type GuardOptions, readBody } from './guarded-get.ts';

/** Documents of strangers, with the same guard as files of allowed origins. */
export function createWebDocuments(options: GuardOptions): WebDocuments {
  const get = createGuardedGet(options);
  return {
    async get(text, signal) {
      const url = URL.parse(text);
      if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
        throw new DomainError('BAD_INPUT', 'That is no https address of a document.');
      }
      try {
        const reply = await get(url, signal);
        if (reply.statusCode !== 200) {
          reply.destroy();
          throw new DomainError('CONFLICT', `The address answered with status ${reply.statusCode}.`);
        }
        if ((reply.headers['content-encoding'] ?? 'identity') !== 'identity') {
          reply.destroy();
          throw new DomainError('CONFLICT', 'The document came compressed although that was not asked for.');
        }
        const bytes = await readBody(reply, documentBytesMax, tooLarge);
        const cacheControl = reply.headers['cache-control'];
        return { bytes, ...(cacheControl === undefined ? {} : { cacheControl }) };
      } catch (error) {
        // Refusals of ours are told as they are; whatever the network threw becomes one of the table.
        if (error instanceof DomainError) throw error;
        throw new DomainError('CONFLICT', 'The document could not be fetched.', { cause: error });
      }
    },
  };
}

const tooLarge = (): DomainError => new DomainError('TOO_LARGE', `A document may have ${documentBytesMax} bytes.`);
