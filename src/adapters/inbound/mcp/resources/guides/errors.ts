import { errorTable } from '../../../../../domain/errors.ts';
import { guide } from './guide.ts';

/** What to do after each error. The meanings come from the table of errors itself. */
export const errorsGuide = guide({
  name: 'errors',
  title: 'When a call fails',
  description: 'How to read an error of this server, and what to do next for each code.',
  tools: [],
  lines: () => [
    'A failed call answers JSON: `code`, `message`, `retry`, `blocked`, often `next` (a call that helps, with its input), `candidates` (what a name may have meant) and `retry_after_seconds`.',
    '',
    'Read `retry` first:',
    '- `after_change`: call again with something changed; the message says what. `next` is usually the way.',
    '- `later`: the same call may succeed; wait retry_after_seconds, then try once or twice, not in a loop.',
    '- `after_check`: it may have happened. Read the state before anything else; never just repeat a write.',
    '- `never`, or `blocked: true`: stop and tell the user what the message says.',
    '',
    'After a lost connection repeat the write with the same `_meta` "ingeniux/idempotency-key": it acts once.',
    '',
    '| code | means | retry |',
    '|---|---|---|',
    ...Object.entries(errorTable).map(([code, { meaning, retry }]) => `| ${code} | ${meaning} | ${retry} |`),
    '',
    'Often met:',
    '- AMBIGUOUS: show the candidates to the user, or take the id whose path fits. Never the first one blindly.',
    '- VERSION_CONFLICT: read the item again, look at what changed, make the edit anew. Never carry old text over the new.',
    '- LOCKED: somebody works on it. Tell the user who; wait or leave it out.',
    '- CAPABILITY_MISSING: the CMS has no such call. Say so, and offer what `next` or the message names.',
    '- OUTCOME_UNKNOWN, WRITE_UNVERIFIED: read the item back and tell the user what it holds now.',
    '- CONFIRMATION_INVALID: make the first call again, show the new impact, use the new token within ten minutes.',
  ],
});
