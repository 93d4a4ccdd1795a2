import { may, operationsOf } from './operation.ts';

/** Operations of the API tag `Logs`. */
export const logsOperations = operationsOf('Logs', {
  Logs_GetCMSLog: {
    method: 'GET',
    path: '/logs/cms',
    parameters: { sort: may.text, PageSize: may.number, StartIndex: may.number },
    answer: 'LogViewerOutput',
    effect: 'read',
    idempotent: true,
    summary: 'Read the CMS system log page by page',
    synonyms: ['errors', 'what went wrong', 'exceptions', 'trace', 'diagnostics', 'events'],
    quirks: ['Lines may hold secrets; strip them.'],
    tool: 'get_site_health',
  },
  Logs_GetCMSLogFile: {
    method: 'GET',
    path: '/logs/cms/file',
    answer: 'file',
    effect: 'read',
    idempotent: true,
    slow: true,
    summary: 'Download the current CMS log as a file',
    synonyms: ['errors', 'exceptions', 'trace', 'support ticket', 'diagnostics'],
    quirks: ['Answers a file, not JSON.', 'Lines may hold secrets; strip them.'],
  },
  Logs_GetCMSLogArchives: {
    method: 'GET',
    path: '/logs/cms/archive',
    answer: 'file',
    effect: 'read',
    idempotent: true,
    slow: true,
    summary: 'Download older CMS logs in one packed file',
    synonyms: ['errors', 'exceptions', 'history', 'support ticket', 'zip', 'past events'],
    quirks: ['Answers a file, not JSON.', 'Lines may hold secrets; strip them.'],
  },
});
