import type { PageSpec } from './page-spec.ts';
import { aboutPages } from './pages-about.ts';
import { academicsPages } from './pages-academics.ts';
import { admissionsPages } from './pages-admissions.ts';
import { campusLifePages } from './pages-campus-life.ts';
import { componentPages } from './pages-components.ts';
import { eventsPages } from './pages-events.ts';
import { newsPages } from './pages-news.ts';
import { recycledPages } from './pages-recycled.ts';
import { researchPages } from './pages-research.ts';
import { servicesPages } from './pages-services.ts';

/** Key of the home page and of the Recycle Folder, the two pages without a parent. */
export const homeKey = '';
export const recycleKey = 'recycle';

/** Every page of the site; siblings stand in the order of the tree, parents before their children. */
export const pageSpecs: PageSpec[] = [
  ...aboutPages,
  ...academicsPages,
  ...admissionsPages,
  ...researchPages,
  ...campusLifePages,
  ...newsPages,
  ...eventsPages,
  ...servicesPages,
  ...componentPages,
  ...recycledPages,
];

const firstOrdinaryId = 3;

/** Page ids by key. The home page is `x1`, the Recycle Folder `x2`, all others follow in order. */
export const pageIds: ReadonlyMap<string, string> = new Map([
  [homeKey, 'x1'],
  [recycleKey, 'x2'],
  ...pageSpecs
    .map((spec) => spec.key)
    .filter((key) => key !== homeKey && key !== recycleKey)
    .map((key, index): [string, string] => [key, `x${firstOrdinaryId + index}`]),
]);

/** @throws Error for a key that no row has: the tables contradict each other. */
export function pageId(key: string): string {
  const id = pageIds.get(key);
  if (id === undefined) {
    throw new Error(`The seed has no page ${key}.`);
  }
  return id;
}
