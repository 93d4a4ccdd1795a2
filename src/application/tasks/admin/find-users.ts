import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { GroupEntry, UserEntry } from '../../../domain/ports/cms/users.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { decodeCursor, encodeCursor } from '../../items/cursor.ts';
import { cursorParameter, limitParameter } from '../parameters.ts';

const userView = z.object({
  id: z.string(),
  name: z.string(),
  login: z.string(),
  title: z.string().optional(),
  groups: z.array(z.string()),
  disabled: z.boolean().optional(),
  last_active: z.string().optional(),
});

/** Tells who there is. */
export const findUsers = defineTask({
  name: 'find_users',
  title: 'Find users and groups',
  summary:
    'Find CMS users and groups by part of their name or login: who is in which group, who was active when. Gives the ids that assigning work needs.',
  toolset: 'admin',
  effect: 'read',
  idempotent: true,
  heedsFreeze: false,
  scopes: ['cms:read', 'cms:admin'],
  needs: ['users', 'digest'],
  input: z
    .object({
      query: z.string().trim().max(200).optional().describe('Part of a name or login; all when left out'),
      group: z.string().trim().max(200).optional().describe('Only members of this group: name or id'),
      cursor: cursorParameter,
      limit: limitParameter,
    })
    .strict(),
  output: z.object({
    users: z.array(userView),
    groups: z.array(z.object({ id: z.string(), name: z.string(), members: z.int() })),
    total: z.int(),
    next_cursor: z.string().optional(),
  }),
  publishesOutputSchema: false,

  async execute({ query, group, cursor, limit }, { users, digest }) {
    // The CMS searches neither users nor memberships, and has few of both: they are listed and looked through here.
    const [people, groups] = await Promise.all([
      allPages((page) => users.list(page)),
      allPages((page) => users.groups(page)),
    ]);
    const wantedGroup = group === undefined ? undefined : groupNamed(group, groups);
    const wanted = (query ?? '').toLowerCase();
    const fitting = people.filter(
      (user) =>
        [user.id, user.name, user.loginName].some((text) => text.toLowerCase().includes(wanted)) &&
        (wantedGroup === undefined || isMember(user, wantedGroup)),
    );
    const queryDigest = digest.sha256(JSON.stringify(['find_users', query, group]));
    const start = decodeCursor(cursor, queryDigest);
    const end = start + limit;
    return {
      users: fitting.slice(start, end).map((user) => viewUser(user, groups)),
      groups:
        start > 0
          ? []
          : (wantedGroup === undefined
              ? groups.filter(({ name }) => name.toLowerCase().includes(wanted))
              : [wantedGroup]
            )
              .slice(0, groupsMax)
              .map(({ id, name, members }) => ({ id, name, members: members.length })),
      total: fitting.length,
      ...(end < fitting.length ? { next_cursor: encodeCursor(end, queryDigest) } : {}),
    };
  },
});

const groupsMax = 50;
const candidatesMax = 8;

function groupNamed(text: string, groups: readonly GroupEntry[]): GroupEntry {
  const wanted = text.toLowerCase();
  const found = groups.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new DomainError('NOT_FOUND', `There is no group "${text.slice(0, 80)}".`, {
    candidates: groups.slice(0, candidatesMax).map(({ id, name }) => ({ id, name })),
  });
}

/** Groups name their members by id or by login (contract section 7). */
const isMember = (user: UserEntry, group: GroupEntry): boolean =>
  group.members.includes(user.id) || group.members.includes(user.loginName);

function viewUser(user: UserEntry, groups: readonly GroupEntry[]): z.infer<typeof userView> {
  return {
    id: user.id,
    name: user.name,
    login: user.loginName,
    ...(user.title === undefined ? {} : { title: user.title }),
    groups: groups.filter((group) => isMember(user, group)).map(({ name }) => name),
    ...(user.disabled ? { disabled: true } : {}),
    ...(user.lastActiveAt === undefined ? {} : { last_active: user.lastActiveAt }),
  };
}
