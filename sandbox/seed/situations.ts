import type { CheckedOutCopy, ContentElement, NodePermission, PageItem } from '../model.ts';
import { landmarkKeys } from './landmarks.ts';
import { pageId } from './page-ids.ts';
import type { SandboxRole } from './people.ts';
import { seedIds } from './seed-ids.ts';

/**
 * Turns ordinary pages into the situations of `landmarkKeys`: one entry per situation, each changes its own page.
 * The pages given are fresh objects, and are changed in place.
 */
export function applySituations(pages: Record<string, PageItem>): void {
  for (const [key, change] of situations) {
    const page = pages[pageId(key)];
    if (page === undefined) {
      throw new Error(`The seed has no page ${key} to change.`);
    }
    change(page);
  }
  linkTranslation(pages, landmarkKeys.spanishMasterPage, landmarkKeys.spanishClonePage);
}

const { users, groups, states, targets } = seedIds;

/** The site's permissions, which every page inherits unless it has its own. */
const sitePermissions: NodePermission[] = [
  { groupId: groups.administrators, userId: null, level: 'FULL_ACCESS' },
  { groupId: groups.contentTeam, userId: null, level: 'FULL_ACCESS' },
  { groupId: groups.viewers, userId: null, level: 'READ_ONLY' },
];

const situations: [key: string, change: (page: PageItem) => void][] = [
  [landmarkKeys.home, (page) => setSecurity(page, [])],
  [landmarkKeys.recycleFolder, (page) => setSecurity(page, [])],
  [landmarkKeys.readOnlyForEditorPage, (page) => setSecurity(page, [[users.editor, 'READ_ONLY']])],
  [landmarkKeys.noAccessForAuthorPage, (page) => setSecurity(page, [[users.author, 'NO_ACCESS']])],
  [
    landmarkKeys.deadlinesPage,
    (page) =>
      page.urlHistory.push({
        targetId: null,
        type: 'Renamed',
        path: 'admissions/dates-and-deadlines',
        canonical: false,
      }),
  ],
  [
    landmarkKeys.checkedOutByOtherPage,
    (page) =>
      checkOut(page, 'publisher', '2026-02-27T14:20:00Z', {
        Summary: 'Internships, first jobs and better second thoughts.',
      }),
  ],
  [
    landmarkKeys.checkedOutByEditorPage,
    (page) =>
      checkOut(page, 'editor', '2026-02-27T15:05:00Z', {
        Body: '<p>Posters are ready within two working days. Thesis binding takes one week in April and two days in the rest of the year.</p>',
      }),
  ],
  [landmarkKeys.emptyRequiredFieldPage, (page) => setField(page, 'Summary', '')],
  [
    landmarkKeys.brokenLinkPage,
    (page) =>
      addChild(page, 'RelatedLinks', {
        name: 'Link',
        value: 'x99999',
        attributes: { Text: 'Find your chapter' },
        children: [],
      }),
  ],
  [
    landmarkKeys.neverPublishedPage,
    (page) => {
      page.marks = {};
      page.published = {};
      moveTo(page, states.inReview, groups.editors, '2026-02-26T16:00:00Z', 'Please check the telephone number.');
    },
  ],
  [landmarkKeys.neverCheckedInPage, makeNew],
  [
    landmarkKeys.newerVersionMarkedPage,
    (page) => {
      for (const live of Object.values(page.published)) {
        live.version = 2;
      }
      page.marks[targets.staging] = { version: 2 };
    },
  ],
  [
    landmarkKeys.draftPage,
    (page) => {
      moveTo(page, states.draft, groups.contentTeam, '2026-02-24T09:30:00Z', 'New data sets to be added.');
      page.assignedUserId = users.author;
      page.assignedGroupId = null;
    },
  ],
  [
    'academics/engineering/civil/ms-water-resources',
    (page) => {
      moveTo(page, states.draft, groups.contentTeam, '2026-02-23T10:10:00Z', 'Waiting for the new course list.');
      page.assignedUserId = users.author;
      page.assignedGroupId = null;
    },
  ],
  [
    landmarkKeys.inReviewPage,
    (page) => moveTo(page, states.inReview, groups.editors, '2026-02-25T11:45:00Z', 'Amounts confirmed by Finance.'),
  ],
  [
    'events/2026/coding-camp',
    (page) => {
      page.favoriteOf = [users.editor];
    },
  ],
  [
    'admissions/international/visas',
    (page) => moveTo(page, states.inReview, groups.editors, '2026-02-26T10:20:00Z', 'Waiting times updated.'),
  ],
  [
    landmarkKeys.approvedPage,
    (page) => moveTo(page, states.approved, groups.editors, '2026-02-26T17:10:00Z', 'Goes out with the newsletter.'),
  ],
  [
    landmarkKeys.lockedWorkflowPage,
    (page) => {
      if (page.workflow !== null) {
        page.workflow.locked = true;
      }
    },
  ],
  [
    landmarkKeys.expiredPage,
    (page) => {
      page.endDate = '2025-12-31T23:59:59Z';
      page.published = {};
    },
  ],
  [
    landmarkKeys.tuitionPage,
    (page) => {
      page.favoriteOf = [users.editor, users.author];
    },
  ],
];

