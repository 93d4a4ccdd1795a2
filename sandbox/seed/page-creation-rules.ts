import type { PageCreationRule } from '../model.ts';
import { pageId } from './page-ids.ts';
import type { PageSchemaKey } from './page-spec.ts';
import type { SandboxRole } from './people.ts';
import { schemaIds } from './schemas.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

/** The rules by which pages are created. */
export function seedPageCreationRules(): PageCreationRule[] {
  return ruleRows.map((row, index) => ({
    ...stamp('2025-01-21T09:00:00Z', seedIds.users.admin),
    id: `PageCreationRules/${index + 1}`,
    name: row.name,
    description: row.description,
    schemaId: schemaIds[row.schema],
    parents: row.parents.map(([key, parentOnly]) => ({ pageId: pageId(key), parentOnly })),
    userIds: (row.users ?? []).map((role) => seedIds.users[role]),
    groupIds: (row.groups ?? []).map((key) => seedIds.groups[key]),
    workflowDefinitionId: row.workflow === undefined ? null : seedIds.workflows[row.workflow],
    isDefault: false,
    autoSelectParent: row.parents.length === 1,
  }));
}

type RuleRow = {
  name: string;
  description: string;
  schema: PageSchemaKey;
  /** True = only directly below the page; false = anywhere below it. */
  parents: [key: string, parentOnly: boolean][];
  users?: SandboxRole[];
  groups?: (keyof typeof seedIds.groups)[];
  workflow?: keyof typeof seedIds.workflows;
};

const ruleRows: RuleRow[] = [
  {
    name: 'News article',
    description: 'An article of the current year or of the last one.',
    schema: 'article',
    parents: [
      ['news/2026', true],
      ['news/2025', true],
    ],
    groups: ['newsDesk', 'contentTeam'],
    workflow: 'newsFastTrack',
  },
  {
    name: 'Event',
    description: 'An entry in the calendar.',
    schema: 'event',
    parents: [['events/2026', true]],
    groups: ['contentTeam'],
    workflow: 'webPublishing',
  },
  {
    name: 'Standard page',
    description: 'An ordinary page in one of the sections.',
    schema: 'standard',
    parents: [
      ['about', false],
      ['admissions', false],
      ['student-life', false],
      ['library', false],
      ['alumni', false],
      ['giving', false],
      ['services', false],
    ],
    groups: ['contentTeam'],
    workflow: 'webPublishing',
  },
  {
    name: 'Degree program',
    description: 'A program below its department.',
    schema: 'program',
    parents: [['academics', false]],
    groups: ['editors'],
    workflow: 'webPublishing',
  },
  {
    name: 'Person profile',
    description: 'A profile of a leading person.',
    schema: 'profile',
    parents: [
      ['about/leadership', true],
      ['research', true],
    ],
    groups: ['editors'],
    workflow: 'webPublishing',
  },
  {
    name: 'Promo block',
    description: 'A teaser that landing pages can embed.',
    schema: 'promoBlock',
    parents: [['components/promos', true]],
    groups: ['contentTeam'],
  },
  {
    name: 'Contact card',
    description: 'The address of an office.',
    schema: 'contactCard',
    parents: [['components/contacts', true]],
    groups: ['contentTeam'],
  },
  {
    name: 'Folder',
    description: 'A folder for components.',
    schema: 'folder',
    parents: [['components', false]],
    groups: ['publishers'],
  },
  {
    name: 'Section',
    description: 'A new section of the site.',
    schema: 'section',
    parents: [['', true]],
    users: ['admin'],
    workflow: 'webPublishing',
  },
  {
    name: 'Job posting',
    description: 'An opening; the schema is still a draft, so the rule does not work yet.',
    schema: 'jobPosting',
    parents: [['about/jobs', true]],
    groups: ['contentTeam'],
    workflow: 'webPublishing',
  },
  {
    name: 'Policy',
    description: 'A policy; the editor can only read its parent.',
    schema: 'standard',
    parents: [['about/policies', false]],
    users: ['editor', 'publisher'],
    workflow: 'webPublishing',
  },
];
