import type { Administration, ReportColumn, SavedReport } from '../administration.ts';
import { shape } from '../contract/shape.ts';
import { seedIds } from './seed-ids.ts';
import { stamp } from './stamp.ts';

const { users, groups, targets, workflows, states } = seedIds;

/** What was set up on the site: saved reports, where Production is copied to, labels that are translated. */
export function seedAdministration(): Administration {
  return {
    reports: {
      folders: [
        { id: 'ReportFolders/1', name: 'Content' },
        { id: 'ReportFolders/2', name: 'Housekeeping' },
      ],
      reports: seedReports(),
      schedulerStartTime: null,
    },
    replication: {
      destinations: [
        shape('ReplicationTargetModel', {
          Id: 'ReplicationTargets/1',
          Name: 'Web farm',
          Description: 'The public web servers.',
          PublishingTargetId: targets.production,
          ReplicationTargetType: 'SFTP',
          TargetAddress: 'web.northfield.example',
          Port: 22,
          Username: 'deploy',
          Password: 'sandbox-sftp-pass',
          Created: '2025-01-06T08:00:00Z',
          CreationUser: 'mokafor',
          LastModified: '2025-01-06T08:00:00Z',
          LastModifiedUser: 'mokafor',
        }),
      ],
      tasks: [],
      logs: [
        {
          destinationId: 'ReplicationTargets/1',
          targetId: targets.production,
          startTime: '2026-02-27T04:00:00Z',
          seconds: 31,
          itemIds: [],
          error: null,
        },
      ],
      keyFiles: [],
    },
    log: { lines: [], archives: [] },
    localization: {
      customLocales: [],
      translations: {
        'schemas/1': 'Done',
        'schemas/3': 'Incomplete',
        'schemas/5': 'OutDated',
        [workflows.webPublishing]: 'Done',
        [states.draft]: 'Done',
      },
    },
    contentProcessors: {},
    themes: [
      {
        ...stamp('2025-01-06T08:00:00Z', users.admin),
        id: 'Themes/1',
        name: 'Light',
        isDefault: true,
        isSystem: true,
        draft: false,
        font: 'Segoe UI',
        fontSize: 14,
        colors: [{ name: 'primary', color: '#00457c' }],
      },
    ],
    keptLists: {
      'settings | Publishing': [{ Section: 'Publishing', Setting: 'KeepLogsForDays', Value: '90' }],
      'group-profiles | page-tree': [{ groupId: groups.editors }],
      'global-variables': [
        {
          Name: 'ContactMail',
          GlobalValue: 'web@northfield.example',
          XPathQuery: false,
          VariableType: 'Text',
          PubTargetOverrides: [],
        },
      ],
    },
  };
}

const columns: ReportColumn[] = [
  { attributeName: 'Id', label: 'ID', dataType: 'string', width: 80 },
  { attributeName: 'Name', label: 'Name', dataType: 'string', width: 240 },
  { attributeName: 'LastModified', label: 'Changed', dataType: 'date', width: 140 },
];

function seedReports(): SavedReport[] {
  const report = (row: Pick<SavedReport, 'id' | 'name'> & Partial<SavedReport>): SavedReport => ({
    folderId: 'ReportFolders/1',
    type: 'Simple',
    query: '',
    documents: ['Page'],
    columns,
    idColumnName: 'Id',
    parameters: [],
    schedules: [],
    providerUrl: '',
    changedBy: users.admin,
    changeTime: '2026-01-12T10:00:00Z',
    visitedBy: null,
    visitTime: null,
    ...row,
  });
  return [
    report({ id: 'Reports/1', name: 'News articles', query: 'Schema:NewsArticle' }),
    report({
      id: 'Reports/2',
      name: 'Pages of a content type',
      type: 'Parameterized',
      query: 'Schema:{schema} AND Name:{name}',
      parameters: [
        { name: 'schema', label: 'Content type', type: 'string', defaultValue: '', options: [] },
        { name: 'name', label: 'Name', type: 'string', defaultValue: '*', options: [] },
      ],
    }),
    report({
      id: 'Reports/3',
      name: 'Checked-out assets',
      folderId: 'ReportFolders/2',
      documents: ['Asset'],
      query: 'CheckedOut:true',
    }),
    report({
      id: 'Reports/4',
      name: 'Visits by section',
      folderId: 'ReportFolders/2',
      type: 'Advanced',
      documents: [],
      columns: [],
      providerUrl: 'https://reports.northfield.example/visits',
    }),
  ];
}
