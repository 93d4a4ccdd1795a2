import type { Page, PageRequest } from '../../model/paging.ts';

/** Who there is in the CMS. Lists may be up to `CACHE_TTL` seconds old. */
export interface CmsUsers {
  /** Operation `User_GetUsers`. */
  list(page: PageRequest): Promise<Page<UserEntry>>;
  /** With their members. Operation `UserGroups_GetUserGroups`. */
  groups(page: PageRequest): Promise<Page<GroupEntry>>;
}

export interface UserEntry {
  readonly id: string;
  readonly name: string;
  readonly loginName: string;
  readonly title?: string;
  readonly disabled: boolean;
  readonly lastActiveAt?: string;
}

export interface GroupEntry {
  readonly id: string;
  readonly name: string;
  /** Ids or login names: the CMS uses both. */
  readonly members: readonly string[];
}
