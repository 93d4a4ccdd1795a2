import type { SavedReport } from '../administration.ts';
import type { Actor } from '../cms/actor.ts';
import { compactDate } from './dates.ts';
import { loginOf } from './entity.ts';

/** `ReportRowData` of the contract. */
export function reportRowData({ state }: Actor, report: SavedReport) {
  return {
    id: report.id,
    name: report.name,
    reportType: report.type,
    lastChangeUser: loginOf(state, report.changedBy),
    lastChangeTime: compactDate(report.changeTime),
    lastVisitTime: report.visitTime && compactDate(report.visitTime),
  };
}

/** `ReportInformation` of the contract. Parts of a report have ids of their own on the wire: the report's and a name. */
export function reportInformation(actor: Actor, report: SavedReport) {
  return {
    ...reportRowData(actor, report),
    lastVisitUser: report.visitedBy && loginOf(actor.state, report.visitedBy),
    query: report.query,
    involvedDocuments: report.documents,
    parameters: report.parameters.map((parameter) => ({ id: `${report.id}/${parameter.name}`, ...parameter })),
    schedules: report.schedules.map(({ name, startTime, recurUnit, recurNumber, recipients, parameterValues }) => ({
      id: `${report.id}/${name}`,
      locale: 'en-us',
      name,
      startTime: compactDate(startTime),
      recurUnit,
      recurNumber,
      recipients,
      parameterValues,
    })),
    columns: report.columns.map((column) => ({
      id: `${report.id}/${column.attributeName}`,
      locale: 'en-us',
      ...column,
    })),
    idColumnName: report.idColumnName,
    providerUrl: report.providerUrl,
  };
}
