import type { DitaState, OtParameter } from '../model.ts';
import { schemaIds } from './schemas.ts';

/** The DITA area as an administrator left it: DITA-OT is deployed, HTML5 is the format for the web. */
export function seedDita(folderIds: Map<string, string>): DitaState {
  return {
    javaInstalled: true,
    rootFolderId: folderIds.get('DITA') ?? '',
    dtdFolderId: null,
    settings: {
      skipPeerScopeRefsConversion: 'false',
      otTimeout: '600',
      otTempFoldersToKeep: '5',
      otPreviewTempFoldersToKeep: '5',
      allowOxygenInvoke: 'false',
    },
    otVersion: '4.2.3',
    outputFormats: [
      { formatString: 'dita', name: 'Normalized DITA', selected: false, isNormalization: true },
      { formatString: 'html5', name: 'HTML5', selected: true, isNormalization: false },
      { formatString: 'pdf', name: 'PDF', selected: false, isNormalization: false },
      { formatString: 'markdown', name: 'Markdown', selected: false, isNormalization: false },
    ],
    renderSchemaId: schemaIds.standard,
    localizedRenderSchemas: [],
    otParameters: otParameters(),
    mapFields: [
      { nameOrId: 'Audience', source: 0, label: 'Audience', selected: true },
      { nameOrId: 'Owner', source: 0, label: 'Owner', selected: true },
      { nameOrId: 'Title', source: 0, label: 'Title', selected: false },
    ],
    userMapFields: {},
    assetFormats: {},
    assetDitavals: {},
    aliases: {},
  };
}

function otParameters(): OtParameter[] {
  return otParameterRows.map(([name, description, type, defaultValue, choices, formats, isCommon, value]) => ({
    name,
    description,
    type,
    defaultValue,
    choices: [...choices],
    formats: [...formats],
    isCommon,
    value,
  }));
}

/** A few of DITA-OT's parameters, by the names that its documentation gives them. */
const otParameterRows: [
  name: string,
  description: string,
  type: OtParameter['type'],
  defaultValue: string,
  choices: string[],
  formats: string[],
  isCommon: boolean,
  value: string | null,
][] = [
  ['args.gen.task.lbl', 'Headings in tasks', 'Enum', 'NO', ['YES', 'NO'], [], true, 'NO'],
  [
    'args.rellinks',
    'Which related links stand in the output',
    'Enum',
    'all',
    ['none', 'all', 'nofamily'],
    [],
    true,
    'all',
  ],
  ['args.draft', 'Show draft comments', 'Bool', 'no', [], [], true, 'no'],
  ['nav-toc', 'A navigation in HTML5 pages', 'Enum', 'none', ['none', 'partial', 'full'], ['html5'], false, 'partial'],
  ['args.css', 'Name of a style sheet of one\u2019s own', 'String', '', [], ['html5'], false, null],
  ['args.bookmap-order', 'Order of the parts of a book', 'String', 'discard', [], ['pdf'], false, null],
];
