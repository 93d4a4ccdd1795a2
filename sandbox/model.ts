import type { Administration } from './administration.ts';
import type { EntityStamp } from './entity-stamp.ts';

export type { EntityStamp };

/**
 * The whole state of the sandbox CMS as one plain, JSON-serialisable object.
 *
 * The state holds more than the REST contract shows (field values that can be saved, marks with versions, the
 * publishing queue), because the real CMS has these things behind its API too. What an API caller sees is made by the
 * mapping functions in `views/`. Every date is an ISO 8601 text in UTC; every absent value is `null`, never missing.
 */
export type SandboxState = {
  /** Version of this format; a data file with another number is refused at start. */
  formatVersion: 2;
  siteName: string;
  /** Next number to hand out per kind of id; must be above every number used by the seed. */
  counters: SandboxCounters;
  /** Pages, folders and components by id (`x42`). Order of insertion is the order of creation. */
  pages: Record<string, PageItem>;
  /** The home page, `x1`. */
  rootPageId: string;
  /** The Recycle Folder page; whatever lies below it counts as recycled. */
  recycleFolderId: string;
  /** Asset files by id (`a/5`). */
  assets: Record<string, AssetItem>;
  /** Asset folders by id (`af/105`). */
  assetFolders: Record<string, AssetFolder>;
  assetRootFolderId: string;
  assetRecycleFolderId: string;
  schemas: SchemaDefinition[];
  pageCreationRules: PageCreationRule[];
  workstates: Workstate[];
  workflowDefinitions: WorkflowDefinition[];
  publishingTargets: PublishingTarget[];
  userAgents: { name: string; searchString: string; contentType: string; fileExtension: string }[];
  sites: { name: string; searchString: string; siteGroup: string }[];
  categories: CategoryNode[];
  users: SandboxUser[];
  groups: SandboxGroup[];
  oauthIdentities: OAuthIdentity[];
  alerts: Alert[];
  contentFreeze: ContentFreeze | null;
  redirects: Redirect[];
  /** Newest first. */
  activities: UserActivity[];
  publishing: PublishingState;
  dita: DitaState;
  /** The analytics service of a publishing target, by its id; a target without an entry has none. */
  analyticsConnections: Record<string, { propertyId: string; propertyName: string }>;
  /** Addresses of pictures that were set for components, by page id. */
  contentUnitThumbnails: Record<string, string>;
  oauth: OAuthState;
  administration: Administration;
};

/** The next free number per kind of id. */
export type SandboxCounters = {
  page: number;
  asset: number;
  assetFolder: number;
  category: number;
  group: number;
  workflow: number;
  pageCreationRule: number;
  redirect: number;
  publishTask: number;
  publishLog: number;
  administration: number;
};

/** What pages and asset files have in common. */
export type ContentItem = EntityStamp & {
  id: string;
  schemaId: string;
  /** Checked-in versions, oldest first; empty when the item was never checked in. */
  versions: ContentVersion[];
  /** The working copy while the item is checked out, else null. */
  checkedOut: CheckedOutCopy | null;
  /** An item is assigned to a user or to a group, or to nobody; never to both. */
  assignedUserId: string | null;
  assignedGroupId: string | null;
  workflow: WorkflowInstance | null;
  /** `CategoryNode.id`s. */
  categoryIds: string[];
  /** Marked for publish: target id to the version that will go out. */
  marks: Record<string, { version: number }>;
  /** Live: target id to the version that is out. */
  published: Record<string, { version: number; time: string }>;
  locale: string;
  /** Own permissions; null = inherited from the parent. A caller without an entry here inherits too. */
  security: NodePermission[] | null;
  /** Life time outside of which a publish leaves the item out. */
  startDate: string | null;
  endDate: string | null;
  /** Users who marked the item as a favourite. */
  favoriteOf: string[];
};

export type PageItem = ContentItem & {
  kind: 'page';
  /** Null only for the root and for the Recycle Folder. */
  parentId: string | null;
  siblingPosition: number;
  isComponent: boolean;
  viewName: string | null;
  stylesheet: string | null;
  isRegionRoot: boolean;
  canParentRegionRoots: boolean;
  lingual: LingualMap | null;
  /** Former structured URLs, oldest first. */
  urlHistory: UrlHistoryEntry[];
};