function setSecurity(page: PageItem, userLevels: [userId: string, level: NodePermission['level']][]): void {
  page.security = [
    ...sitePermissions.map((permission) => ({ ...permission })),
    ...userLevels.map(([userId, level]) => ({ groupId: null, userId, level })),
  ];
}

/** A check-out by hand: the copy has the newest version's content except for the given fields. */
function checkOut(page: PageItem, role: SandboxRole, since: string, changes: Record<string, string>): void {
  const newest = page.versions.at(-1);
  if (newest === undefined) {
    throw new Error(`${page.id} has no version to check out.`);
  }
  const elements = structuredClone(newest.elements).map((element) => ({
    ...element,
    value: changes[element.name] ?? element.value,
  }));
  setWorkingCopy(page, { userId: users[role], since, name: newest.name, elements, file: null });
}

function setWorkingCopy(page: PageItem, copy: CheckedOutCopy): void {
  page.checkedOut = copy;
  page.assignedUserId = copy.userId;
  page.lastModified = copy.since;
  page.lastModifiedBy = copy.userId;
}

/** A page somebody has just created: a working copy only, in the first state of its workflow. */
function makeNew(page: PageItem): void {
  const since = '2026-02-27T09:50:00Z';
  const newest = page.versions.at(-1);
  setWorkingCopy(page, {
    userId: users.author,
    since,
    name: newest?.name ?? '',
    elements: structuredClone(newest?.elements ?? []),
    file: null,
  });
  page.created = since;
  page.createdBy = users.author;
  page.versions = [];
  page.marks = {};
  page.published = {};
  moveTo(page, states.draft, groups.contentTeam, since, '');
  page.assignedGroupId = null;
}

function moveTo(page: PageItem, stateId: string, groupId: string, updated: string, comment: string): void {
  if (page.workflow === null) {
    throw new Error(`${page.id} is in no workflow.`);
  }
  Object.assign(page.workflow, { stateId, groupId, updated, updatedBy: users.author, comment });
  page.assignedGroupId = groupId;
}

function setField(page: PageItem, name: string, value: string): void {
  for (const version of page.versions) {
    elementNamed(version.elements, name).value = value;
  }
}

function addChild(page: PageItem, name: string, child: ContentElement): void {
  for (const version of page.versions) {
    elementNamed(version.elements, name).children.push(structuredClone(child));
  }
}

function elementNamed(elements: ContentElement[], name: string): ContentElement {
  const element = elements.find((candidate) => candidate.name === name);
  if (element === undefined) {
    throw new Error(`The page has no field ${name}.`);
  }
  return element;
}

/** Both sides of a translation carry the same map. */
function linkTranslation(pages: Record<string, PageItem>, masterKey: string, cloneKey: string): void {
  const master = pages[pageId(masterKey)];
  const clone = pages[pageId(cloneKey)];
  if (master === undefined || clone === undefined) {
    throw new Error('The seed lacks a page of its translation.');
  }
  for (const page of [master, clone]) {
    page.lingual = {
      masterId: master.id,
      masterLocale: master.locale,
      clones: [{ id: clone.id, locale: clone.locale }],
    };
  }
  for (const version of clone.versions) {
    version.masterVersion = master.versions.at(-1)?.number ?? 0;
  }
}
