import type { TaskAnswer } from '../../../../application/pipeline/flow.ts';
import { DomainError } from '../../../../domain/errors.ts';

/** The task's answer as it is. */
export function asJson(answer: TaskAnswer): { text: string } {
  return { text: JSON.stringify(answer.output, null, 1) };
}

/**
 * A whole number in a URI.
 *
 * @throws DomainError BAD_INPUT when the text is none.
 */
export function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new DomainError('BAD_INPUT', `"${name}" in the URI must be a whole number, and is "${text}".`);
  }
  return Number.parseInt(text, 10);
}
