import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { PublishingTarget, Redirect } from '../../../domain/model/publishing.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import { defineTask, type Impact } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { resolveTarget } from '../../items/resolve-target.ts';
import { confirmParameter, cursorParameter, targetParameter } from '../parameters.ts';
import { receiptView } from '../views.ts';

type Needs = Pick<Ports, 'publishing' | 'pages' | 'digest'>;

const input = z
  .object({
    action: z.enum(['list', 'save', 'remove']).describe('save adds, or changes the one with this from or id'),
    from: z.string().trim().min(1).max(2000).optional().describe('Old path, such as /old; filters a list'),
    to: z.string().trim().min(1).max(2000).optional().describe('New path or URL; filters a list'),
    ids: z.array(z.string().trim().min(1).max(200)).min(1).max(50).optional().describe('Redirect ids'),
    targets: z.array(targetParameter).min(1).max(20).optional().describe('Publishing targets'),
    cursor: cursorParameter,
    confirm: confirmParameter,
  })
  .strict();
type Input = z.output<typeof input>;

const redirectView = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  targets: z.array(z.string()),
  temporary: z.boolean().optional(),
  notes: z.string().optional(),
});

const pageSize = 50;

/** Keeps old addresses alive: the table of redirects of all publishing targets. */
export const manageRedirects = defineTask({
  name: 'manage_redirects',
  title: 'Manage redirects',
  summary:
    'List, add, change or remove URL redirects (301, 302, forwarding of old addresses). Changing and removing, and redirecting the address of an existing page, first answer the impact and a confirm token. Refuses loops.',
  toolset: 'publishing',
  effect: 'destructive',
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['publishing', 'pages', 'digest'],
  input,
  output: receiptView.omit({ changed: true }).extend({
    redirects: z.array(redirectView).describe('As they are now; those removed after a removal'),
    before: redirectView.optional(),
    total: z.int().optional(),
    next_cursor: z.string().optional(),
  }),
  publishesOutputSchema: false,

  async impact(given, ports): Promise<Impact | undefined> {
    if (given.action === 'list') return undefined;
    const targets = await ports.publishing.targets();
    if (given.action === 'remove') {
      const doomed = await redirectsToRemove(given, ports);
      return {
        summary: `${doomed.length} redirect(s) are removed; links to their old addresses will not be found after the next publish.`,
        facts: { redirects: doomed.map((redirect) => viewRedirect(redirect, targets)) },
        warnings: [],
        fingerprint: JSON.stringify(doomed),
      };
    }
    const plan = await planSave(given, ports);
    if (plan.isDone || (plan.existing === undefined && plan.shadowedOn.length === 0)) return undefined;
    return {
      summary: `${plan.next.from} will lead to ${plan.next.to}${plan.existing === undefined ? '' : `, instead of ${plan.existing.from} to ${plan.existing.to}`}.`,
      facts: {
        ...(plan.existing === undefined ? {} : { before: viewRedirect(plan.existing, targets) }),
        after: viewRedirect({ id: plan.existing?.id ?? 'new', ...plan.next }, targets),
      },
      warnings: [...plan.warnings],
      fingerprint: JSON.stringify([plan.existing, plan.next, plan.shadowedOn]),
    };
  },

  async execute(given, ports) {
    const targets = await ports.publishing.targets();
    if (given.action === 'list') return list(given, targets, ports);
    if (given.action === 'remove') {
      const doomed = await redirectsToRemove(given, ports);
      const ids = doomed.map(({ id }) => id);
      await ports.publishing.deleteRedirects(ids);
      const left = (await readAll(ports)).filter(({ id }) => ids.includes(id));
      if (left.length > 0) throw unverified(left.map(({ id }) => id));
      return {
        redirects: doomed.map((redirect) => viewRedirect(redirect, targets)),
        undo: 'possible' as const,
        undo_hint: 'Save them again from this answer; they get new ids.',
        warnings: [takesEffect],
      };
    }
    const { existing, next, warnings, isDone } = await planSave(given, ports);
    if (existing !== undefined && isDone) {
      return {
        redirects: [viewRedirect(existing, targets)],
        undo: 'no' as const,
        warnings: [...warnings, 'It was so already: nothing was saved.'],
      };
    }
    const { id } = await ports.publishing.saveRedirect({
      ...(existing === undefined ? {} : { id: existing.id }),
      ...next,
    });
    const saved = (await readAll(ports)).find((redirect) => redirect.id === id);
    if (saved === undefined || !isSame(saved, next)) throw unverified([id]);
    return {
      redirects: [viewRedirect(saved, targets)],
      ...(existing === undefined ? {} : { before: viewRedirect(existing, targets) }),
      undo: 'possible' as const,
      undo_hint: existing === undefined ? 'Remove it.' : 'Save it again as under before.',
      warnings: [...warnings, takesEffect],
    };
  },
});

