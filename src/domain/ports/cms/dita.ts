import type { Page, PageRequest } from '../../model/paging.ts';

/**
 * DITA maps: collections of topics that are published as a whole. A map's id is that of its asset (`a/101`). Never
 * cached. An unknown map is `undefined` to reads and NOT_FOUND to changes. A CMS without DITA, or without Java for it,
 * refuses or answers empty lists.
 */
export interface CmsDita {
  /** By name, those that contain `filter`; removed ones left out. Operation `DITA_GetDITAMaps`. */
  maps(filter: string, page: PageRequest): Promise<Page<DitaMap>>;
  /** Its topics in their order, maps inside of it with theirs. Slow. Operation `DITA_GetDITAMapTree`. */
  tree(mapId: string): Promise<DitaNode | undefined>;
  /** Operation `DITA_GetDITAMapDetails`. */
  details(mapId: string): Promise<DitaMapDetails | undefined>;
  /** Operation `DITA_GetDITAOutputFormats`. */
  formats(): Promise<readonly DitaFormat[]>;
  /** Filters that can be applied when publishing. Operation `DITA_GetDITAVals`. */
  ditavals(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** What is in the map at any distance, and what leads nowhere. Slow. Operation `Assets_GetAllAssetDependents`. */
  dependents(mapId: string): Promise<readonly DitaDependent[]>;
  /** Checks in what the user holds of the map; marks nothing. Operation `DITA_CheckInDitaMapCollection`. */
  checkIn(mapId: string): Promise<boolean>;
  /**
   * Marks the newest version of the map and of its parts. CMS_REFUSED or CONFLICT while a part was never checked in.
   * Operation `DITA_MarkPublishDitaMapCollection`.
   */
  mark(mapId: string, targets: readonly { readonly id: string; readonly name: string }[]): Promise<boolean>;
  /**
   * Submits one publish per target to the CMS's queue. Refused while anything of the map is checked out. Not repeatable.
   * Operation `DITA_PublishDITAMap`.
   */
  publish(order: DitaPublishOrder): Promise<boolean>;
}

export interface DitaMap {
  readonly id: string;
  readonly name: string;
  readonly path: readonly string[];
  readonly checkedOut: boolean;
  readonly markedTargets: readonly { readonly id: string; readonly name: string }[];
  readonly lastPublishedAt?: string;
  /** Something of the map was never checked in. */
  readonly notReadyToMark: boolean;
  readonly workflowState?: string;
  readonly modifiedAt?: string;
}

export interface DitaMapDetails extends DitaMap {
  /** How many of its assets others have checked out: they stop a publish. */
  readonly checkedOutToOthers: number;
  readonly fields: readonly { readonly label: string; readonly value: string }[];
}

export interface DitaNode {
  /** Absent for what the map names and the CMS does not have. */
  readonly id?: string;
  readonly name: string;
  readonly checkedIn: boolean;
  readonly user?: string;
  readonly children: readonly DitaNode[];
}

export interface DitaFormat {
  readonly id: string;
  readonly name: string;
  readonly selected: boolean;
}

export interface DitaDependent {
  /** Absent for what leads nowhere. */
  readonly id?: string;
  readonly name: string;
  readonly relation: string;
  readonly broken: boolean;
  readonly distance: number;
}

export interface DitaPublishOrder {
  readonly mapId: string;
  readonly targetIds: readonly string[];
  readonly formats: readonly string[];
  readonly ditavals: readonly string[];
  /** Copy the output on to the destinations of the targets. */
  readonly replicate: boolean;
}
