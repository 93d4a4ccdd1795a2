import { DomainError } from '../../domain/errors.ts';
import { StartFailure } from '../lifecycle/start-failure.ts';

/** What one examination found. `says` is for the operator and holds no secret. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly says: string;
}

/** One thing that has to be right for the server to do its work. Whatever it throws counts as failed. */
export interface Examination {
  readonly name: string;
  /** Skipped when one of these was not well: it would only fail for the same reason. */
  readonly needs?: readonly string[];
  examine(signal: AbortSignal): Promise<Finding>;
  /** What to do when something is not well. */
  readonly advice: string;
}

export interface NamedFinding extends Finding {
  readonly name: string;
  /** Of everything that is not well. */
  readonly advice?: string;
}

/** A CMS that is slow answers within this or counts as failed; the other examinations are far faster. */
const examinationMsMax = 15_000;

/** Runs the examinations one after the other, because later ones need what earlier ones opened. */
export async function examineAll(examinations: readonly Examination[]): Promise<readonly NamedFinding[]> {
  const findings: NamedFinding[] = [];
  for (const examination of examinations) {
    const missing = examination.needs?.find((name) =>
      findings.some((found) => found.name === name && found.status === 'failed'),
    );
    const finding =
      missing === undefined ? await examineOne(examination) : skipped(`needs what failed before: ${missing}`);
    const isWell = finding.status === 'ok' || finding.status === 'skipped';
    findings.push({ name: examination.name, ...finding, ...(isWell ? {} : { advice: examination.advice }) });
  }
  return findings;
}

export const ok = (says: string): Finding => ({ status: 'ok', says });
export const skipped = (says: string): Finding => ({ status: 'skipped', says });

async function examineOne(examination: Examination): Promise<Finding> {
  const signal = AbortSignal.timeout(examinationMsMax);
  try {
    return await Promise.race([examination.examine(signal), lateness(signal)]);
  } catch (thrown) {
    // A failed examination is what the operator wants to read; only our own words are shown.
    return { status: 'failed', says: wordsOf(thrown) };
  }
}

function lateness(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = () => reject(new DomainError('TIMED_OUT', `no answer within ${examinationMsMax / 1000} seconds`));
    signal.addEventListener('abort', late, { once: true });
  });
}

const wordsOf = (thrown: unknown): string =>
  thrown instanceof DomainError || thrown instanceof StartFailure ? thrown.message : 'failed without a known reason';

/** The findings as lines for a terminal, and the advice where something is not well. */
export function printFindings(findings: readonly NamedFinding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, status, says, advice }) => [
    `${marks[status]} ${name.padEnd(width)}  ${says}`,
    ...(advice === undefined ? [] : [`  ${' '.repeat(width)}  → ${advice}`]),
  ]);
  const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
  return `${lines.join('\n')}\n\n${count('ok')} ok, ${count('warning')} ${count('warning') === 1 ? 'warning' : 'warnings'}, ${count('failed')} failed, ${count('skipped')} skipped\n`;
}

const marks = { ok: '✓', warning: '!', failed: '✗', skipped: '–' } as const;