export type AssetItem = ContentItem & {
  kind: 'asset';
  /** An `AssetFolder.id`. */
  parentId: string;
  width: number;
  height: number;
  urlHistory: UrlHistoryEntry[];
};

export type AssetFolder = EntityStamp & {
  id: string;
  name: string;
  /** Null for the root and for the recycle folder. */
  parentId: string | null;
  /** Empty = every extension; lower case without a dot. */
  allowedExtensions: string[];
  security: NodePermission[] | null;
};

/** One checked-in version; the snapshot that publishing sends out. */
export type ContentVersion = {
  /** 1 for the first check-in. */
  number: number;
  name: string;
  date: string;
  userId: string;
  comment: string;
  schemaVersion: number;
  /** Version of the master page at the time, for translations; 0 otherwise. */
  masterVersion: number;
  /** In the order of the schema's fields. A field without an element has its default or an empty value. */
  elements: ContentElement[];
  /** Assets only: the file of this version. */
  file: AssetFile | null;
};

/** The working copy of a checked-out item. */
export type CheckedOutCopy = {
  userId: string;
  since: string;
  name: string;
  elements: ContentElement[];
  file: AssetFile | null;
};

/**
 * The value of one field. How each type stores it:
 * - TEXT, CDATA (XHTML), XML, ENUMERATION, DATE, LOCAL_DATE, LOCAL_TIME, PASSWORD: `value`; dates are ISO texts;
 * - BOOLEAN: `value` is `true` or `false`; MULTI_SELECT: `value` is `a|b|c`;
 * - COMPONENT, LINK, ASSET, IMAGE, MEDIA, DOCUMENT: `value` is the id (`x9`, `a/5`); LINK may be an absolute URL;
 *   further details (`Text`, `Target`, `AltText`) in `attributes`;
 * - LIST, LINKSET, REFERENCES, ASSETLINKSET: `children`, each one entry of the child type named `childName`;
 *   a LIST entry may have children of its own when the child type is a group of fields;
 * - NAVIGATION, TAXONOMYNAVIGATION and other computed types: `value` is the start node (`x7`, `CategoryNodes/3`),
 *   `attributes` may carry `Depth`; what they list is worked out when the XML is made;
 * - GROUP_START, GROUP_END: no value.
 */
export type ContentElement = {
  name: string;
  value: string;
  attributes: Record<string, string>;
  children: ContentElement[];
};

/** A file's metadata and, when it is small, its bytes. */
export type AssetFile = {
  /** Lower case, without a dot. */
  extension: string;
  mimeType: string;
  byteSize: number;
  /** Exactly one of the two carries the bytes; both null = generated filler of `byteSize` bytes is served. */
  text: string | null;
  base64: string | null;
};

export type LingualMap = {
  masterId: string;
  masterLocale: string;
  clones: { id: string; locale: string }[];
};

export type UrlHistoryType =
  | 'NativeID'
  | 'NativeStructuredUrl'
  | 'Deleted'
  | 'Renamed'
  | 'PublishAs'
  | 'Moved'
  | 'Custom'
  | 'Canonical'
  | 'Unknown'
  | 'MultiFormatPage'
  | 'NoChange'
  | 'Alias';

/** A path that led to the item earlier. `targetId` null = on every target. */
export type UrlHistoryEntry = {
  targetId: string | null;
  type: UrlHistoryType;
  path: string;
  canonical: boolean;
};

export type PermissionLevel = 'NO_ACCESS' | 'READ_ONLY' | 'FULL_ACCESS';

/**
 * Exactly one of `groupId`, `userId` is set. A user's own entry counts before those of the user's groups; of several
 * the highest level counts. Where no node up to the root has an entry for a user, the user has full access.
 */
export type NodePermission = {
  groupId: string | null;
  userId: string | null;
  level: PermissionLevel;
};

export type WorkflowInstance = {
  /** `Workflows/12`. */
  id: string;
  definitionId: string;
  stateId: string;
  /** The group whose members may advance the item; null = anybody with the transition right. */
  groupId: string | null;
  comment: string;
  locked: boolean;
  noExecute: boolean;
  started: string;
  updated: string;
  updatedBy: string;
};

