import type { Page, PageRequest } from '../../model/paging.ts';

/**
 * DITA maps: collections of topics that are published as a whole. Never cached. A CMS without DITA, or without Java for
 * it, refuses or answers empty lists.
 */
export interface CmsDita {
  /** By name, those that contain `filter`; removed ones left out. Operation `DITA_GetDITAMaps`. */
  maps(filter: string, page: PageRequest): Promise<Page<DitaMap>>;
  /** Slow. Operation `DITA_GetDITAMapTree`. */
  tree(mapId: string): Promise<DitaNode | undefined>;
  /** Operation `DITA_GetDITAMapDetails`. */
  details(mapId: string): Promise<DitaMapDetails | undefined>;
  /** Operation `DITA_GetDITAOutputFormats`. */
  formats(): Promise<readonly DitaFormat[]>;
  /** Filters that can be applied when publishing. Operation `DITA_GetDITAVals`. */
  ditavals(): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** What refers to the map or is in it, at any distance. Slow. Operation `Assets_GetAllAssetDependents`. */
  dependents(mapId: string): Promise<readonly DitaDependent[]>;
  /** Checks in what the user holds of the map. Operation `DITA_CheckInDitaMapCollection`. */
  checkIn(mapId: string): Promise<boolean>;
  /** Operation `DITA_MarkPublishDitaMapCollection`. */
  mark(mapId: string, targets: readonly { readonly id: string; readonly name: string }[]): Promise<boolean>;
  /** Submits the publish to the CMS's queue. Not repeatable. Operation `DITA_PublishDITAMap`. */
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
  readonly id: string;
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
  readonly id: string;
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