const takesEffect = 'Sites take redirects over with their next publish.';

/** The CMS filters nothing, so that a filtered list is read whole, up to the bound of such lists. */
async function list(given: Input, targets: readonly PublishingTarget[], ports: Needs) {
  const { action, cursor, confirm, ...query } = given;
  const queryDigest = ports.digest.sha256(JSON.stringify(query));
  const startIndex = decodeCursor(cursor, queryDigest);
  const wantedTargets = await targetIdsOf(given, ports);
  const found = (await readAll(ports)).filter(
    (redirect) =>
      holds(redirect.from, given.from) &&
      holds(redirect.to, given.to) &&
      (given.ids === undefined || given.ids.includes(redirect.id)) &&
      (wantedTargets === undefined || redirect.targetIds.some((id) => wantedTargets.includes(id))),
  );
  const end = startIndex + pageSize;
  return {
    redirects: found.slice(startIndex, end).map((redirect) => viewRedirect(redirect, targets)),
    total: found.length,
    ...(end < found.length ? { next_cursor: encodeCursor(end, queryDigest) } : {}),
    undo: 'no' as const,
    warnings: [],
  };
}

const holds = (address: string, part: string | undefined): boolean =>
  part === undefined || address.toLowerCase().includes(part.toLowerCase());

const readAll = (ports: Needs): Promise<readonly Redirect[]> => allPages((page) => ports.publishing.redirects(page));

async function targetIdsOf(given: Input, ports: Needs): Promise<readonly string[] | undefined> {
  if (given.targets === undefined) return undefined;
  const found = await Promise.all(given.targets.map((text) => resolveTarget(text, ports.publishing)));
  return [...new Set(found.map(({ id }) => id))];
}

async function redirectsToRemove(given: Input, ports: Needs): Promise<readonly Redirect[]> {
  if ((given.ids === undefined) === (given.from === undefined)) {
    throw new DomainError('BAD_INPUT', 'Say which redirects to remove: by ids, or by the old path in from.');
  }
  const all = await readAll(ports);
  if (given.ids !== undefined) return given.ids.map((id) => byId(id, all));
  const wantedTargets = await targetIdsOf(given, ports);
  const found = all.filter(
    ({ from, targetIds }) =>
      isSameAddress(from, given.from ?? '') &&
      (wantedTargets === undefined || targetIds.some((id) => wantedTargets.includes(id))),
  );
  if (found.length > 0) return found;
  throw new DomainError('NOT_FOUND', `There is no redirect from ${given.from}. Nothing was removed.`, {
    next: { tool: 'manage_redirects', input: { action: 'list' } },
  });
}

function byId(id: string, all: readonly Redirect[]): Redirect {
  const found = all.find((redirect) => redirect.id === id);
  if (found !== undefined) return found;
  throw new DomainError('NOT_FOUND', `There is no redirect ${id}. Nothing was changed.`, {
    next: { tool: 'manage_redirects', input: { action: 'list' } },
  });
}

interface SavePlan {
  readonly existing: Redirect | undefined;
  readonly next: Omit<Redirect, 'id'>;
  /** The redirect is as wanted already. */
  readonly isDone: boolean;
  /** Targets on which a page has the old address now. */
  readonly shadowedOn: readonly string[];
  readonly warnings: readonly string[];
}

/** Everything that can be refused is refused here, for the impact and for the act alike. */
async function planSave(given: Input, ports: Needs): Promise<SavePlan> {
  const all = await readAll(ports);
  const wantedTargets = await targetIdsOf(given, ports);
  const existing = existingOf(given, wantedTargets, all);
  const from = given.from ?? existing?.from;
  const to = given.to ?? existing?.to;
  const targetIds = wantedTargets ?? existing?.targetIds;
  if (from === undefined || to === undefined || targetIds === undefined || targetIds.length === 0) {
    throw new DomainError('BAD_INPUT', 'A new redirect needs from, to and targets. Nothing was saved.', {
      candidates: (await ports.publishing.targets()).map(({ id, name }) => ({ id, name })),
    });
  }
  refuseForms(from, to);
  const others = all.filter(
    (redirect) => redirect.id !== existing?.id && redirect.targetIds.some((id) => targetIds.includes(id)),
  );
  const onward = follow(from, to, others);
  const [shadowedOn, deadOn] = await Promise.all([
    targetsWhere(
      targetIds,
      async (id) => isSameAddress((await ports.pages.findByPath(from, id))?.path ?? '', from),
      ports,
    ),
    to.startsWith('/')
      ? targetsWhere(targetIds, async (id) => (await ports.pages.findByPath(pathOf(to), id)) === undefined, ports)
      : [],
  ]);
  const next = { from, to, targetIds, notes: existing?.notes ?? '', temporary: existing?.temporary ?? false };
  return {
    existing,
    next,
    isDone: existing !== undefined && isSame(existing, next),
    shadowedOn,
    warnings: [
      ...(shadowedOn.length === 0
        ? []
        : [`A page has the address ${from} now on ${shadowedOn.join(', ')}; it may not be reached any more.`]),
      ...(deadOn.length === 0 || onward !== undefined
        ? []
        : [`No page has the address ${to} on ${deadOn.join(', ')}.`]),
      ...(onward === undefined ? [] : [`${to} is redirected itself, to ${onward}. Better lead there at once.`]),
    ],
  };
}