/** `EnumElementType` of the contract. */
export type ElementType =
  | 'IGX_ATTRIBUTE'
  | 'IGX_ELEMENT_TEXT'
  | 'IGX_ELEMENT_CDATA'
  | 'IGX_COMPONENT'
  | 'IGX_LINK'
  | 'IGX_INSERT'
  | 'IGX_NAVIGATION'
  | 'IGX_COM_EXECUTE'
  | 'IGX_COBRAND'
  | 'IGX_COBRAND_GROUP'
  | 'IGX_JAVA_EXECUTE'
  | 'IGX_SCRIPT'
  | 'IGX_CONTAINER_NAVIGATION'
  | 'IGX_BOOLEAN'
  | 'IGX_PASSWORD'
  | 'IGX_GROUP_START'
  | 'IGX_GROUP_END'
  | 'IGX_LIST'
  | 'IGX_TAXONOMYNAVIGATION'
  | 'IGX_REFERENCES'
  | 'IGX_LINKSET'
  | 'IGX_ENUMERATION'
  | 'IGX_DATE'
  | 'IGX_LOCAL_DATE'
  | 'IGX_LOCAL_TIME'
  | 'IGX_MULTI_SELECT'
  | 'IGX_IMAGE'
  | 'IGX_MEDIA'
  | 'IGX_DOCUMENT'
  | 'IGX_DYNAMIC_EXECUTE'
  | 'IGX_ASSET'
  | 'IGX_ASSETLINKSET'
  | 'IGX_ASSETNAVIGATION'
  | 'IGX_ASSETTAXONOMYNAVIGATION'
  | 'IGX_XML'
  | 'IGX_DEPENDENCYNAVIGATION';

/** `AssetType` of the contract. */
export type AssetType =
  | 'Binary'
  | 'Code'
  | 'Css'
  | 'Json'
  | 'Text'
  | 'Xml'
  | 'XsltStylesheet'
  | 'Document'
  | 'Image'
  | 'Audio'
  | 'Video'
  | 'View'
  | 'Html'
  | 'Js'
  | 'Dita';

export type SchemaDefinition = EntityStamp & {
  /** `schemas/23`, `AssetSchemas/1`, or the built-in `Schema_Folder`. */
  id: string;
  kind: 'page' | 'component' | 'folder' | 'asset';
  /** Name of the root element in the page's XML. */
  rootName: string;
  friendlyName: string;
  draft: boolean;
  version: number;
  icon: number;
  workflowRequired: boolean;
  workflowDefinitionId: string | null;
  fields: SchemaField[];
  helpText: HelpText;
  aiHelpText: HelpText;
  /** Root categories that items of this schema may use; empty = all. */
  rootCategoryIds: string[];
  /** Asset schemas only: the extensions it accepts (lower case, no dot), and its asset type. */
  extensions: string[];
  assetType: AssetType | null;
};

/** Field name to text; both empty = no help text was written. */
export type HelpText = {
  elements: Record<string, string>;
  attributes: Record<string, string>;
};

export type SchemaField = {
  /** The field's stable unique id; unique within the schema. */
  id: string;
  name: string;
  label: string;
  type: ElementType;
  required: boolean;
  readOnly: boolean;
  hidden: boolean;
  /** Structured elements (component, link, list, navigation, …) are `xPower` elements in the XML. */
  isXpower: boolean;
  defaultValue: string;
  /** ENUMERATION and MULTI_SELECT: the values allowed. */
  allowedValues: string[];
  /** LIST, LINKSET, REFERENCES, ASSETLINKSET: what one entry is; null otherwise. */
  child: { type: ElementType; name: string; label: string } | null;
  indexable: boolean;
};

export type PageCreationRule = EntityStamp & {
  /** `PageCreationRules/1`. */
  id: string;
  name: string;
  description: string;
  schemaId: string;
  parents: { pageId: string; parentOnly: boolean }[];
  userIds: string[];
  groupIds: string[];
  workflowDefinitionId: string | null;
  isDefault: boolean;
  autoSelectParent: boolean;
};

export type Workstate = EntityStamp & {
  /** `WorkStates/2`. */
  id: string;
  name: string;
  description: string;
  /** An inactive state hides its items from assignment lists. */
  active: boolean;
  icon: number;
};

export type WorkflowDefinition = EntityStamp & {
  /** `WorkflowDefinitions/33`. */
  id: string;
  name: string;
  description: string;
  transitions: WorkflowTransition[];
};

