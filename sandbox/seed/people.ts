import type { OAuthIdentity, SandboxGroup, SandboxUser, UserRight } from '../model.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

/** The five roles, each with one user and one OAuth identity. */
export type SandboxRole = 'admin' | 'publisher' | 'editor' | 'author' | 'viewer';

type RoleRow = {
  role: SandboxRole;
  username: string;
  password: string;
  name: string;
  title: string;
  mayDo: string;
};

/** The users one can sign in as. The passwords are public: the sandbox protects nothing. */
export const sandboxUsers: RoleRow[] = [
  {
    role: 'admin',
    username: 'mokafor',
    password: 'sandbox-admin-pass',
    name: 'Margaret Okafor',
    title: 'Web Systems Administrator',
    mayDo: 'everything',
  },
  {
    role: 'publisher',
    username: 'dreyes',
    password: 'sandbox-publisher-pass',
    name: 'Daniel Reyes',
    title: 'Chief Editor',
    mayDo: 'edits, reviews, publishes to every target, checks in for others, manages taxonomy and redirects',
  },
  {
    role: 'editor',
    username: 'praman',
    password: 'sandbox-editor-pass',
    name: 'Priya Raman',
    title: 'Web Editor',
    mayDo: 'edits, checks in, marks, advances workflows, publishes to Production and Staging; the default for agents',
  },
  {
    role: 'author',
    username: 'tlindqvist',
    password: 'sandbox-author-pass',
    name: 'Thomas Lindqvist',
    title: 'Content Author',
    mayDo: 'edits, checks in and submits for review; neither marks nor publishes',
  },
  {
    role: 'viewer',
    username: 'gwhitfield',
    password: 'sandbox-viewer-pass',
    name: 'Grace Whitfield',
    title: 'Compliance Reviewer',
    mayDo: 'reads only',
  },
];

/** One OAuth identity per role; its calls run with the rights of the role's user. */
export const sandboxIdentities: (Pick<OAuthIdentity, 'clientId' | 'clientSecret'> & { role: SandboxRole })[] =
  sandboxUsers.map(({ role }) => ({ role, clientId: `sandbox-${role}`, clientSecret: `sandbox-secret-${role}` }));

export function seedUsers(): SandboxUser[] {
  return sandboxUsers.map((row) => ({
    ...stamp('2025-01-06T08:00:00Z', seedIds.users.admin),
    id: seedIds.users[row.role],
    userId: row.username,
    name: row.name,
    title: row.title,
    email: `${row.username}@northfield.example`,
    password: row.password,
    picture: null,
    isTaskUser: false,
    disabled: false,
    lastActive: '2026-02-26T16:40:00Z',
  }));
}

export function seedIdentities(): OAuthIdentity[] {
  return sandboxUsers.map((row) => ({
    id: `OAuthIdentities/${row.role}`,
    name: `Sandbox ${row.role}`,
    note: `Runs as ${row.name}: ${row.mayDo}.`,
    userId: seedIds.users[row.role],
    clientId: `sandbox-${row.role}`,
    clientSecret: `sandbox-secret-${row.role}`,
  }));
}

const writingRights: UserRight[] = [
  'IGX_USER_RIGHT_EDIT',
  'IGX_USER_RIGHT_CREATE',
  'IGX_USER_RIGHT_CHECKIN_CHECKOUT',
  'IGX_USER_RIGHT_TRANSITION',
  'IGX_USER_RIGHT_WORKFLOW',
  'IGX_USER_RIGHT_CAN_EDIT_ASSETS',
  'IGX_USER_RIGHT_ASSET_CREATE',
  'IGX_USER_RIGHT_ASSET_CHECKIN_CHECKOUT',
  'IGX_USER_RIGHT_ASSET_TRANSITION',
];

const editingRights: UserRight[] = [
  ...writingRights,
  'IGX_USER_RIGHT_DELETE',
  'IGX_USER_RIGHT_REORDER',
  'IGX_USER_RIGHT_MARK',
  'IGX_USER_RIGHT_PUBLISH_INCREMENTAL',
  'IGX_USER_RIGHT_CATEGORIZE',
  'IGX_USER_RIGHT_ASSIGNMENT',
  'IGX_USER_RIGHT_ASSET_MARK',
  'IGX_USER_RIGHT_ASSET_PUBLISH',
  'IGX_USER_RIGHT_ASSET_ASSIGNMENT',
  'IGX_USER_RIGHT_ASSET_CATEGORIZE',
  'IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS',
];

const publishingRights: UserRight[] = [
  ...editingRights,
  'IGX_USER_RIGHT_PUBLISH',
  'IGX_USER_RIGHT_CHECKIN_OTHERS',
  'IGX_USER_RIGHT_ROLLBACK',
  'IGX_USER_RIGHT_MANAGE_TAXONOMY',
  'IGX_USER_RIGHT_CAN_MANAGE_REDIRECTS',
  'IGX_USER_RIGHT_DELETE_ASSET_FILES',
  'IGX_USER_RIGHT_ASSET_CHECKIN_OTHERS',
];

type GroupRow = { key: keyof typeof seedIds.groups; name: string; members: SandboxRole[]; rights: UserRight[] };

const groupRows: GroupRow[] = [
  { key: 'administrators', name: 'Administrators', members: ['admin'], rights: ['IGX_USER_RIGHT_ADMIN'] },
  { key: 'contentTeam', name: 'Content Team', members: ['publisher', 'editor', 'author'], rights: writingRights },
  { key: 'editors', name: 'Editors', members: ['publisher', 'editor'], rights: editingRights },
  { key: 'publishers', name: 'Publishers', members: ['publisher'], rights: publishingRights },
  { key: 'newsDesk', name: 'News Desk', members: ['publisher', 'editor'], rights: [] },
  { key: 'viewers', name: 'Viewers', members: ['viewer'], rights: [] },
];

export function seedGroups(): SandboxGroup[] {
  return groupRows.map((row) => ({
    ...stamp('2025-01-06T08:00:00Z', seedIds.users.admin),
    id: seedIds.groups[row.key],
    name: row.name,
    groupType: row.key === 'administrators' ? 'BuiltIn' : 'Custom',
    userIds: row.members.map((role) => seedIds.users[role]),
    rights: [...row.rights],
  }));
}
