import { z } from 'zod';
import { DomainError, type ErrorCode, toDomainError } from '../../../domain/errors.ts';
import type { AuditEvent, AuditOutcome, AuditVersions } from '../../../domain/model/audit-event.ts';
import { parseItemReference } from '../../../domain/policy/item-reference.ts';
import type { Flow, Step, TaskAnswer } from '../flow.ts';

/**
 * Keeps in the audit log how every call of a writing task ended, and every refusal of any task: who, which client, which
 * items, which versions. It stands above the steps that refuse, so it takes the arguments as they came, and of them only
 * what has the form of an id. A log that cannot be written must not undo a write: the operator is told, and the call's
 * own end stands.
 */
export const recordAudit: Step = async (flow, next) => {
  let answer: TaskAnswer;
  try {
    answer = await next(flow);
  } catch (thrown) {
    // Rises as it is; only its code is kept.
    const { code } = toDomainError(thrown);
    if (isWriting(flow) || refusals.has(code)) {
      await append(flow, { ...eventOf(flow), outcome: outcomeOfRefusal(code), code });
    }
    throw thrown;
  }
  if (isWriting(flow)) await append(flow, eventOfAnswer(flow, answer));
  return answer;
};

/** A rule of ours or of the CMS has said no, and nothing was done. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'SCOPE_MISSING',
  'RATE_LIMITED',
  'LOCKED',
  'VERSION_CONFLICT',
  'CONFIRMATION_INVALID',
  'IDEMPOTENCY_KEY_REUSED',
  'FORBIDDEN',
  'CONTENT_FREEZE',
  'LOCKED_DOWN',
]);

function outcomeOfRefusal(code: ErrorCode): AuditOutcome {
  if (code === 'HELD') return 'confirmation';
  return refusals.has(code) ? 'refused' : 'failed';
}

/** Enough for what one call may touch; a record stays within a few kilobytes. */
const itemIdsMax = 100;

const isWriting = (flow: Flow): boolean => flow.task.effect !== 'read';

async function append(flow: Flow, event: AuditEvent): Promise<void> {
  try {
    await flow.runtime.audit.append(event);
  } catch (cause) {
    // Told to the operator; whatever the call has done or answered is not changed by it.
    const problem = new DomainError('STORAGE_UNAVAILABLE', 'The end of a call could not be kept in the audit log.', {
      cause,
    });
    flow.runtime.observer.problem(problem, flow.request);
  }
}

/** What is known of a call whether it ended well or not. */
function eventOf(flow: Flow): Omit<AuditEvent, 'outcome'> {
  const { principal, requestId, traceId } = flow.request;
  const args = readArguments(flow.rawInput);
  const operation = typeof args.operation === 'string' ? flow.runtime.ports.catalogue.find(args.operation) : undefined;
  return {
    atMs: flow.runtime.ports.clock.nowMs(),
    action: flow.task.name,
    subject: principal.subject,
    clientId: principal.clientId,
    ...(principal.grantId === undefined ? {} : { grantId: principal.grantId }),
    requestId,
    ...(traceId === undefined ? {} : { traceId }),
    itemIds: unique([...idsOf(args.item), ...idsOf(args.items), ...emittedIds(flow)]),
    ...(operation === undefined ? {} : { operation: operation.id }),
    ...(args.dry_run === true ? { dryRun: true } : {}),
  };
}

function eventOfAnswer(flow: Flow, answer: TaskAnswer): AuditEvent {
  const event = eventOf(flow);
  if (answer.kind === 'confirmation') return { ...event, outcome: 'confirmation' };
  const { changed, job } = readOutput(answer.output);
  if (answer.kind === 'asking')
    return { ...event, outcome: 'confirmation', ...(job === undefined ? {} : { jobId: job }) };
  const versions = changed.slice(0, itemIdsMax).map(
    (item): AuditVersions => ({
      id: item.id,
      ...(item.version_before === undefined ? {} : { before: item.version_before }),
      ...(item.version_after === undefined ? {} : { after: item.version_after }),
    }),
  );
  return {
    ...event,
    outcome: 'ok',
    itemIds: unique([...event.itemIds, ...changed.map(({ id }) => id)]),
    ...(versions.length === 0 ? {} : { versions }),
    ...(job === undefined ? {} : { jobId: job }),
    ...(answer.replayed ? { replayed: true } : {}),
  };
}

/** The arguments that are looked at; each may be missing or hold anything, for nobody has checked them here. */
interface Arguments {
  readonly item?: unknown;
  readonly items?: unknown;
  readonly operation?: unknown;
  readonly dry_run?: unknown;
}

const readArguments = (raw: unknown): Arguments => (typeof raw === 'object' && raw !== null ? raw : {});

/** Only texts in the form of an id are taken: a name or a path is the caller's own text. */
function idsOf(value: unknown): string[] {
  const texts = (Array.isArray(value) ? value : [value]).slice(0, itemIdsMax);
  return texts.flatMap((text) => {
    if (typeof text !== 'string' || text.length > idCharactersMax) return [];
    const reference = parseItemReference(text);
    return reference.form === 'page_id' || reference.form === 'asset_id' ? [reference.id] : [];
  });
}

const idCharactersMax = 40;

function emittedIds(flow: Flow): string[] {
  return flow.emitted.flatMap((event) => ('itemIds' in event ? [...event.itemIds] : []));
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)].slice(0, itemIdsMax);

/** Receipts of writes hold `changed`, answers of slow work hold `job`. */
const receipt = z.object({
  changed: z
    .array(z.object({ id: z.string(), version_before: z.int().optional(), version_after: z.int().optional() }))
    .default([])
    .catch([]),
  job: z.string().optional().catch(undefined),
});

const readOutput = (output: TaskAnswer['output']): z.infer<typeof receipt> => receipt.parse(output);
