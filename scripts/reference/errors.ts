import { errorTable } from '../../src/domain/errors.ts';

/** docs/reference/errors.md; the errors themselves link to its headings. */
export function renderErrors(): string {
  const head = [
    '# Errors',
    '',
    'Made from `src/domain/errors.ts` by `npm run gen`; do not edit by hand.',
    '',
    'Every failure of a tool, a job or a request carries one of these codes, together with `message` (what went wrong and what to do), `fault`, `retry`, and where they help `candidates`, `next` (a call that helps), `retry_after_seconds` and `details`. `blocked: true` means: tell the user, do not try again.',
  ];
  const codes = Object.entries(errorTable).flatMap(([code, { fault, retry, meaning }]) => [
    '',
    `## ${code}`,
    '',
    meaning,
    '',
    `- Who has to act: ${faults[fault]}`,
    `- Another try: ${retries[retry]}`,
  ]);
  return `${[...head, ...codes].join('\n')}\n`;
}

const faults = {
  caller: 'the caller (`caller`).',
  cms: 'whoever runs or uses the CMS (`cms`).',
  operator: 'the operator of this server (`operator`).',
  server: 'the developers of this server (`server`).',
} as const;

const retries = {
  never: 'does not help (`never`).',
  after_change: 'helps after something in the call was changed (`after_change`).',
  after_check: 'only after looking at the state, since the call may have taken effect (`after_check`).',
  later: 'the same call may succeed later (`later`).',
} as const;
