import type { SavedReport } from '../administration.ts';
import { assertSchedule, attributesOf, nextOccurrences, runSavedReport, savedReportOf } from '../cms/saved-reports.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { invalidArgument } from '../exceptions.ts';
import type { ApiCall, Model } from '../route.ts';
import { compactDate } from '../views/dates.ts';
import { reportInformation, reportRowData } from '../views/saved-report.ts';

/** Tag *Reports* of the contract but the statistics: reports that people saved, and their schedules. */
export const savedReportRoutes = contractRoutes({
  Reports_GetFolder: (call) => folderInformation(call, call.query.text('folderId')),
  Reports_GetReport(call) {
    const { reports } = call.state.administration.reports;
    const report = reports.find(({ id }) => id === call.query.text('reportId'));
    return report ? reportInformation(call, report) : null;
  },
  Reports_GetColumns: columnCandidates,
  Reports_GetSimpleReportResults: (call) => ({
    rows: runSavedReport(call, savedReportOf(call, call.query.text('reportId')), new Map()),
  }),
  Reports_GetParameterizedReportResults(call) {
    const given = call.body.models('parameters').map((pair) => [pair.text('name'), pair.text('value')] as const);
    return { rows: runSavedReport(call, savedReportOf(call, call.query.text('reportId')), new Map(given)) };
  },
  Reports_GetScheduling: (call) => ({
    occurrences: nextOccurrences(call.state.administration.reports.reports, call.now, call.query.int('count') ?? 0).map(
      ({ report, schedule, time }) => ({
        id: report.id,
        name: `${report.name}: ${schedule.name}`,
        time: compactDate(time),
        recipientsCount: schedule.recipients.length,
      }),
    ),
    schedulerState: schedulerState(call),
  }),
  Reports_ToggleScheduler(call) {
    const { reports } = call.state.administration;
    if (!call.query.flag('toStart')) reports.schedulerStartTime = null;
    else reports.schedulerStartTime ??= call.now;
    return schedulerState(call);
  },
  Reports_SaveFolder: saveFolder,
  Reports_SaveSimpleReport: (call) => saveQuery(call, 'Simple'),
  Reports_SaveParameterizedReport: (call) => saveQuery(call, 'Parameterized'),
  Reports_SaveAdvancedReport(call) {
    const info = call.body.model('reportInfo');
    return save(call, info, { type: 'Advanced', providerUrl: info.text('providerUrl') });
  },
  Reports_SaveReportSchedules: saveSchedules,
});

/** `FolderInformation` of the contract; null for an unknown folder. */
function folderInformation(call: ApiCall, folderId: string) {
  const { folders, reports } = call.state.administration.reports;
  const folder = folders.find(({ id }) => id === folderId);
  if (!folder) return null;
  return {
    name: folder.name,
    reports: reports.filter((report) => report.folderId === folder.id).map((report) => reportRowData(call, report)),
  };
}

function schedulerState(call: ApiCall) {
  const { schedulerStartTime } = call.state.administration.reports;
  return { started: schedulerStartTime !== null, startTime: schedulerStartTime && compactDate(schedulerStartTime) };
}

/** The kinds of documents come as one text with commas; the contract says no more of it. */
function columnCandidates(call: ApiCall) {
  const { query, state } = call;
  const report = state.administration.reports.reports.find(({ id }) => id === query.text('reportId'));
  const asked = query.text('involvedDocuments').split(/[,;|]/).filter(Boolean);
  return attributesOf(call, asked.length === 0 ? (report?.documents ?? []) : asked).map((attributeName) => {
    const column = report?.columns.find((candidate) => candidate.attributeName === attributeName);
    return {
      attributeName,
      label: column?.label ?? attributeName,
      dataType: column?.dataType ?? 'string',
      width: column?.width ?? 120,
      selected: column !== undefined,
    };
  });
}

/** An empty id creates. */
function saveFolder(call: ApiCall) {
  const { folders } = call.state.administration.reports;
  const id = call.query.text('folderId');
  const name = call.query.text('folderName').trim();
  if (name === '') throw invalidArgument('A folder must have a name.', 'folderName');
  if (id !== '') {
    knownFolder(call, id).name = name;
    return folderInformation(call, id);
  }
  call.state.counters.administration += 1;
  const folder = { id: `ReportFolders/${call.state.counters.administration}`, name };
  folders.push(folder);
  return folderInformation(call, folder.id);
}

function knownFolder(call: ApiCall, id: string) {
  const folder = call.state.administration.reports.folders.find((candidate) => candidate.id === id);
  if (!folder) throw invalidArgument(`There is no report folder ${id}.`, 'parentFolderId');
  return folder;
}

function saveQuery(call: ApiCall, type: 'Simple' | 'Parameterized'): boolean {
  const info = call.body.model('reportInfo');
  const documents = info.list('involvedDocs');
  attributesOf(call, documents);
  return save(call, info, {
    type,
    documents,
    query: info.text('query'),
    idColumnName: info.text('idColumnName'),
    columns: info.models('columns').map((column) => ({
      attributeName: column.text('attributeName'),
      label: column.text('label'),
      dataType: column.text('dataType'),
      width: Number(column.text('width')),
    })),
    parameters: info.models('parameters').map((parameter) => ({
      name: parameter.text('name'),
      label: parameter.text('label'),
      type: parameter.text('type'),
      defaultValue: parameter.text('defaultValue'),
      options: parameter
        .models('options')
        .map((option) => ({ label: option.text('label'), value: option.text('value') })),
    })),
    ...(info.text('parentFolderId') === '' ? {} : { folderId: knownFolder(call, info.text('parentFolderId')).id }),
  });
}

/** An empty id creates, in the first folder when none is named. */
function save(call: ApiCall, info: Model, values: Partial<SavedReport>): boolean {
  const { folders, reports } = call.state.administration.reports;
  const name = info.text('name').trim();
  const change = { ...values, name, changedBy: call.user.id, changeTime: call.now };
  if (info.text('reportId') !== '') {
    const report = savedReportOf(call, info.text('reportId'));
    Object.assign(report, change, { name: name || report.name });
    return true;
  }
  if (name === '') throw invalidArgument('A report must have a name.', 'name');
  call.state.counters.administration += 1;
  reports.push({
    id: `Reports/${call.state.counters.administration}`,
    folderId: folders[0]?.id ?? '',
    type: 'Simple',
    query: '',
    documents: [],
    columns: [],
    idColumnName: '',
    parameters: [],
    schedules: [],
    providerUrl: '',
    visitedBy: null,
    visitTime: null,
    ...change,
  });
  return true;
}

function saveSchedules(call: ApiCall) {
  const info = call.body.model('reportInfo');
  const report = savedReportOf(call, info.text('reportId'));
  const schedules = info.models('schedules').map((schedule) => ({
    name: schedule.text('name'),
    startTime: schedule.text('startTime'),
    recipients: schedule.list('recipients'),
    recurUnit: schedule.text('recurUnit'),
    recurNumber: Number(schedule.text('recurNumber')),
    parameterValues: schedule
      .models('paramValues')
      .map((pair) => ({ name: pair.text('name'), value: pair.text('value') })),
  }));
  for (const schedule of schedules) assertSchedule(schedule);
  report.schedules = schedules;
  return { success: true, schedulerStarted: schedulerState(call).started };
}