export type WorkflowTransition = {
  /** `WorkflowTransition_WorkflowDefinitions/33_1`. */
  id: string;
  name: string;
  description: string;
  /** Null for the initial transition, which puts an item into the workflow. */
  fromStateId: string | null;
  toStateId: string;
  /** The transition taken when the caller names none. */
  isDefault: boolean;
  /** The group that gets the item; null = nobody in particular. */
  nextGroupId: string | null;
  defaultUserId: string | null;
  /** The members of `nextGroupId` may take the transition too, not only those of the current group. */
  allowNextGroupToAdvance: boolean;
  assignToGroupOnly: boolean;
  disallowDefaultUserOverride: boolean;
  trigger: 'IGX_ONCREATE' | 'IGX_ONCHANGE';
  toolbarIcon: string;
  /** Cancels the rest of the transition and puts the item into another workflow. */
  bridgeToDefinitionId: string | null;
  /** A URL the browser client would open; the API ignores it and shows it in the transition. */
  beforeAdvanceUrl: string | null;
  afterAdvanceUrl: string | null;
  actions: WorkflowAction[];
};

/** `EnumActionType` of the contract; its position in this list is the `ActionTypeId` on the wire. */
export type WorkflowActionType =
  | 'IGX_ACTION_MARK_FOR_PUBLISH'
  | 'IGX_ACTION_UNMARK_FOR_PUBLISH'
  | 'IGX_ACTION_CHECKIN'
  | 'IGX_ACTION_CHECKOUT'
  | 'IGX_ACTION_REPUBLISH'
  | 'IGX_ACTION_CUSTOM'
  | 'IGX_ACTION_GROUP_NOTIFICATION_MAIL'
  | 'IGX_ACTION_EXTERNAL_CLIENT'
  | 'IGX_ACTION_SET_LIFETIME_ATTRIBUTES'
  | 'IGX_ACTION_ARCHIVE_PAGE'
  | 'IGX_ACTION_BRIDGE'
  | 'IGX_ACTION_REVERT';

/**
 * One action of a transition; actions run in order.
 * Attributes by type:
 * - MARK / UNMARK / CHECKIN: `PublishingTargets` = target ids, comma-separated (for UNMARK empty = all);
 * - REPUBLISH: `PublishingTarget` = target id; `Incremental` = `true` | `false` (default true);
 *   `IncludeChildren` = `true` | `false` (default false);
 * - SET_LIFETIME: `StartDate`, `EndDate` = ISO text or `now`, empty = no limit;
 * - REVERT: `Version` = number, empty = the last checked-in version;
 * - GROUP_NOTIFICATION_MAIL: `GroupId`; leaves an alert, no mail is sent;
 * - BRIDGE: `WorkflowDefinitionId`.
 */
export type WorkflowAction = {
  id: string;
  type: WorkflowActionType;
  description: string;
  attributes: Record<string, string>;
};

export type PublishingTarget = EntityStamp & {
  /** `PublishingTargets/1`. */
  id: string;
  name: string;
  /** Path segment of the sandbox's own published view: `{siteRoot}/live/{slug}/`. */
  slug: string;
  /** Only the pages below this one belong to the target. */
  rootPageId: string;
  homePageId: string;
  errorPageId: string | null;
  globalContentRootId: string | null;
  /** Groups whose members may publish to the target; empty = every group with the publish right. */
  groupIds: string[];
  profileIds: string[];
  publishFolder: string;
  userAgent: string;
  site: string;
  /**
   * Public address of the target, with a slash at the end. `{siteRoot}` in it stands for the running sandbox, so
   * `{siteRoot}/live/production/` is the sandbox's own published view.
   */
  baseUrl: string;
  /** Relative to the site root, e.g. `DssPreview/IGXDynamicPreview`. */
  externalPreviewUrl: string;
  /** E.g. `.html` or empty. */
  urlExtension: string;
  /** What stands for a space in a structured URL, e.g. `-`. */
  urlSeparator: string;
  forceLowerCaseUrl: boolean;
  includeFolderNamesInUrlPath: boolean;
  transformOnPublish: boolean;
  replicationEnabled: boolean;
  lastPublished: string | null;
  lastAssetPublish: string | null;
};

