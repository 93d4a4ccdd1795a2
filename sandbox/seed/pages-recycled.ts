import { article, standard } from './page-rows.ts';
import type { PageSpec } from './page-spec.ts';

/** What lies in the Recycle Folder; these keys stand below the folder's own key `recycle`. */
export const recycledPages: PageSpec[] = [
  { key: 'recycle', name: 'Recycle Folder', schema: 'folder', fields: { Description: 'Deleted pages wait here.' } },
  standard(
    'recycle/summer-school-2024',
    'Summer School 2024',
    'Courses in June and July 2024.',
    'Registration for the summer school of 2024 is closed.',
    { SideNavigation: '{page:academics}' },
  ),
  article(
    'recycle/old-bookshop-hours',
    'Bookshop hours change',
    '2025-01-08',
    'Paul Ferris',
    'Campus',
    'New hours for the old bookshop.',
    'The bookshop in Hartwell Hall opens at nine from now on.',
  ),
];
