import { z } from 'zod';
import { type AuditRecord, auditOutcomes } from '../../../domain/model/audit-event.ts';
import { parseItemReference } from '../../../domain/policy/item-reference.ts';
import { defineTask } from '../../define-task.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { cursorParameter, itemParameter, limitParameter } from '../parameters.ts';

/** A day, or a moment with its zone. */
const isoTime = z
  .string()
  .max(40)
  .refine(
    (text) => /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text) && isTime(text),
    'an ISO date or a time with its zone, such as 2026-11-22T14:00:00Z',
  );

const eventView = z.object({
  number: z.int(),
  time: z.string(),
  tool: z.string(),
  user: z.string(),
  agent: z.string(),
  by: z.string().optional(),
  outcome: z.enum(auditOutcomes),
  code: z.string().optional(),
  reason: z.string().optional(),
  items: z.array(z.string()).optional(),
  versions: z.array(z.object({ id: z.string(), before: z.int().optional(), after: z.int().optional() })).optional(),
  task: z.string().optional(),
  operation: z.string().optional(),
  job: z.string().optional(),
  token: z.string().optional(),
  grant: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  network: z.string().optional(),
  request: z.string().optional(),
  trace: z.string().optional(),
  count: z.int().optional(),
  dry_run: z.boolean().optional(),
  replayed: z.boolean().optional(),
});

/** Tells who did what. */
export const listAuditEvents = defineTask({
  name: 'list_audit_events',
  title: 'Audit trail',
  summary:
    'List what agents did on whose behalf, newest first: tool, items, versions before and after, outcome, refusals, sign-ins, grants. Nothing of the content.',
  toolset: 'admin',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read', 'cms:admin'],
  needs: ['auditTrail', 'digest', 'pages', 'assets', 'search', 'publishing'],
  input: z
    .object({
      item: itemParameter.optional(),
      user: z.string().max(200).optional().describe('On whose behalf'),
      agent: z.string().max(200).optional().describe('Client id'),
      action: z.string().max(60).optional().describe('Tool, job_end, or an event such as sign_in, access_refused'),
      grant: z.string().max(200).optional().describe('Grant id'),
      network: z.string().max(60).optional().describe('Address, or /64 of IPv6'),
      outcome: z.enum(auditOutcomes).optional().describe('How it ended'),
      after: isoTime.optional().describe('ISO time'),
      before: isoTime.optional().describe('ISO time'),
      cursor: cursorParameter,
      limit: limitParameter,
    })
    .strict(),
  output: z.object({
    events: z.array(eventView),
    next_cursor: z.string().optional(),
    notes: z.array(z.string()).optional(),
  }),
  publishesOutputSchema: false,

  async execute({ cursor, limit, ...wanted }, ports) {
    const { item, user, agent, action, grant, network, outcome, after, before } = wanted;
    const queryDigest = ports.digest.sha256(JSON.stringify(['list_audit_events', wanted]));
    // 0 stands for no cursor: no page goes on before record 0.
    const start = decodeCursor(cursor, queryDigest);
    const page = await ports.auditTrail.list({
      filter: {
        ...(item === undefined ? {} : { itemId: await idOf(item, ports) }),
        ...(user === undefined ? {} : { subject: user }),
        ...(agent === undefined ? {} : { clientId: agent }),
        ...(action === undefined ? {} : { action }),
        ...(grant === undefined ? {} : { grantId: grant }),
        ...(network === undefined ? {} : { network }),
        ...(outcome === undefined ? {} : { outcome }),
        ...(after === undefined ? {} : { fromMs: Date.parse(after) }),
        ...(before === undefined ? {} : { toMs: Date.parse(before) }),
      },
      ...(start === 0 ? {} : { before: start }),
      limit,
    });
    const isCutShort = page.nextBefore !== undefined && page.records.length < limit;
    return {
      events: page.records.map(viewRecord),
      ...(page.nextBefore === undefined ? {} : { next_cursor: encodeCursor(page.nextBefore, queryDigest) }),
      ...(isCutShort ? { notes: ['Older records were not looked through yet: go on with the cursor.'] } : {}),
    };
  },
});

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));

/** An id is taken as it is: the item may be gone, and its trail is asked for because of that. */
async function idOf(text: string, ports: Parameters<typeof resolveItem>[1]): Promise<string> {
  const reference = parseItemReference(text);
  if (reference.form === 'page_id' || reference.form === 'asset_id') return reference.id;
  return (await resolveItem(text, ports)).id;
}

function viewRecord(record: AuditRecord): z.input<typeof eventView> {
  const { by, code, reason, versions, operation, jobId, tokenId, grantId, scopes, network } = record;
  const { task, requestId, traceId, count, dryRun, replayed } = record;
  return {
    number: record.sequence,
    time: new Date(record.atMs).toISOString(),
    tool: record.action,
    user: record.subject,
    agent: record.clientId,
    ...(by === undefined ? {} : { by }),
    outcome: record.outcome,
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
    ...(record.itemIds.length === 0 ? {} : { items: [...record.itemIds] }),
    ...(versions === undefined ? {} : { versions: versions.map((version) => ({ ...version })) }),
    ...(task === undefined ? {} : { task }),
    ...(operation === undefined ? {} : { operation }),
    ...(jobId === undefined ? {} : { job: jobId }),
    ...(tokenId === undefined ? {} : { token: tokenId }),
    ...(grantId === undefined ? {} : { grant: grantId }),
    ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    ...(network === undefined ? {} : { network }),
    ...(requestId === undefined ? {} : { request: requestId }),
    ...(traceId === undefined ? {} : { trace: traceId }),
    ...(count === undefined ? {} : { count }),
    ...(dryRun === undefined ? {} : { dry_run: dryRun }),
    ...(replayed === undefined ? {} : { replayed }),
  };
}
