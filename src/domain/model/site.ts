/** The CMS's maintenance lock. Writes are refused inside the window unless the caller is let through. */
export interface ContentFreeze {
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly allowsMe: boolean;
  readonly message: string;
}

export interface Alert {
  readonly title: string;
  readonly message: string;
  readonly severity?: string;
  readonly createdAt?: string;
}

/** How many places use an item. */
export interface UsageSummary {
  readonly total: number;
}

export interface Usage {
  readonly itemId: string;
  readonly name: string;
  readonly elementName: string;
}

export interface CmsUser {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

export interface Category {
  readonly id: string;
  readonly name: string;
  /** Names from the root category down, joined with slashes, where the CMS tells it. */
  readonly path?: string;
  /** Absent for a root category. */
  readonly parentId?: string;
  readonly childrenCount: number;
  readonly locale?: string;
  readonly synonyms: readonly CategorySynonym[];
  /** Pages and assets that carry the category itself, where the CMS tells them. */
  readonly itemCount?: number;
}

export interface CategorySynonym {
  readonly locale: string;
  readonly value: string;
}

/** How the configured CMS does what its REST API may lack (architecture of the abilities: probed, then reported). */
export interface Abilities {
  readonly editFields: 'find-replace' | 'services' | 'none';
  readonly submitPublish: 'workflow' | 'none';
  readonly discardPageCheckout: 'services' | 'none';
  readonly unmark: 'workflow' | 'services' | 'none';
  readonly schedulePublish: 'none';
  readonly cancelPublish: 'none';
  readonly rollBack: 'services' | 'find-replace' | 'none';
  readonly createBySchema: 'services' | 'none';
}
