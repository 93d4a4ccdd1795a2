import { strangeCursor } from '../../items/cursor.ts';
import type { Flow, Step } from '../flow.ts';

/**
 * Makes cursors their user's own: one that goes out is marked with whom it was given to, and one that comes in is taken
 * without the mark of its caller. Anybody else's is as good as made up.
 */
export const bindCursors: Step = async (flow, next) => {
  const mark = markOf(flow);
  const { cursor } = flow.input;
  if (typeof cursor === 'string' && !cursor.endsWith(mark)) throw strangeCursor();
  const answer = await next(
    typeof cursor === 'string' ? { ...flow, input: { ...flow.input, cursor: cursor.slice(0, -mark.length) } } : flow,
  );
  const { next_cursor: given } = answer.output;
  return typeof given === 'string'
    ? { ...answer, output: { ...answer.output, next_cursor: `${given}${mark}` } }
    : answer;
};

/** Enough to tell users apart. The cursor holds nothing but a place in a list, so it needs no secret. */
const markCharacters = 12;

function markOf({ request, runtime }: Flow): string {
  const { subject, clientId, grantId } = request.principal;
  const whose = JSON.stringify([subject, clientId, grantId ?? null]);
  return `.${runtime.ports.digest.sha256(whose).slice(0, markCharacters)}`;
}