export type CategoryNode = EntityStamp & {
  /** `CategoryNodes/33`. */
  id: string;
  name: string;
  description: string;
  typeName: string;
  externalId: string;
  /** Null for a root category. */
  parentId: string | null;
  locale: string;
  synonyms: { locale: string; value: string }[];
  permissions: { groupId: string; level: PermissionLevel }[];
};

export type SandboxUser = EntityStamp & {
  /** `User/mchen` or `User/DOMAIN___name`. */
  id: string;
  /** What the user types when logging in: `mchen` or `DOMAIN\name`. */
  userId: string;
  /** Display name. */
  name: string;
  title: string;
  email: string;
  password: string;
  picture: string | null;
  isTaskUser: boolean;
  disabled: boolean;
  lastActive: string | null;
};

/** The rights the sandbox honours; the names are those of `EnumUserRight` and `EnumUserRightTwo`. */
export type UserRight =
  | 'IGX_USER_RIGHT_EDIT'
  | 'IGX_USER_RIGHT_CREATE'
  | 'IGX_USER_RIGHT_DELETE'
  | 'IGX_USER_RIGHT_REORDER'
  | 'IGX_USER_RIGHT_MARK'
  | 'IGX_USER_RIGHT_PUBLISH'
  | 'IGX_USER_RIGHT_PUBLISH_INCREMENTAL'
  | 'IGX_USER_RIGHT_CHECKIN_CHECKOUT'
  | 'IGX_USER_RIGHT_CHECKIN_OTHERS'
  | 'IGX_USER_RIGHT_ASSIGNMENT'
  | 'IGX_USER_RIGHT_TRANSITION'
  | 'IGX_USER_RIGHT_WORKFLOW'
  | 'IGX_USER_RIGHT_ROLLBACK'
  | 'IGX_USER_RIGHT_CATEGORIZE'
  | 'IGX_USER_RIGHT_MANAGE_TAXONOMY'
  | 'IGX_USER_RIGHT_ADMIN'
  | 'IGX_USER_RIGHT_MANAGE_ASSET_FOLDERS'
  | 'IGX_USER_RIGHT_DELETE_ASSET_FILES'
  | 'IGX_USER_RIGHT_ASSET_CHECKIN_OTHERS'
  | 'IGX_USER_RIGHT_CAN_EDIT_ASSETS'
  | 'IGX_USER_RIGHT_CAN_MANAGE_REDIRECTS'
  | 'IGX_USER_RIGHT_ASSET_MARK'
  | 'IGX_USER_RIGHT_ASSET_PUBLISH'
  | 'IGX_USER_RIGHT_ASSET_ASSIGNMENT'
  | 'IGX_USER_RIGHT_ASSET_TRANSITION'
  | 'IGX_USER_RIGHT_ASSET_CREATE'
  | 'IGX_USER_RIGHT_ASSET_CHECKIN_CHECKOUT'
  | 'IGX_USER_RIGHT_ASSET_CATEGORIZE';

export type SandboxGroup = EntityStamp & {
  /** `UserGroup/1` is the built-in group Administrators; others are `UserGroups/…`. */
  id: string;
  name: string;
  groupType: string;
  /** `SandboxUser.id`s. */
  userIds: string[];
  /** A member of a group with `IGX_USER_RIGHT_ADMIN` has every right and full access everywhere. */
  rights: UserRight[];
};

export type OAuthIdentity = {
  id: string;
  name: string;
  note: string;
  /** The executing user (`SandboxUser.id`): every call runs with this user's rights. */
  userId: string;
  clientId: string;
  clientSecret: string;
};

export type Alert = {
  id: string;
  title: string;
  message: string;
  severity: 'Information' | 'Warning' | 'Error';
  createdAt: string;
  observedBy: string[];
};

/** The maintenance lock: writes between the two times are refused. */
export type ContentFreeze = {
  startTime: string;
  endTime: string;
  message: string;
  /** Users who may write all the same. */
  allowedUserIds: string[];
};

export type Redirect = {
  /** `Redirects/1`. */
  id: string;
  name: string;
  targetIds: string[];
  from: string;
  to: string;
  notes: string;
  temporary: boolean;
};

export type UserActivity = {
  userId: string;
  /** E.g. `Check in`, `Publish`, `Comment`. */
  action: string;
  content: string;
  time: string;
};

