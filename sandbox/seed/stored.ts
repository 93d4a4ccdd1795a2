import { shape, type WireModel } from '../contract/shape.ts';
import type { StoredModel, SystemLogLine } from '../model.ts';
import { seedIds } from './seed-ids.ts';

/** What was saved in the areas of which the CMS keeps plain lists; see `SandboxState.stored`. */
export function seedStored(): Record<string, StoredModel[]> {
  return {
    themes: themes(),
    settings: settings(),
    'custom-tabs': [customTab('CustomTabs/1', 'Accessibility', 'https://tools.northfield.example/accessibility')],
    'global-variables': [
      variable('UniversityName', 'Northfield University'),
      variable('AnalyticsKey', 'sandbox-analytics-key'),
    ],
    'report-folders': [{ id: 'ReportFolders/1', name: 'Editorial' }],
    reports: reports(),
    'report-scheduler': [shape('ReportSchedulerState', { started: true, startTime: '20260227T00:00:00' })],
    'replication-targets': [replicationTarget()],
    'search-keymatches': [
      shape('KeyMatchEntry', { Key: 'apply', Url: '/admissions/how-to-apply', Title: 'How to apply' }),
    ],
    'search-synonyms': [shape('SynonymDataEntry', { LeadWord: 'fees', Words: ['tuition', 'costs'], Type: 'TwoWay' })],
    'custom-locales': [],
    'group-profiles': [
      { profile: 'page-tree', groupId: seedIds.groups.editors },
      { profile: 'asset-tree', groupId: seedIds.groups.editors },
      { profile: 'tinymce BodyEditor', groupId: seedIds.groups.viewers },
    ],
    'dita-formats': [
      shape('DITAOutputFormat', { Id: 'xhtml', Name: 'xhtml', Label: 'XHTML', Selected: true }),
      shape('DITAOutputFormat', { Id: 'pdf2', Name: 'pdf2', Label: 'PDF', Selected: true }),
      shape('DITAOutputFormat', { Id: 'dita', Name: 'dita', Label: 'Normalized DITA', IsNorm: true }),
    ],
    'dita-render-schemas': [],
    'dita-settings': [],
    'dita-plugins': [
      shape('DitaOTPluginInfo', {
        formatString: 'xhtml',
        id: 'org.dita.xhtml',
        location: 'plugins/org.dita.xhtml',
        isSystemPlugin: true,
        suggestedName: 'XHTML',
      }),
      shape('DitaOTPluginInfo', {
        formatString: 'pdf2',
        id: 'org.dita.pdf2',
        location: 'plugins/org.dita.pdf2',
        isSystemPlugin: true,
        suggestedName: 'PDF',
      }),
    ],
    'dita-plugins-removed': [],
    'dita-fields': [
      shape('DitaMapFieldConfig', {
        nameOrId: 'audience',
        source: 0,
        label: 'Audience',
        baseLabel: 'Audience',
        selected: true,
      }),
      shape('DitaMapFieldConfig', { nameOrId: 'product', source: 0, label: 'Product', baseLabel: 'Product' }),
    ],
    'dita-params': ditaParams(),
    'dita-aliases': [],
    'dita-asset-choices': [],
    'dita-previews': [],
    hooks: [],
  };
}

export function seedSystemLog(): SystemLogLine[] {
  return [
    { time: '2026-02-27T04:00:00Z', type: 'Info', message: 'Publish of Production finished.' },
    { time: '2026-02-27T03:58:10Z', type: 'Info', message: 'Publish of Production started.' },
    { time: '2026-02-27T02:10:44Z', type: 'Warn', message: 'Index of assets rebuilt after 3 stale entries.' },
    {
      time: '2026-02-26T23:14:09Z',
      type: 'Error',
      message: 'Mail server smtp.northfield.example did not answer in time.',
    },
    { time: '2026-02-26T06:00:00Z', type: 'Info', message: 'Application started, version 10.6.378.' },
  ];
}

function themes(): StoredModel[] {
  const theme = (id: string, name: string, values: WireModel, green: string) =>
    shape('ThemeModel', {
      Id: id,
      Name: name,
      CreationUser: 'mokafor',
      Created: '2025-01-06T08:00:00Z',
      LastModifiedUser: 'mokafor',
      LastModified: '2025-01-06T08:00:00Z',
      EntityType: 'Theme',
      Font: 'Georgia, serif',
      FontSize: 16,
      Colors: [shape('ThemeColorModel', { Id: 'primary', Name: 'Primary', Color: green })],
      ...values,
    });
  return [
    theme('Themes/1', 'Northfield', { IsDefault: true, IsSystem: true }, '#17503b'),
    theme('Themes/2', 'High Contrast', {}, '#000000'),
  ];
}

