import { canRead } from '../cms/access.ts';
import { recordActivity } from '../cms/activity.ts';
import { nameOf, schemaOf } from '../cms/content.ts';
import { targetOf } from '../cms/publishing.ts';
import { type AnyItem, isRecycled } from '../cms/tree.ts';
import { isGranted } from '../cms/tree-edit.ts';
import { daysBetween } from '../cms/visits.ts';
import { invalidArgument } from '../exceptions.ts';
import type { UserActivity } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { compactDate } from '../views/dates.ts';
import { loginOf, userName } from '../views/entity.ts';
import { userModel } from '../views/user.ts';
import { dashboardAnalytics } from './analytics.ts';

/** What the sandbox says it is; the same as in its Swagger document. */
export const productVersion = '10.6.378';

/** Tag *Dashboard* of the contract; its analytics stand in `analytics.ts`. */
export const dashboardRoutes: Route[] = [
  {
    operationId: 'Dashboard_GetOverview',
    method: 'GET',
    path: '/dashboard/overview',
    effect: 'read',
    handle: overview,
  },
  {
    operationId: 'Dashboard_GetActivityStream',
    method: 'GET',
    path: '/dashboard/activity-stream',
    query: { count: 'int=10' },
    effect: 'read',
    handle: (call) =>
      call.state.activities.slice(0, call.query.int('count') ?? 10).map((activity) => activityModel(call, activity)),
  },
  {
    operationId: 'Dashboard_PostComment',
    method: 'POST',
    path: '/dashboard/comment',
    query: { comment: 'string!' },
    effect: 'write',
    handle(call) {
      recordActivity(call, 'Comment', call.query.text('comment'));
      const [posted] = call.state.activities;
      return posted ? activityModel(call, posted) : null;
    },
  },
  {
    operationId: 'Dashboard_GetOnlineUsers',
    method: 'GET',
    path: '/dashboard/online-users',
    query: { count: 'int=10' },
    effect: 'read',
    handle: (call) => [userModel(call.state, call.user)].slice(0, call.query.int('count') ?? 10),
  },
  {
    operationId: 'Dashboard_GetProductionData',
    method: 'GET',
    path: '/dashboard/production-data',
    query: { pubTgtId: 'string=', startDate: 'string=', endDate: 'string=' },
    effect: 'read',
    handle: productionData,
  },
];

/** `ProductionDataModel` of the contract: what was done per day; the last thirty days when none are named. */
function productionData(call: ApiCall) {
  const { state } = call;
  const targetId = call.query.text('pubTgtId');
  if (targetId !== '') targetOf(state, targetId);
  const end = productionDay(call.query.text('endDate'), 'endDate') ?? call.now.slice(0, 10);
  const start = productionDay(call.query.text('startDate'), 'startDate') ?? dayBefore(end, PRODUCTION_DAYS - 1);
  if (start > end || start < dayBefore(end, PRODUCTION_DAYS_MAX)) {
    throw invalidArgument(`A period has 1 to ${PRODUCTION_DAYS_MAX} days.`, 'startDate');
  }
  const labels = daysBetween(start, end);
  const items = [...Object.values(state.pages), ...Object.values(state.assets)];
  const perDay = (times: string[]) => labels.map((day) => times.filter((time) => time.startsWith(day)).length);
  const logs = state.publishing.logs.filter((log) => targetId === '' || log.targetId === targetId);
  return {
    labels,
    datasets: [
      { label: 'Created', data: perDay(items.map(({ created }) => created)) },
      { label: 'Checked in', data: perDay(items.flatMap(({ versions }) => versions.map(({ date }) => date))) },
      {
        label: 'Published',
        data: perDay(logs.flatMap((log) => log.entries.filter(({ success }) => success).map(() => log.completionTime))),
      },
    ],
  };
}

const PRODUCTION_DAYS = 30;
const PRODUCTION_DAYS_MAX = 400;

