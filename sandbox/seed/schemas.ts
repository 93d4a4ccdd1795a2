import type { AssetType, ElementType, HelpText, SchemaDefinition, SchemaField } from '../model.ts';
import type { PageSchemaKey } from './page-spec.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

/** Keys of the schemas for asset files. */
export type AssetSchemaKey = 'image' | 'document' | 'text' | 'dita';

/** The id of every schema by the key that the content tables use. */
export const schemaIds: Record<PageSchemaKey | AssetSchemaKey, string> = {
  folder: 'Schema_Folder',
  home: 'schemas/1',
  section: 'schemas/2',
  standard: 'schemas/3',
  program: 'schemas/4',
  article: 'schemas/5',
  event: 'schemas/6',
  profile: 'schemas/7',
  heroBanner: 'schemas/33',
  promoBlock: 'schemas/34',
  contactCard: 'schemas/35',
  alertBanner: 'schemas/36',
  jobPosting: 'schemas/37',
  image: 'AssetSchemas/1',
  document: 'AssetSchemas/2',
  text: 'AssetSchemas/3',
  dita: 'AssetSchemas/4',
};

/** All schemas: the built-in folder, seven for pages, four for components, a draft, and four for asset files. */
export function seedSchemas(): SchemaDefinition[] {
  return schemaRows.map(({ key, kind, rootName, friendlyName, version, icon, fields, ...more }) => ({
    ...stamp('2025-01-06T08:00:00Z', seedIds.users.admin, '2025-08-18T10:15:00Z'),
    id: schemaIds[key],
    kind,
    rootName,
    friendlyName,
    draft: more.draft ?? false,
    version,
    icon,
    workflowRequired: more.workflowDefinitionId !== undefined,
    workflowDefinitionId: more.workflowDefinitionId ?? null,
    fields: fields.map((row, index) => schemaField(key, row, index)),
    helpText: more.help ?? { elements: {}, attributes: {} },
    aiHelpText: more.aiHelp ?? { elements: {}, attributes: {} },
    rootCategoryIds: more.rootCategoryIds ?? [],
    extensions: more.extensions ?? [],
    assetType: more.assetType ?? null,
  }));
}

type FieldRow = {
  type: ElementType;
  name: string;
  label: string;
  required?: boolean;
  readOnly?: boolean;
  hidden?: boolean;
  defaultValue?: string;
  allowedValues?: string[];
  child?: SchemaField['child'];
};

type SchemaRow = {
  key: PageSchemaKey | AssetSchemaKey;
  kind: SchemaDefinition['kind'];
  rootName: string;
  friendlyName: string;
  version: number;
  icon: number;
  fields: FieldRow[];
  draft?: boolean;
  workflowDefinitionId?: string;
  help?: HelpText;
  aiHelp?: HelpText;
  rootCategoryIds?: string[];
  extensions?: string[];
  assetType?: AssetType;
};

const xpowerTypes: ReadonlySet<ElementType> = new Set([
  'IGX_COMPONENT',
  'IGX_LINK',
  'IGX_LIST',
  'IGX_LINKSET',
  'IGX_REFERENCES',
  'IGX_ASSET',
  'IGX_ASSETLINKSET',
  'IGX_IMAGE',
  'IGX_MEDIA',
  'IGX_DOCUMENT',
  'IGX_NAVIGATION',
  'IGX_TAXONOMYNAVIGATION',
  'IGX_GROUP_START',
  'IGX_GROUP_END',
]);

const computedTypes: ReadonlySet<ElementType> = new Set(['IGX_NAVIGATION', 'IGX_TAXONOMYNAVIGATION']);

const audiences = ['Prospective students', 'Current students', 'Parents', 'Faculty and staff', 'Alumni'];