function existingOf(
  given: Input,
  wantedTargets: readonly string[] | undefined,
  all: readonly Redirect[],
): Redirect | undefined {
  if (given.ids !== undefined) {
    const [id] = given.ids;
    if (given.ids.length === 1 && id !== undefined) return byId(id, all);
    throw new DomainError('BAD_INPUT', 'One redirect is saved at a time. Nothing was saved.');
  }
  const same = all.filter(
    ({ from, targetIds }) =>
      isSameAddress(from, given.from ?? '') &&
      (wantedTargets === undefined || targetIds.some((id) => wantedTargets.includes(id))),
  );
  if (same.length < 2) return same[0];
  throw new DomainError(
    'AMBIGUOUS',
    `Several redirects lead away from ${given.from}. Give the id of the one to change.`,
    {
      candidates: same.map(({ id, from, to }) => ({ id, name: `${from} → ${to}` })),
    },
  );
}

function refuseForms(from: string, to: string): void {
  if (!from.startsWith('/') || /\s/.test(from)) {
    throw new DomainError('BAD_INPUT', '"from" is a path that begins with a slash, such as /old-page.');
  }
  if (!/^(?:\/(?!\/)|https?:\/\/)\S*$/i.test(to)) {
    throw new DomainError('BAD_INPUT', '"to" is a path that begins with a slash, or a http or https URL.');
  }
  if (isSameAddress(from, to)) throw new DomainError('BAD_INPUT', 'A redirect cannot lead to its own address.');
}

/**
 * Where the new address is redirected to, if it is.
 *
 * @throws DomainError CONFLICT when the way leads back.
 */
function follow(from: string, to: string, redirects: readonly Redirect[]): string | undefined {
  const seen = new Set<string>();
  let at = to;
  for (;;) {
    const next = redirects.find((redirect) => isSameAddress(redirect.from, at) && !seen.has(redirect.id));
    if (next === undefined) return at === to ? undefined : at;
    seen.add(next.id);
    if (isSameAddress(next.to, from)) {
      throw new DomainError(
        'CONFLICT',
        `That would be a loop: ${next.from} (${next.id}) leads back to ${from}. Nothing was saved.`,
      );
    }
    at = next.to;
  }
}

async function targetsWhere(
  targetIds: readonly string[],
  holdsOn: (targetId: string) => Promise<boolean>,
  ports: Needs,
): Promise<readonly string[]> {
  const targets = (await ports.publishing.targets()).filter(({ id }) => targetIds.includes(id));
  const held = await Promise.all(targets.map(async ({ id, name }) => ((await holdsOn(id)) ? [name] : [])));
  return held.flat();
}

const pathOf = (address: string): string => address.split(/[?#]/)[0] ?? address;

/** Sites tell addresses apart neither by case nor by a slash at the end. */
const isSameAddress = (one: string, other: string): boolean => plain(one) === plain(other);
const plain = (address: string): string => address.trim().toLowerCase().replace(/\/+$/, '');

const isSame = (saved: Redirect, next: Omit<Redirect, 'id'>): boolean =>
  saved.from === next.from &&
  saved.to === next.to &&
  [...saved.targetIds].sort().join() === [...next.targetIds].sort().join();

function unverified(ids: readonly string[]): DomainError {
  return new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS took the call, but ${ids.join(', ')} is not as wanted when the redirects are read back.`,
    { next: { tool: 'manage_redirects', input: { action: 'list' } } },
  );
}

function viewRedirect(redirect: Redirect, targets: readonly PublishingTarget[]): z.infer<typeof redirectView> {
  return {
    id: redirect.id,
    from: redirect.from,
    to: redirect.to,
    targets: redirect.targetIds.map((id) => targets.find((target) => target.id === id)?.name ?? id),
    ...(redirect.temporary ? { temporary: true } : {}),
    ...(redirect.notes === '' ? {} : { notes: redirect.notes }),
  };
}