/** The seed leaves `queue` empty; `logs` may hold earlier publishes, newest first. */
export type PublishingState = {
  /** The first entry is the one at work. */
  queue: PublishTask[];
  logs: PublishLog[];
};

export type PublishTask = {
  /** `PublishingTasks/7`. */
  id: string;
  targetId: string;
  /** The page from which the publish starts; null = the whole target. */
  rootItemId: string | null;
  includeChildren: boolean;
  incremental: boolean;
  /** Publishes the given item whether it changed or not. */
  forcedIncremental: boolean;
  submitUserId: string;
  submitTime: string;
  /** Null while the task waits. */
  startTime: string | null;
  /** Ids still to be worked on; filled when the task starts. */
  remaining: string[];
  totalCount: number;
  entries: PublishLogEntry[];
  /** Of the publish of a DITA map, which is `rootItemId` then; null for every other publish. */
  dita: { formats: string[]; ditavalIds: string[] } | null;
};

export type PublishLog = {
  /** `PublishCompletionLogs/7`. */
  id: string;
  taskId: string;
  targetId: string;
  error: string | null;
  submitTime: string;
  startTime: string;
  completionTime: string;
  submitUserId: string;
  incremental: boolean;
  forcedIncremental: boolean;
  entries: PublishLogEntry[];
  /** The copies that followed; null = the target has no enabled destination. */
  replication: { destinations: number; completionTime: string | null; failed: boolean } | null;
};

export type PublishLogEntry = {
  itemId: string;
  kind: 'page' | 'asset';
  success: boolean;
  error: string | null;
  message: string | null;
};

/** What the DITA area keeps besides its files, which are assets. */
export type DitaState = {
  /** Without it every DITA operation is refused. */
  javaInstalled: boolean;
  /** An `AssetFolder.id`. */
  rootFolderId: string;
  dtdFolderId: string | null;
  /** The contract's `DITASetupModel` by the names of its settings; all values as texts. */
  settings: Record<string, string>;
  otVersion: string | null;
  outputFormats: DitaOutputFormat[];
  /** The page schema of alias pages, and others per locale. */
  renderSchemaId: string;
  localizedRenderSchemas: { locale: string; schemaId: string }[];
  otParameters: OtParameter[];
  /** The columns of a map's details; a user may have an own choice, by `SandboxUser.id`. */
  mapFields: DitaMapFieldChoice[];
  userMapFields: Record<string, DitaMapFieldChoice[]>;
  /** Set on single files: output formats and DITAVALs by asset id. */
  assetFormats: Record<string, string[]>;
  assetDitavals: Record<string, string[]>;
  /** Pages that show a DITA file, by page id. */
  aliases: Record<string, DitaAlias>;
};

export type DitaOutputFormat = {
  /** E.g. `html5`; what a publish names. */
  formatString: string;
  name: string;
  /** Used by a publish that names none. */
  selected: boolean;
  /** Exactly one format is the one that content is normalised to. */
  isNormalization: boolean;
};

/** `OTParameter` of the contract, with the value that is set. */
export type OtParameter = {
  name: string;
  description: string;
  type: 'String' | 'Number' | 'Enum' | 'Bool';
  defaultValue: string;
  choices: string[];
  formats: string[];
  isCommon: boolean;
  /** Null for an advanced parameter that was not added. */
  value: string | null;
};

export type DitaMapFieldChoice = {
  /** Name of a field of the DITA schema, or id of a root category. */
  nameOrId: string;
  /** Position in `DITAMapDetailInformationSource`: 0 content, 1 categorization, 2 custom. */
  source: number;
  label: string;
  selected: boolean;
};

export type DitaAlias = {
  assetId: string;
  /** The version of the file that the page shows. */
  assetVersion: number;
  /** The alias that was asked for, from which this one was made too. */
  rootPageId: string;
};

/** The seed leaves both empty; the server makes a key at its first start. */
export type OAuthState = {
  /** base64url of the key that signs access tokens; empty = make one. */
  signingKey: string;
  refreshTokens: RefreshToken[];
};

export type RefreshToken = {
  token: string;
  /** The identity's client id, or null for password grants without one. */
  clientId: string | null;
  userId: string;
  issuedAt: string;
  /** A token works once; a second use is answered with `invalid_grant`. */
  used: boolean;
};