/** The day of `yyyyMMddTHH:mm:ss`. */
function productionDay(text: string, parameterName: string): string | null {
  if (text === '') return null;
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)(?:T|$)/.exec(text) ?? [];
  const iso = `${year}-${month}-${day}`;
  if (year === undefined || Number.isNaN(Date.parse(iso))) {
    throw invalidArgument(`"${text}" is no date of the form yyyyMMddTHH:mm:ss.`, parameterName);
  }
  return iso;
}

function dayBefore(day: string, count: number): string {
  return new Date(Date.parse(day) - count * 86_400_000).toISOString().slice(0, 10);
}

/** `UserActivityModel` of the contract. */
function activityModel(call: ApiCall, activity: UserActivity) {
  return {
    UserName: userName(call.state, activity.userId),
    Content: activity.content,
    Action: activity.action,
    Thumbnail: null,
    Timeline: compactDate(activity.time),
    UserId: loginOf(call.state, activity.userId),
  };
}

/** `OverviewModel` of the contract; it lists the page creation rules the caller may use. */
function overview(call: ApiCall) {
  const { state, user } = call;
  const pages = Object.values(state.pages);
  const info = (item: AnyItem) => ({ Id: item.id, Name: nameOf(item), Icon: schemaOf(state, item).icon });
  const inProgress = pages.filter((page) => page.checkedOut?.userId === user.id);
  const recent = pages.filter((page) => page.lastModifiedBy === user.id).toSorted(byLastModified);
  const lastPage = recent[0];
  const lastPublish = state.publishing.logs.find((log) => log.submitUserId === user.id);
  return {
    UserStats: {
      LastLogin: user.lastActive && compactDate(user.lastActive),
      LastPageWorkedOnName: lastPage ? nameOf(lastPage) : null,
      LastPageWorkedOnId: lastPage?.id ?? null,
      LastPageWorkedOn: lastPage ? compactDate(lastPage.lastModified) : null,
      LastPublishTime: lastPublish ? compactDate(lastPublish.completionTime) : null,
      PagesCheckedOut: String(inProgress.length),
      DashboardOptions: [],
    },
    PageCreationRules: state.pageCreationRules
      .filter((rule) => !rule.archived && isGranted(call, rule))
      .map((rule) => ({
        Id: rule.id,
        Name: rule.name,
        Schema: schemaOf(state, rule).friendlyName,
        Icon: schemaOf(state, rule).icon,
        ThumbUrl: null,
        Description: rule.description,
        Author: userName(state, rule.createdBy),
      })),
    InProgress: inProgress.slice(0, OVERVIEW_LENGTH).map(info),
    InProgressTotal: inProgress.length,
    ActiveUsers: state.users
      .filter((candidate) => !candidate.disabled)
      .map((candidate) => ({
        Id: candidate.id,
        Name: candidate.name,
        Email: candidate.email,
        LastLogin: candidate.lastActive && compactDate(candidate.lastActive),
        AssignedPageCount: pages.filter((page) => page.assignedUserId === candidate.id).length,
      })),
    PublishStats: state.publishingTargets.map((target) => ({
      Id: target.id,
      Name: target.name,
      Value: String(pages.filter((page) => target.id in page.published).length),
      LastPubDate: target.lastPublished && compactDate(target.lastPublished),
    })),
    CMSStatistics: {
      Statistics: {
        TotalPageCount: pages.filter((page) => !isRecycled(state, page)).length,
        TotalAssetCount: Object.keys(state.assets).length,
        TotalUsers: state.users.length,
        DatabaseBuild: 'sandbox',
        SiteVersion: productVersion,
        ContentVersion: productVersion,
      },
      SiteName: state.siteName,
    },
    Preferences: {
      WatchedPages: pages.filter((page) => page.favoriteOf.includes(user.id) && canRead(call, page)).map(info),
      WatchedAssetItems: [],
      RecentPages: recent.slice(0, OVERVIEW_LENGTH).map(info),
      RecentAssetItems: [],
      Error: null,
    },
    PubTargets: state.publishingTargets.map(({ id, name }) => ({ Id: id, Name: name })),
    ...dashboardAnalytics(call),
  };
}

const OVERVIEW_LENGTH = 10;

function byLastModified(a: AnyItem, b: AnyItem): number {
  return b.lastModified.localeCompare(a.lastModified);
}
