import { DomainError } from '../errors.ts';
import type { Json } from '../model/job.ts';

/** The largest input of a job, in bytes of its JSON: 64 KB hold thousands of ids, and no content. */
export const jobInputBytesMax = 64 * 1024;

/**
 * What a queue keeps is copied at every run and shown to operators, so it holds ids: content stays in the CMS or in a
 * store of its own, and is read by the job.
 *
 * @throws DomainError TOO_LARGE.
 */
export function checkJobInput(input: Json): void {
  const bytes = utf8Bytes(JSON.stringify(input));
  if (bytes <= jobInputBytesMax) return;
  throw new DomainError(
    'TOO_LARGE',
    `The input of the job takes ${bytes} bytes, and ${jobInputBytesMax} are the most. Name fewer items, in several jobs.`,
    { details: { bytes, bytesMax: jobInputBytesMax } },
  );
}

/** The length in UTF-8, which is how queues keep it; the domain knows no encoder. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return bytes;
}
