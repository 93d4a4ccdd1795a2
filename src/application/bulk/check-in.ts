import { DomainError } from '../../domain/errors.ts';
import { checkInAndMark, refuseCheckIn } from '../items/check-in-and-mark.ts';
import { itemHistory } from '../items/item-calls.ts';
import { resolveTarget } from '../items/resolve-target.ts';
import { signComment } from '../items/sign-comment.ts';
import { reread } from '../items/write-guard.ts';
import type { BulkAction, RunPorts } from './bulk-action.ts';
import { pageByPage } from './page-by-page.ts';

/** Makes versions of checked-out pages, and marks the newest ones for targets. */
export const checkInAction: BulkAction<'check_in'> = {
  takes: ['targets', 'comment'],
  callsPerPage: 5,
  undo: {
    undo: 'partial',
    undo_hint: 'Versions stay; older ones can be read and compared, and their text edited in again.',
  },

  async plan({ targets: texts = [], comment }, ports) {
    const found = await Promise.all(texts.map((text) => resolveTarget(text, ports.publishing)));
    const targets = [...new Map(found.map((target) => [target.id, target])).values()];
    const marks = targets.length === 0 ? '' : `, and mark for ${targets.map(({ name }) => name).join(', ')}`;
    return {
      order: {
        action: 'check_in',
        targetIds: targets.map(({ id }) => id),
        ...(comment === undefined ? {} : { comment }),
      },
      words: `check in${marks}`,
      async judge(item, context) {
        if (!item.checkedOut && targets.length === 0) return 'It is checked in already.';
        await refuseCheckIn(item, targets, ports, context);
        return undefined;
      },
      stamp: ({ version, checkedOut, modifiedAt }) => [version, checkedOut, modifiedAt],
      warnings: async () => [],
    };
  },

  async prepare({ targetIds, comment }, bulk) {
    const { ports, run, call } = bulk;
    const targets = (await ports.publishing.targets()).filter(({ id }) => targetIds.includes(id));
    if (targets.length < targetIds.length) {
      throw new DomainError(
        'NOT_FOUND',
        'A publishing target of the plan is not there any more, or this user may not see it. Nothing was changed; get_context names those there are. Plan it anew.',
        { next: { tool: 'get_context', input: {} } },
      );
    }
    const jobMark = `job ${run.job.id}`;
    return pageByPage(
      {
        async look({ id, version }) {
          const item = await reread(id, ports);
          const done = { id, name: item.name, outcome: 'done' as const, version: item.version };
          if (item.version > version) {
            // The job's own check-in carries its id; whatever is newer is for somebody else to check in.
            if (await isOwnVersion(id, jobMark, ports)) return { item, row: done };
            throw new DomainError(
              'VERSION_CONFLICT',
              `"${item.name}" (${id}) has a newer version than was planned, and was left as it is. Look at it, and plan it anew.`,
            );
          }
          if (!item.checkedOut && targets.length === 0) {
            return { item, row: { ...done, outcome: 'unchanged', message: 'It is checked in already.' } };
          }
          await refuseCheckIn(item, targets, ports);
          return { item };
        },
        async act(item) {
          const signed = signComment(comment, call.principal, jobMark);
          const { after, warnings } = await checkInAndMark(item, targets, signed, ports, call);
          return {
            ...{ id: item.id, name: item.name, outcome: 'done', version: after.version },
            ...(warnings.length === 0 ? {} : { message: warnings.join(' ') }),
          };
        },
      },
      bulk,
    );
  },
};

/** Whether the newest version was made by this job. */
async function isOwnVersion(id: string, jobMark: string, ports: RunPorts): Promise<boolean> {
  const { items } = await itemHistory(id, { startIndex: 0, pageSize: 2 }, ports);
  return items.find(({ isCheckedOutCopy }) => !isCheckedOutCopy)?.comment.includes(jobMark) === true;
}
