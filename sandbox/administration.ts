import type { WireModel } from './contract/contract.ts';
import type { EntityStamp } from './entity-stamp.ts';

/** What administrators set up and look after, apart from content. User ids are `SandboxUser.id`. */
export type Administration = {
  reports: SavedReports;
  replication: Replication;
  log: SystemLog;
  localization: Localization;
  /** `ContentProcessorModel`s by the target whose content they work on after a publish. */
  contentProcessors: Record<string, WireModel[]>;
  themes: Theme[];
  /** See `cms/kept-lists.ts`. */
  keptLists: Record<string, WireModel[]>;
};

export type SavedReports = {
  folders: { id: string; name: string }[];
  reports: SavedReport[];
  /** Null = the scheduler stands still. */
  schedulerStartTime: string | null;
};

export type SavedReport = {
  /** `Reports/1`. */
  id: string;
  folderId: string;
  name: string;
  /** An advanced report is computed elsewhere, at `providerUrl`. */
  type: 'Simple' | 'Parameterized' | 'Advanced';
  /** Terms `attribute:value` joined by `AND`; `*` stands for anything, `{name}` for a parameter. Empty = everything. */
  query: string;
  /** Kinds of documents that are looked through. */
  documents: string[];
  columns: ReportColumn[];
  idColumnName: string;
  parameters: ReportParameter[];
  schedules: ReportSchedule[];
  providerUrl: string;
  changedBy: string;
  changeTime: string;
  visitedBy: string | null;
  visitTime: string | null;
};

export type ReportColumn = { attributeName: string; label: string; dataType: string; width: number };

export type ReportParameter = {
  name: string;
  label: string;
  type: string;
  /** Empty = the caller has to give one. */
  defaultValue: string;
  options: { label: string; value: string }[];
};

export type ReportSchedule = {
  name: string;
  startTime: string;
  recipients: string[];
  /** Every `recurNumber` of these: hour, day, week or month. */
  recurUnit: string;
  recurNumber: number;
  parameterValues: { name: string; value: string }[];
};

export type Replication = {
  /** `ReplicationTargetModel`s as they were saved; the sandbox copies nothing and needs none of their details. */
  destinations: WireModel[];
  /** Copies at work; each publish to a target with enabled destinations starts one. */
  tasks: ReplicationTask[];
  /** Newest first. */
  logs: ReplicationLog[];
  /** Names of the certificates and keys that were uploaded. */
  keyFiles: string[];
};

export type ReplicationTask = {
  /** The publish that it follows, by the id of its log. */
  publishLogId: string;
  targetId: string;
  submitUserId: string;
  startTime: string;
  /** Items that the publish has sent out. */
  itemIds: string[];
  sessions: { id: string; destinationId: string; percent: number }[];
};

export type ReplicationLog = {
  destinationId: string;
  targetId: string;
  startTime: string;
  seconds: number;
  itemIds: string[];
  error: string | null;
};

export type Localization = {
  customLocales: CustomLocale[];
  /** Definitions (schemas, rules, workflows, work states) whose labels are translated, by id. */
  translations: Record<string, 'Done' | 'Incomplete' | 'OutDated'>;
};

/** Empty base = one that every CMS knows. */
export type CustomLocale = { locale: string; baseLocale: string; englishName: string };

export type Theme = EntityStamp & {
  /** `Themes/1`. */
  id: string;
  name: string;
  isDefault: boolean;
  /** Comes with the CMS and cannot be changed. */
  isSystem: boolean;
  draft: boolean;
  font: string;
  /** Pixels. */
  fontSize: number;
  colors: { name: string; color: string }[];
};

export type SystemLog = {
  /** Oldest first. */
  lines: LogLine[];
  /** Full log files that were put away, oldest first. */
  archives: { name: string; lines: LogLine[] }[];
};

export type LogLine = { number: number; type: 'Info' | 'Warning' | 'Error'; time: string; message: string };
