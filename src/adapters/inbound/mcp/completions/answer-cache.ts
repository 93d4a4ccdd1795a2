import type { Principal } from '../../../../domain/model/principal.ts';
import type { Clock } from '../../../../domain/ports/system.ts';

/** What tasks have answered lately, per caller. */
export interface AnswerCache {
  /** The answer to this input, read at most once a minute for each principal. A failed read is not remembered. */
  get(
    principal: Principal,
    task: string,
    input: Readonly<Record<string, unknown>>,
    read: () => Promise<unknown>,
  ): Promise<unknown>;
}

/** A person types for seconds; a minute later the CMS may hold something else. */
const ttlMs = 60_000;
/** Answers of all callers together; the oldest goes first. */
const answersMax = 500;

export function createAnswerCache(clock: Clock): AnswerCache {
  const answers = new Map<string, { readonly value: unknown; readonly readAtMs: number }>();
  return {
    async get(principal, task, input, read) {
      const key = JSON.stringify([
        principal.subject,
        principal.clientId,
        principal.grantId ?? '',
        [...principal.scopes].sort(),
        task,
        input,
      ]);
      const known = answers.get(key);
      if (known !== undefined && clock.nowMs() - known.readAtMs < ttlMs) return known.value;
      const value = await read();
      answers.delete(key);
      answers.set(key, { value, readAtMs: clock.nowMs() });
      const [oldest] = answers.keys();
      if (answers.size > answersMax && oldest !== undefined) answers.delete(oldest);
      return value;
    },
  };
}
