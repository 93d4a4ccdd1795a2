import { DomainError } from '../../../domain/errors.ts';
import type { Impact } from '../../define-task.ts';
import type { Ask } from '../../following/ask.ts';
import { approvalQuestion } from '../approval-question.ts';
import type { Flow, Step } from '../flow.ts';
import { callOf, portsOf } from '../ports-of.ts';

/** How long a person has to decide. */
export const confirmTtlSeconds = 600;

/**
 * Holds a dangerous call back until it comes again with the token that its impact was answered with. The token is
 * random, kept on the server, used once, and bound to the user, the client, the task, the arguments and the situation.
 */
export const confirmDangerous: Step = async (flow, next) => {
  if (flow.task.impact === undefined) return next(flow);
  const { confirm, ...rest } = flow.input;
  const call = callOf(flow);
  const impact = await flow.task.impact(flow.input, portsOf(flow), call);
  if (impact === undefined) return next(flow);
  const { records, digest, ids } = flow.runtime.ports;
  const bound = digest.sha256(JSON.stringify([flow.task.name, rest]));
  if (typeof confirm === 'string') {
    const kept = await records.take(recordKey(confirm, flow));
    if (kept === undefined) throw refusal(flow, rest, 'The confirm token is unknown, expired or was used already.');
    const { bound: keptBound, fingerprint } = kept as { bound: string; fingerprint: string };
    if (keptBound !== bound) throw refusal(flow, rest, 'The confirm token was given for other arguments.');
    if (fingerprint !== impact.fingerprint) {
      throw refusal(flow, rest, 'The items changed after the impact was shown.');
    }
    return next(flow);
  }
  if (call.ask !== undefined) {
    await askForApproval(flow, impact, call.ask);
    return next(flow);
  }
  const token = ids.secret('confirm');
  await records.replace(recordKey(token, flow), { bound, fingerprint: impact.fingerprint }, confirmTtlSeconds);
  return {
    kind: 'confirmation',
    replayed: false,
    output: {
      confirmation_required: true,
      confirm: token,
      expires_in_seconds: confirmTtlSeconds,
      impact: { summary: impact.summary, ...impact.facts },
      warnings: [...impact.warnings],
      next: `Nothing was done. Show the impact to the user; to go on, send the same call with confirm.`,
    },
  };
};

/**
 * Asks the user where a job can: the approval belongs to the situation that was shown, so that a changed one is asked
 * about anew.
 *
 * @throws DomainError HELD until there is an answer; CONFIRMATION_INVALID when it is no.
 */
async function askForApproval({ task, runtime }: Flow, impact: Impact, ask: Ask): Promise<void> {
  const name = `approve:${runtime.ports.digest.sha256(impact.fingerprint).slice(0, 16)}`;
  const { [name]: answer } = await ask({ [name]: approvalQuestion(task.title, impact) });
  if (answer?.accepted === true && answer.values['approve'] === true) return;
  throw new DomainError(
    'CONFIRMATION_INVALID',
    'The user did not approve. Nothing was done; ask what they want instead.',
  );
}

/** Somebody else's token has another key: it is unknown to whoever tries it, and stays good for its owner. */
function recordKey(token: string, { request, runtime }: Flow): string {
  const { subject, clientId, grantId } = request.principal;
  return `confirm:${runtime.ports.digest.sha256(JSON.stringify([token, subject, clientId, grantId ?? null]))}`;
}

function refusal(flow: Flow, input: Readonly<Record<string, unknown>>, reason: string): DomainError {
  return new DomainError(
    'CONFIRMATION_INVALID',
    `${reason} Call without confirm to see the impact and get a new token.`,
    {
      next: { tool: flow.task.name, input },
    },
  );
}