const settingRows: [section: string, setting: string, value: string][] = [
  ['CMS', 'RequireCheckinComments', 'false'],
  ['CMS', 'MaxVersionsPerPage', '50'],
  ['CMS', 'AutoSave', 'true'],
  ['Email', 'SmtpServer', 'smtp.northfield.example'],
  ['Email', 'Sender', 'cms@northfield.example'],
  ['Publishing', 'MaxRetries', '3'],
];

function settings(): StoredModel[] {
  return settingRows.map(([Section, Setting, Value]) => shape('SettingModel', { Section, Setting, Value }));
}

function customTab(id: string, name: string, url: string): StoredModel {
  return shape('CustomTabInformation', {
    id,
    name,
    displayName: name,
    url,
    isGlobal: true,
    show: true,
    appendPageId: true,
  });
}

function variable(name: string, value: string): StoredModel {
  return shape('GlobalVariableItem', { Name: name, GlobalValue: value, VariableType: 'Text', PubTargetOverrides: [] });
}

function reports(): StoredModel[] {
  const report = (id: string, name: string, values: WireModel): StoredModel => ({
    ...shape('ReportInformation', {
      id,
      name,
      lastChangeUser: 'mokafor',
      lastChangeTime: '20260105T09:00:00',
      involvedDocuments: ['Page'],
      parameters: [],
      schedules: [],
      columns: [
        shape('ReportColumn', {
          id: `${id}/1`,
          locale: 'en-us',
          label: 'Name',
          attributeName: 'Name',
          dataType: 'string',
          width: 240,
        }),
        shape('ReportColumn', {
          id: `${id}/2`,
          locale: 'en-us',
          label: 'Changed',
          attributeName: 'LastModified',
          dataType: 'date',
          width: 120,
        }),
      ],
      idColumnName: 'Id',
      ...values,
    }),
    folderId: 'ReportFolders/1',
  });
  return [
    report('Reports/1', 'Checked-out pages', { reportType: 'Simple', query: 'CheckedOut:true' }),
    report('Reports/2', 'Pages of a schema', {
      reportType: 'Parameterized',
      query: 'SchemaName:{schema}',
      parameters: [
        shape('ReportParameter', {
          id: 'Reports/2/p1',
          name: 'schema',
          label: 'Schema',
          type: 'string',
          defaultValue: 'NewsArticle',
        }),
      ],
    }),
  ];
}

function replicationTarget(): StoredModel {
  return shape('ReplicationTargetModel', {
    Id: 'ReplicationTargets/1',
    Name: 'Web server 1',
    PublishingTargetId: seedIds.targets.production,
    ReplicationTargetType: 'SFTP',
    TargetAddress: 'web1.northfield.example',
    Port: 22,
    Username: 'replication',
    Password: 'sandbox-replication-password',
    RootPath: '/var/www/northfield',
    Created: '2025-01-06T08:00:00Z',
    LastModified: '2025-01-06T08:00:00Z',
    CreationUser: 'mokafor',
    LastModifiedUser: 'mokafor',
  });
}

function ditaParams(): StoredModel[] {
  const param = (name: string, description: string, values: WireModel): StoredModel => ({
    ...shape('OTParameter', {
      Name: name,
      Description: description,
      Type: 'String',
      BelongToFormats: ['xhtml', 'pdf2'],
      ...values,
    }),
    Value: null,
    Added: values['IsCommonParam'] === true,
  });
  return [
    param('args.draft', 'Shows comments and clean-up notes.', {
      Type: 'Enum',
      DefaultValue: 'no',
      Choices: ['yes', 'no'],
      IsCommonParam: true,
    }),
    param('args.gen.task.lbl', 'Writes headings into tasks.', {
      Type: 'Enum',
      DefaultValue: 'NO',
      Choices: ['YES', 'NO'],
      IsCommonParam: true,
    }),
    param('args.css', 'Name of a style sheet.', { BelongToFormats: ['xhtml'] }),
    param('pdf.formatter', 'Program that sets the pages.', { DefaultValue: 'fop', BelongToFormats: ['pdf2'] }),
  ];
}
