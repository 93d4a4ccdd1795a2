import { canRead, hasFullAccess, levelOf } from '../cms/access.ts';
import type { Actor } from '../cms/actor.ts';
import { holdsWorkingCopy, isFolderPage, nameOf, schemaOf } from '../cms/content.ts';
import { ancestorsOf, childPages } from '../cms/tree.ts';
import type { PageItem } from '../model.ts';
import { groupName, loginOf, userName } from '../views/entity.ts';

/** `PageProperties` of the service layer. Its assigned user carries an e-mail address, as the real one does. */
export function pageProperties(actor: Actor, page: PageItem, encode: (name: string) => string) {
  const { state } = actor;
  const schema = schemaOf(state, page);
  const isOther = page.assignedUserId !== null && page.assignedUserId !== actor.user.id;
  const marks = Object.keys(page.marks).length > 0;
  return {
    allowedCategoryRoots: [],
    ancestors: ancestorsOf(state, page).map(({ id }) => id),
    assignedGroup: page.assignedGroupId && {
      canClaimPage: true,
      groupId: page.assignedGroupId,
      name: groupName(state, page.assignedGroupId),
    },
    assignedUser: page.assignedUserId && {
      email: `${loginOf(state, page.assignedUserId)}@example.edu`,
      name: encode(userName(state, page.assignedUserId) ?? ''),
      userId: page.assignedUserId,
    },
    canClaimPage: false,
    canTranslate: page.lingual !== null,
    checkedOut: page.checkedOut !== null,
    error: null,
    icon: schema.icon,
    isAssignedToOtherUser: isOther,
    isEditable: holdsWorkingCopy(state, actor.user, page) && hasFullAccess(actor, page),
    isFolder: isFolderPage(state, page),
    isInWorkflow: page.workflow !== null,
    justRecycled: false,
    languageRootId: null,
    lingualMaps: { clones: [], master: null },
    locale: page.locale,
    localeInherited: true,
    markedForPublish: marks,
    markedForPublishAny: marks,
    markedForPublishPropagated: false,
    name: encode(nameOf(page)),
    nextPageId: null,
    nextPageIndex: 0,
    noDnd: false,
    numChildPages: childPages(state, page.id).filter((child) => canRead(actor, child)).length,
    pageId: page.id,
    parentId: page.parentId,
    pendingMasterVersion: 0,
    referenceProps: {
      created: compactTime(page.created),
      createdBy: userName(state, page.createdBy),
      endDate: compactTime(page.endDate),
      lastModified: compactTime(page.lastModified),
      lastModifiedBy: userName(state, page.lastModifiedBy),
      publishAs: '',
      startDate: compactTime(page.startDate),
    },
    remoteServer: null,
    schemaFriendlyName: encode(schema.friendlyName),
    schemaName: schema.rootName,
    schemaOnLatestVersion: true,
    securityLevel: SECURITY_LEVELS.indexOf(levelOf(state, actor.user, page)),
    userCanCopyPage: true,
    workflow: page.workflow?.id ?? null,
  };
}

const SECURITY_LEVELS = ['NO_ACCESS', 'READ_ONLY', 'FULL_ACCESS'];

/** The layer's own form of a date: `yyyyMMddTHH:mm:ss`. */
function compactTime(iso: string | null): string {
  return iso === null
    ? '00010101T00:00:00'
    : iso.replace(/^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2}).*$/, '$1$2$3T$4');
}