const titleField: FieldRow = { type: 'IGX_ELEMENT_TEXT', name: 'Title', label: 'Title', required: true };
const summaryField: FieldRow = { type: 'IGX_ELEMENT_TEXT', name: 'Summary', label: 'Summary', required: true };
const bodyField: FieldRow = { type: 'IGX_ELEMENT_CDATA', name: 'Body', label: 'Body', required: true };
const contactField: FieldRow = { type: 'IGX_COMPONENT', name: 'Contact', label: 'Contact card' };
const linkChild: SchemaField['child'] = { type: 'IGX_LINK', name: 'Link', label: 'Link' };
const componentChild: SchemaField['child'] = { type: 'IGX_COMPONENT', name: 'Promo', label: 'Promo block' };

const schemaRows: SchemaRow[] = [
  {
    key: 'folder',
    kind: 'folder',
    rootName: 'Folder',
    friendlyName: 'Folder',
    version: 1,
    icon: 1,
    fields: [{ type: 'IGX_ELEMENT_TEXT', name: 'Description', label: 'Description' }],
  },
  {
    key: 'home',
    kind: 'page',
    rootName: 'HomePage',
    friendlyName: 'Home Page',
    version: 4,
    icon: 2,
    fields: [
      titleField,
      { type: 'IGX_GROUP_START', name: 'SearchEngines', label: 'Search engines' },
      { type: 'IGX_ELEMENT_TEXT', name: 'MetaDescription', label: 'Description for search engines', required: true },
      {
        type: 'IGX_MULTI_SELECT',
        name: 'Keywords',
        label: 'Keywords',
        allowedValues: ['university', 'degree programs', 'admissions', 'research', 'campus'],
      },
      { type: 'IGX_GROUP_END', name: 'SearchEnginesEnd', label: 'Search engines' },
      { type: 'IGX_COMPONENT', name: 'Hero', label: 'Hero banner', required: true },
      { type: 'IGX_COMPONENT', name: 'Alert', label: 'Alert banner' },
      { type: 'IGX_ELEMENT_CDATA', name: 'Introduction', label: 'Introduction', required: true },
      { type: 'IGX_LIST', name: 'Promos', label: 'Promo blocks', child: componentChild },
      { type: 'IGX_NAVIGATION', name: 'LatestNews', label: 'Latest news' },
      { type: 'IGX_TAXONOMYNAVIGATION', name: 'TopicNavigation', label: 'Browse by topic' },
      { type: 'IGX_LINKSET', name: 'FooterLinks', label: 'Footer links', child: linkChild },
    ],
    help: {
      elements: {
        Introduction: 'Two short paragraphs at most; visitors read the first line only.',
        Alert: 'Choose the campus alert banner in an emergency. It shows only while it is set to active.',
      },
      attributes: {},
    },
  },
  {
    key: 'section',
    kind: 'page',
    rootName: 'SectionLanding',
    friendlyName: 'Section Landing Page',
    version: 3,
    icon: 3,
    fields: [
      titleField,
      summaryField,
      { type: 'IGX_COMPONENT', name: 'Hero', label: 'Hero banner' },
      bodyField,
      { type: 'IGX_NAVIGATION', name: 'ChildNavigation', label: 'Pages in this section' },
      { type: 'IGX_LIST', name: 'Promos', label: 'Promo blocks', child: componentChild },
      contactField,
    ],
  },
  {
    key: 'standard',
    kind: 'page',
    rootName: 'StandardPage',
    friendlyName: 'Standard Page',
    version: 7,
    icon: 4,
    fields: [
      titleField,
      summaryField,
      { type: 'IGX_GROUP_START', name: 'Main', label: 'Main content' },
      bodyField,
      { type: 'IGX_IMAGE', name: 'TeaserImage', label: 'Teaser image' },
      {
        type: 'IGX_LIST',
        name: 'Questions',
        label: 'Questions and answers',
        child: { type: 'IGX_ELEMENT_CDATA', name: 'Question', label: 'Question and answer' },
      },
      { type: 'IGX_GROUP_END', name: 'MainEnd', label: 'Main content' },
      contactField,
      { type: 'IGX_LINKSET', name: 'RelatedLinks', label: 'Related links', child: linkChild },
      {
        type: 'IGX_ASSETLINKSET',
        name: 'Downloads',
        label: 'Downloads',
        child: { type: 'IGX_ASSET', name: 'Download', label: 'File' },
      },
      { type: 'IGX_MULTI_SELECT', name: 'Audience', label: 'Audience', allowedValues: audiences },
      { type: 'IGX_BOOLEAN', name: 'ShowInNavigation', label: 'Show in navigation', defaultValue: 'true' },
      { type: 'IGX_LOCAL_DATE', name: 'ReviewDate', label: 'Review by' },
      { type: 'IGX_NAVIGATION', name: 'SideNavigation', label: 'Side navigation' },
      { type: 'IGX_ELEMENT_TEXT', name: 'LegacyId', label: 'Id in the previous system', readOnly: true, hidden: true },
    ],
    help: {
      elements: {
        Summary: 'One sentence. It is shown in lists and by search engines.',
        Body: 'Use headings of level 2 and 3. Do not paste from a word processor.',
        Audience: 'Choose every group the page is written for.',
        ReviewDate: 'On this day the page appears in the report of pages to be reviewed.',
      },
      attributes: {},
    },
    aiHelp: {
      elements: {
        Title: 'At most 60 characters, sentence case for articles and title case for offices.',
        Summary: 'One plain sentence of at most 160 characters; no exclamation marks.',
        Body: 'Plain English at the reading level of a sixteen-year-old. Amounts in dollars, dates as January 15, 2026. Never invent fees or deadlines.',
      },
      attributes: {},
    },
  },
  {
    key: 'program',
    kind: 'page',
    rootName: 'ProgramPage',
    friendlyName: 'Degree Program',
    version: 5,
    icon: 5,
    rootCategoryIds: ['CategoryNodes/1', 'CategoryNodes/3'],
    fields: [
      titleField,
      {
        type: 'IGX_ENUMERATION',
        name: 'Degree',
        label: 'Degree',
        required: true,
        allowedValues: [
          'Bachelor of Arts',
          'Bachelor of Science',
          'Bachelor of Business Administration',
          'Master of Arts',
          'Master of Science',
          'Master of Fine Arts',
          'Master of Business Administration',
          'Master of Science in Nursing',
          'Master of Public Health',
          'Master of Education',
          'Doctor of Philosophy',
          'Certificate',
        ],
      },
      { type: 'IGX_ELEMENT_TEXT', name: 'Credits', label: 'Credits', required: true },
      summaryField,
      bodyField,
      {
        type: 'IGX_LIST',
        name: 'LearningOutcomes',
        label: 'Learning outcomes',
        child: { type: 'IGX_ELEMENT_TEXT', name: 'Outcome', label: 'Outcome' },
      },
      { type: 'IGX_LINK', name: 'Department', label: 'Department', required: true },
      { type: 'IGX_DOCUMENT', name: 'Brochure', label: 'Brochure' },
      contactField,
      { type: 'IGX_TAXONOMYNAVIGATION', name: 'Topics', label: 'Related topics' },
    ],
    help: {
      elements: {
        Credits: 'The number of credits, without the word.',
        LearningOutcomes: 'Each begins with a verb.',
      },
      attributes: {},
    },
    aiHelp: {
      elements: { LearningOutcomes: 'Between two and six entries; each starts with a verb and has at most ten words.' },
      attributes: {},
    },
  },
  {
    key: 'article',
    kind: 'page',
    rootName: 'NewsArticle',
    friendlyName: 'News Article',
    version: 6,
    icon: 6,
    workflowDefinitionId: seedIds.workflows.newsFastTrack,
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'Headline', label: 'Headline', required: true },
      { type: 'IGX_DATE', name: 'Date', label: 'Date of publication', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Byline', label: 'Author', required: true },
      {
        type: 'IGX_ENUMERATION',
        name: 'Category',
        label: 'Category',
        required: true,
        defaultValue: 'Campus',
        allowedValues: ['Campus', 'Research', 'Students', 'People', 'Community', 'Alumni', 'Library'],
      },
      summaryField,
      { type: 'IGX_ASSET', name: 'Image', label: 'Picture' },
      { type: 'IGX_MEDIA', name: 'Video', label: 'Video' },
      bodyField,
      {
        type: 'IGX_REFERENCES',
        name: 'RelatedArticles',
        label: 'Related articles',
        child: { type: 'IGX_LINK', name: 'Reference', label: 'Article' },
      },
      { type: 'IGX_BOOLEAN', name: 'Featured', label: 'Show on the home page', defaultValue: 'false' },
    ],
    help: {
      elements: {
        Headline: 'Active voice, at most seventy characters.',
        Date: 'The day on which the article appears.',
        Image: 'Landscape format, at least 1600 pixels wide.',
      },
      attributes: {},
    },
    aiHelp: {
      elements: {
        Headline: 'Active voice, present tense, at most 70 characters, no question unless the article answers it.',
        Body: 'Quotations must stay word for word. Do not add facts that the author did not supply.',
      },
      attributes: {},
    },
  },
  {
    key: 'event',
    kind: 'page',
    rootName: 'EventPage',
    friendlyName: 'Event',
    version: 4,
    icon: 7,
    fields: [
      titleField,
      { type: 'IGX_GROUP_START', name: 'When', label: 'Time and place' },
      { type: 'IGX_LOCAL_DATE', name: 'StartDate', label: 'First day', required: true },
      { type: 'IGX_LOCAL_TIME', name: 'StartTime', label: 'Starts at' },
      { type: 'IGX_LOCAL_DATE', name: 'EndDate', label: 'Last day' },
      { type: 'IGX_ELEMENT_TEXT', name: 'Location', label: 'Place', required: true },
      { type: 'IGX_GROUP_END', name: 'WhenEnd', label: 'Time and place' },
      summaryField,
      bodyField,
      { type: 'IGX_XML', name: 'Schedule', label: 'Schedule' },
      { type: 'IGX_LINK', name: 'RegistrationLink', label: 'Registration' },
      { type: 'IGX_ELEMENT_TEXT', name: 'Cost', label: 'Cost' },
      { type: 'IGX_BOOLEAN', name: 'OpenToPublic', label: 'Open to the public', defaultValue: 'true' },
    ],
    help: {
      elements: { Schedule: 'XML with one slot element per entry and its time as an attribute.' },
      attributes: {},
    },
  },
  {
    key: 'profile',
    kind: 'page',
    rootName: 'PersonProfile',
    friendlyName: 'Person Profile',
    version: 2,
    icon: 8,
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'FullName', label: 'Name', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Position', label: 'Position', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Email', label: 'E-mail address', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Phone', label: 'Telephone' },
      { type: 'IGX_ELEMENT_TEXT', name: 'Office', label: 'Office' },
      { type: 'IGX_ASSET', name: 'Photo', label: 'Portrait' },
      { type: 'IGX_ELEMENT_CDATA', name: 'Biography', label: 'Biography' },
    ],
  },
  {
    key: 'heroBanner',
    kind: 'component',
    rootName: 'HeroBanner',
    friendlyName: 'Hero Banner',
    version: 2,
    icon: 9,
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'Heading', label: 'Heading', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Text', label: 'Text' },
      { type: 'IGX_ASSET', name: 'Image', label: 'Background picture', required: true },
      { type: 'IGX_LINK', name: 'Button', label: 'Button' },
    ],
  },
  {
    key: 'promoBlock',
    kind: 'component',
    rootName: 'PromoBlock',
    friendlyName: 'Promo Block',
    version: 3,
    icon: 10,
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'Heading', label: 'Heading', required: true },
      { type: 'IGX_ELEMENT_CDATA', name: 'Text', label: 'Text', required: true },
      { type: 'IGX_ASSET', name: 'Image', label: 'Picture' },
      { type: 'IGX_LINK', name: 'Link', label: 'Link', required: true },
    ],
    aiHelp: { elements: { Heading: 'At most six words.', Text: 'At most thirty words.' }, attributes: {} },
  },
  {
    key: 'contactCard',
    kind: 'component',
    rootName: 'ContactCard',
    friendlyName: 'Contact Card',
    version: 2,
    icon: 11,
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'Office', label: 'Office', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Phone', label: 'Telephone' },
      { type: 'IGX_ELEMENT_TEXT', name: 'Email', label: 'E-mail address', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Place', label: 'Place' },
      { type: 'IGX_ELEMENT_TEXT', name: 'Hours', label: 'Opening hours' },
    ],
  },
  {
    key: 'alertBanner',
    kind: 'component',
    rootName: 'AlertBanner',
    friendlyName: 'Alert Banner',
    version: 1,
    icon: 12,
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'Message', label: 'Message', required: true },
      {
        type: 'IGX_ENUMERATION',
        name: 'Level',
        label: 'Level',
        required: true,
        defaultValue: 'Notice',
        allowedValues: ['Notice', 'Warning', 'Emergency'],
      },
      { type: 'IGX_BOOLEAN', name: 'Active', label: 'Active', defaultValue: 'false' },
      { type: 'IGX_LINK', name: 'Link', label: 'Link' },
      { type: 'IGX_DATE', name: 'Expires', label: 'Expires' },
    ],
    help: { elements: { Message: 'Say what happened and what to do, in two sentences.' }, attributes: {} },
  },
  {
    key: 'jobPosting',
    kind: 'page',
    rootName: 'JobPosting',
    friendlyName: 'Job Posting',
    version: 1,
    icon: 13,
    draft: true,
    fields: [
      titleField,
      { type: 'IGX_LOCAL_DATE', name: 'ClosingDate', label: 'Closing date', required: true },
      { type: 'IGX_LINK', name: 'Office', label: 'Office' },
      bodyField,
    ],
  },
  {
    key: 'image',
    kind: 'asset',
    rootName: 'ImageAsset',
    friendlyName: 'Image',
    version: 2,
    icon: 20,
    extensions: ['jpg', 'jpeg', 'png', 'gif', 'svg', 'webp'],
    assetType: 'Image',
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'AltText', label: 'Alternative text', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Credit', label: 'Photographer' },
    ],
    aiHelp: { elements: { AltText: 'Describe what can be seen, not what it means.' }, attributes: {} },
  },
  {
    key: 'document',
    kind: 'asset',
    rootName: 'DocumentAsset',
    friendlyName: 'Document',
    version: 1,
    icon: 21,
    extensions: ['pdf', 'docx', 'xlsx', 'pptx', 'ics', 'zip'],
    assetType: 'Document',
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'Title', label: 'Title', required: true },
      { type: 'IGX_LOCAL_DATE', name: 'ReviewDate', label: 'Review by' },
    ],
  },
  {
    key: 'text',
    kind: 'asset',
    rootName: 'TextAsset',
    friendlyName: 'Text File',
    version: 1,
    icon: 22,
    extensions: ['css', 'js', 'json', 'txt', 'xml', 'csv'],
    assetType: 'Text',
    fields: [{ type: 'IGX_ELEMENT_TEXT', name: 'Description', label: 'Description' }],
  },
  {
    key: 'dita',
    kind: 'asset',
    rootName: 'DitaAsset',
    friendlyName: 'DITA File',
    version: 1,
    icon: 23,
    extensions: ['dita', 'ditamap', 'ditaval'],
    assetType: 'Dita',
    fields: [
      { type: 'IGX_ELEMENT_TEXT', name: 'Title', label: 'Title', required: true },
      { type: 'IGX_ELEMENT_TEXT', name: 'Audience', label: 'Audience' },
      { type: 'IGX_ELEMENT_TEXT', name: 'Owner', label: 'Owner' },
    ],
  },
];

function schemaField(schemaKey: string, row: FieldRow, index: number): SchemaField {
  return {
    id: `${schemaKey}-${String(index + 1).padStart(2, '0')}`,
    name: row.name,
    label: row.label,
    type: row.type,
    required: row.required ?? false,
    readOnly: row.readOnly ?? computedTypes.has(row.type),
    hidden: row.hidden ?? false,
    isXpower: xpowerTypes.has(row.type),
    defaultValue: row.defaultValue ?? '',
    allowedValues: row.allowedValues ?? [],
    child: row.child ?? null,
    indexable: !computedTypes.has(row.type) && row.type !== 'IGX_GROUP_START' && row.type !== 'IGX_GROUP_END',
  };
}
