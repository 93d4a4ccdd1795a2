import { logText } from '../cms/system-log.ts';
import { contractRoutes } from '../contract/contract-routes.ts';
import { zipFile } from '../downloads.ts';
import { FileAnswer } from '../route.ts';
import { compactDate } from '../views/dates.ts';
import { paginated } from '../views/paging.ts';

/** Tag *Logs* of the contract: what the sandbox did and refused. */
export const logRoutes = contractRoutes({
  // The words that `sort` takes are not documented; the newest line comes first unless it says "ascending".
  Logs_GetCMSLog(call) {
    const { lines } = call.state.administration.log;
    const isAscending = /^asc/i.test(call.query.text('sort'));
    return paginated(call, isAscending ? lines : lines.toReversed(), ({ number, type, time, message }) => ({
      LineNum: number,
      Message: message,
      Type: type,
      Time: compactDate(time),
    }));
  },
  Logs_GetCMSLogFile: (call) =>
    new FileAnswer('text/plain; charset=utf-8', logText(call.state.administration.log.lines), {
      downloadName: 'cms.log',
    }),
  Logs_GetCMSLogArchives(call) {
    const { archives } = call.state.administration.log;
    return zipFile(
      'cms-logs.zip',
      archives.map(({ name, lines }) => ({ path: name, text: logText(lines) })),
    );
  },
});
