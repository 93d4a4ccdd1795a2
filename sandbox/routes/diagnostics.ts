import { groupsOf, requireRight } from '../cms/access.ts';
import { type ApiCall, FileAnswer, type Route } from '../route.ts';
import { productVersion } from './dashboard.ts';

/** Statistics, probes and small lists: tags *Reports* (stats), *Settings* (time zones) and *Test*. */
export const diagnosticRoutes: Route[] = [
  {
    operationId: 'Reports_GetStats',
    method: 'GET',
    path: '/reports/stats',
    query: { periodDataOnly: 'bool!', begingDate: 'string!' },
    effect: 'read',
    handle: stats,
  },
  {
    operationId: 'Settings_GetTimeZones',
    method: 'GET',
    path: '/settings/timezones',
    effect: 'read',
    handle: () => TIME_ZONES.map(([id, name]) => ({ Id: id, Name: name })),
  },
  {
    operationId: 'Test_GetClaims',
    method: 'GET',
    path: '/test/claims',
    effect: 'read',
    handle(call) {
      const { state, user } = call;
      const claims = [
        { Type: 'sub', Value: user.id },
        { Type: 'unique_name', Value: user.userId },
        { Type: 'name', Value: user.name },
        ...groupsOf(state, user).map((group) => ({ Type: 'role', Value: group.name })),
      ];
      return new FileAnswer('application/json; charset=utf-8', JSON.stringify(claims));
    },
  },
  {
    operationId: 'Test_GetPermissionTest',
    method: 'GET',
    path: '/test/admin-perm-test',
    effect: 'read',
    handle(call) {
      requireRight(call, 'IGX_USER_RIGHT_ADMIN');
      return new FileAnswer('text/plain', 'OK');
    },
  },
  {
    operationId: 'Test_Get',
    method: 'GET',
    path: '/test/error',
    query: { statusCode: 'int!', message: 'string=' },
    effect: 'read',
    handle(call) {
      const asked = call.query.int('statusCode') ?? 500;
      const status = asked >= 200 && asked <= 599 ? asked : 500;
      const reason = call.query.text('message');
      // The CMS puts its message into the reason phrase and leaves the body empty (contract §5).
      return new FileAnswer('text/plain', '', reason === '' ? { status } : { status, reason });
    },
  },
  {
    operationId: 'Test_GetCurrentLocale',
    method: 'GET',
    path: '/test/locale',
    effect: 'read',
    handle: () => new FileAnswer('text/plain', 'en-US'),
  },
];

/** `StatsResponse` of the contract. */
function stats(call: ApiCall) {
  const { state } = call;
  const pages = Object.values(state.pages);
  const begin = Date.parse(call.query.text('begingDate')) || 0;
  const isInPeriod = (time: string) => Date.parse(time) >= begin;
  const updated = pages.filter((page) => isInPeriod(page.lastModified)).length;
  return {
    general: call.query.flag('periodDataOnly')
      ? null
      : {
          siteVersion: productVersion,
          pagesCount: pages.length,
          checkedoutPagesCount: pages.filter((page) => page.checkedOut !== null).length,
          usersCount: state.users.length,
          userGroupsCount: state.groups.length,
          schemasCount: state.schemas.length,
          stylesheetsCount: 0,
          pcrsCount: state.pageCreationRules.length,
          workflowsCount: state.workflowDefinitions.length,
          pagesInWorkflowCount: pages.filter((page) => page.workflow !== null).length,
        },
    period: {
      pagesCreated: pages.filter((page) => isInPeriod(page.created)).length,
      pagesUpdated: updated,
      percentageOfPagesUpdated: pages.length === 0 ? 0 : (100 * updated) / pages.length,
      pagesPublished: pages.filter((page) => Object.values(page.published).some(({ time }) => isInPeriod(time))).length,
    },
  };
}

const TIME_ZONES: [string, string][] = [
  ['UTC', '(UTC) Coordinated Universal Time'],
  ['Eastern Standard Time', '(UTC-05:00) Eastern Time (US & Canada)'],
  ['Central Standard Time', '(UTC-06:00) Central Time (US & Canada)'],
  ['Mountain Standard Time', '(UTC-07:00) Mountain Time (US & Canada)'],
  ['Pacific Standard Time', '(UTC-08:00) Pacific Time (US & Canada)'],
  ['W. Europe Standard Time', '(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna'],
];
