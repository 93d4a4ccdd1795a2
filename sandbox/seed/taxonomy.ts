import type { CategoryNode } from '../model.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

/** The taxonomy and the ids of its nodes by path (`Topics/Research`). */
export function buildTaxonomy(): { categories: CategoryNode[]; categoryIds: Map<string, string> } {
  const categoryIds = new Map(categoryRows.map(([path], index) => [path, `CategoryNodes/${index + 1}`]));
  const categories = categoryRows.map(([path, synonyms = [], spanish = []], index): CategoryNode => {
    const parentPath = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null;
    return {
      ...stamp('2025-01-20T09:00:00Z', seedIds.users.publisher),
      id: `CategoryNodes/${index + 1}`,
      name: path.slice(path.lastIndexOf('/') + 1),
      description: parentPath === null ? `Root category for ${path.toLowerCase()}` : '',
      typeName: parentPath === null ? 'Facet' : 'Term',
      externalId: `nu-${String(index + 1).padStart(3, '0')}`,
      parentId: parentPath === null ? null : (categoryIds.get(parentPath) ?? missing(parentPath)),
      locale: 'en-us',
      synonyms: [
        ...synonyms.map((value) => ({ locale: 'en-us', value })),
        ...spanish.map((value) => ({ locale: 'es-us', value })),
      ],
      permissions: [],
    };
  });
  return { categories, categoryIds };
}

/** Which categories the pages of a part of the site get; the rows of all matching prefixes add up. */
export const pageCategoryRows: [keyPrefix: string, categoryPaths: string[]][] = [
  ['admissions', ['Topics/Admissions', 'Audiences/Prospective Students', 'Departments/Admissions Office']],
  ['admissions/tuition', ['Topics/Admissions/Tuition and Aid', 'Audiences/Parents']],
  ['admissions/international', ['Regions/International']],
  ['es', ['Topics/Admissions', 'Audiences/Prospective Students']],
  ['academics/', ['Topics/Academics']],
  ['academics/engineering', ['Topics/Academics/Engineering']],
  ['academics/arts-and-sciences', ['Topics/Academics/Arts and Sciences']],
  ['academics/business', ['Topics/Academics/Business']],
  ['academics/health-sciences', ['Topics/Academics/Health']],
  ['academics/education', ['Topics/Academics/Teaching']],
  ['research', ['Topics/Research']],
  ['research/institutes/river-institute', ['Topics/Research/Water', 'Regions/River Valley']],
  ['research/institutes/reliable-computing', ['Topics/Research/Computing']],
  ['research/institutes/rural-health', ['Topics/Research/Rural Health', 'Regions/Rural Counties']],
  ['research/institutes/small-towns', ['Regions/Rural Counties']],
  ['student-life', ['Topics/Campus Life', 'Audiences/Current Students']],
  ['student-life/housing', ['Topics/Campus Life/Housing']],
  ['student-life/dining', ['Topics/Campus Life/Dining']],
  ['student-life/health', ['Topics/Campus Life/Wellbeing']],
  ['library', ['Departments/Library']],
  ['alumni', ['Audiences/Alumni']],
  ['giving', ['Audiences/Alumni', 'Departments/Giving Office']],
  ['services', ['Audiences/Faculty and Staff']],
  ['services/hr', ['Departments/Human Resources']],
  ['services/it', ['Departments/Information Technology']],
  ['news/2025/river-gauges-go-public', ['Topics/Research/Water', 'Regions/River Valley']],
  ['news/2025/water-grant', ['Topics/Research/Water']],
  ['news/2026/flood-forecast', ['Topics/Research/Water', 'Regions/River Valley']],
  ['news/2025/prompt-injection-workshop', ['Topics/Research/Computing']],
  ['news/2026/tuition-frozen', ['Topics/Admissions/Tuition and Aid']],
  ['events/', ['Topics/Events']],
  ['events/2026/winter-concert', ['Topics/Events/Music']],
  ['events/2026/jazz-night', ['Topics/Events/Music']],
  ['events/2026/research-symposium', ['Topics/Research']],
];

/** Which categories the files of an asset folder get. */
export const assetCategoryRows: [pathPrefix: string, categoryPaths: string[]][] = [
  ['Images/Campus', ['Topics/Campus Life']],
  ['Images/Research', ['Topics/Research']],
  ['Images/Library', ['Departments/Library']],
  ['Documents/Admissions', ['Topics/Admissions', 'Audiences/Prospective Students']],
  ['Documents/Human Resources', ['Departments/Human Resources']],
  ['Documents/Information Technology', ['Departments/Information Technology']],
];

/** Path, English synonyms, Spanish synonyms; the four roots come first, so that their ids are 1 to 4. */
const categoryRows: [path: string, synonyms?: string[], spanish?: string[]][] = [
  ['Topics'],
  ['Audiences'],
  ['Departments'],
  ['Regions'],
  ['Topics/Academics', ['Studies'], ['Estudios']],
  ['Topics/Academics/Arts and Sciences', ['Liberal Arts']],
  ['Topics/Academics/Engineering', ['Computing', 'Technology'], ['Ingeniería']],
  ['Topics/Academics/Business', ['Management']],
  ['Topics/Academics/Health', ['Nursing', 'Public Health'], ['Salud']],
  ['Topics/Academics/Teaching', ['Education']],
  ['Topics/Admissions', ['Apply', 'Enrollment'], ['Admisiones']],
  ['Topics/Admissions/Tuition and Aid', ['Fees', 'Costs', 'Scholarships'], ['Matrícula', 'Becas']],
  ['Topics/Research', ['Science', 'Scholarship'], ['Investigación']],
  ['Topics/Research/Water', ['Rivers', 'Hydrology', 'Floods']],
  ['Topics/Research/Computing', ['Software', 'Artificial Intelligence', 'AI']],
  ['Topics/Research/Rural Health', ['Country Practice']],
  ['Topics/Research/Climate', ['Weather']],
  ['Topics/Campus Life', ['Student Life']],
  ['Topics/Campus Life/Housing', ['Dorms', 'Residence Halls']],
  ['Topics/Campus Life/Dining', ['Food', 'Meals']],
  ['Topics/Campus Life/Wellbeing', ['Health', 'Counseling']],
  ['Topics/Events', ['Calendar']],
  ['Topics/Events/Music', ['Concerts']],
  ['Topics/Events/Sports', ['Games', 'Athletics']],
  ['Audiences/Prospective Students', ['Applicants'], ['Solicitantes']],
  ['Audiences/Current Students', ['Students']],
  ['Audiences/Parents', ['Families'], ['Familias']],
  ['Audiences/Faculty and Staff', ['Employees']],
  ['Audiences/Alumni', ['Graduates']],
  ['Audiences/Journalists', ['Press', 'Media']],
  ['Departments/Admissions Office', ['Admissions']],
  ['Departments/Library', ['Ellsworth Library']],
  ['Departments/Giving Office', ['Fundraising', 'Advancement']],
  ['Departments/Human Resources', ['HR', 'Personnel']],
  ['Departments/Information Technology', ['IT', 'Help Desk']],
  ['Departments/Communications', ['Press Office']],
  ['Departments/Registrar', ['Records']],
  ['Regions/River Valley', ['Valley']],
  ['Regions/Rural Counties', ['Countryside']],
  ['Regions/International', ['Abroad', 'Overseas'], ['Internacional']],
  ['Regions/International/Europe'],
  ['Regions/International/Latin America', [], ['América Latina']],
  ['Regions/International/Asia'],
];

function missing(path: string): never {
  throw new Error(`The seed has no category ${path}.`);
}
