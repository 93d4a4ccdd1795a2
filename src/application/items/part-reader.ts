import { z } from 'zod';
import { type ErrorCode, toDomainError } from '../../domain/errors.ts';

/** One part of an answer that could not be had, while the rest could. */
export const unavailablePart = z.object({ part: z.string(), code: z.string(), message: z.string() });
export type UnavailablePart = z.infer<typeof unavailablePart>;

/** Reads the parts of an answer, each of which may fail alone. */
export interface PartReader {
  /** `undefined` when the part failed; then it is listed in `unavailable`. */
  read<T>(part: string, load: () => Promise<T>): Promise<T | undefined>;
  readonly unavailable: readonly UnavailablePart[];
}

export function createPartReader(): PartReader {
  const unavailable: UnavailablePart[] = [];
  return {
    unavailable,
    async read(part, load) {
      try {
        return await load();
      } catch (thrown) {
        // A part may fail alone; what ends the whole call rises.
        const error = toDomainError(thrown);
        if (endsTheCall.includes(error.code)) throw thrown;
        unavailable.push({ part, code: error.code, message: error.message });
        return undefined;
      }
    },
  };
}

/** After these no other part can be read either. */
const endsTheCall: readonly ErrorCode[] = [
  'CANCELLED',
  'TIMED_OUT',
  'INTERNAL',
  'UNAUTHENTICATED',
  'CMS_SIGN_IN_FAILED',
];
