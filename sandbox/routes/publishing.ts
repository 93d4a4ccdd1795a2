import { canRead, requireRead, requireRight } from '../cms/access.ts';
import { openPreview } from '../cms/publish-preview.ts';
import { targetOf } from '../cms/publishing.ts';
import { findItem, findNode } from '../cms/tree.ts';
import { HttpRefusal, invalidArgument } from '../exceptions.ts';
import type { PublishingTarget, Redirect } from '../model.ts';
import type { ApiCall, Route } from '../route.ts';
import { compactDate } from '../views/dates.ts';
import { paginated, pascalPaging, sortedBy } from '../views/paging.ts';
import { logModel, monitorModel, targetModel, targetSummary } from '../views/publishing.ts';
import { groupModel } from '../views/user.ts';

/** Tag *Publishing* of the contract. Nothing here publishes: that is left to workflow transitions. */
export const publishingRoutes: Route[] = [
  {
    operationId: 'Publishing_GetPublishingTargets',
    method: 'GET',
    path: '/publishing/targets',
    query: { ProfileId: 'string', OrderBy: 'string', ...pascalPaging },
    effect: 'read',
    handle(call) {
      const profileId = call.query.text('ProfileId');
      const targets = call.state.publishingTargets
        .filter((target) => profileId === '' || target.profileIds.includes(profileId))
        .toSorted(ORDERS[call.query.text('OrderBy').toLowerCase()] ?? (() => 0));
      return paginated(call, targets, (target) => targetModel(call.runtime, call.state, target));
    },
  },
  {
    operationId: 'Publishing_GetPublishingTarget',
    method: 'GET',
    path: '/publishing/target',
    query: { publishingTargetId: 'string!' },
    effect: 'read',
    handle(call) {
      const target = findTarget(call);
      return target && targetModel(call.runtime, call.state, target);
    },
  },
  {
    operationId: 'Publishing_GetPublishingTargetGroups',
    method: 'GET',
    path: '/publishing/target/groups',
    query: { publishingTargetId: 'string!' },
    effect: 'read',
    handle(call) {
      const target = findTarget(call);
      if (!target) return null;
      return call.state.groups
        .filter((group) => target.groupIds.includes(group.id))
        .map((group) => groupModel(call.state, group));
    },
  },
  {
    operationId: 'Publishing_GetUserAgents',
    method: 'GET',
    path: '/publishing/user-agents',
    effect: 'read',
    handle: (call) =>
      call.state.userAgents.map(({ name, searchString, contentType, fileExtension }) => ({
        Name: name,
        SearchString: searchString,
        ContentType: contentType,
        FileExtension: fileExtension,
      })),
  },
  {
    operationId: 'Publishing_GetSites',
    method: 'GET',
    path: '/publishing/sites',
    effect: 'read',
    handle: (call) =>
      call.state.sites.map(({ name, searchString, siteGroup }) => ({
        SearchString: searchString,
        SiteGroup: siteGroup,
        Name: name,
      })),
  },
  {
    operationId: 'Publishing_PublishPreview',
    method: 'POST',
    path: '/publishing/publish-preview',
    query: {
      contentItemId: 'string!',
      publishingTargetId: 'string!',
      incremental: 'bool!',
      includeChildren: 'bool!',
      sitePublish: 'bool!',
    },
    effect: 'read',
    handle: publishPreview,
  },
  {
    operationId: 'Publishing_GetPubPreviewTaskContentPage',
    method: 'GET',
    path: '/publishing/publish-preview-content',
    query: { TaskId: 'string', ForAssets: 'bool', Filter: 'string', ...pascalPaging },
    effect: 'read',
    handle(call) {
      const task = call.runtime.previews.get(call.query.text('TaskId'));
      if (!task) return null;
      const filter = call.query.text('Filter').toLowerCase();
      const entries = (call.query.flag('ForAssets') ? task.assets : task.pages).filter(({ id }) =>
        id.toLowerCase().includes(filter),
      );
      return paginated(call, entries, ({ id, version }) => ({ Id: id, Version: String(version) }));
    },
  },
  {
    operationId: 'Publishing_GetContentItemPublishedToTarget',
    method: 'POST',
    path: '/publishing/content-publish-history',
    query: { publishingTargetId: 'string!' },
    body: 'json',
    effect: 'read',
    handle(call) {
      const target = targetOf(call.state, call.query.text('publishingTargetId'));
      return call.body.ids('contentItemIds').flatMap((id) => {
        const item = findItem(call.state, id);
        if (!item || !canRead(call, item)) return [];
        return [{ Id: id, Published: target.id in item.published, Marked: target.id in item.marks }];
      });
    },
  },
  {
    operationId: 'Publishing_GetCurrentTasks',
    method: 'GET',
    path: '/publishing/current-tasks',
    effect: 'read',
    handle: (call) => monitorModel(call.state, call.runtime.now()),
  },
  {
    operationId: 'Publishing_GetPublishingLogDetails',
    method: 'GET',
    path: '/publishing/log-detail',
    query: { id: 'string!' },
    effect: 'read',
    handle(call) {
      const log = call.state.publishing.logs.find((candidate) => candidate.id === call.query.text('id'));
      return log ? logModel(call.state, log) : null;
    },
  },
  {
    operationId: 'Publishing_GetPublishingTargetPublishingSummary',
    method: 'GET',
    path: '/publishing/target-summary',
    query: { publishingTargetId: 'string!' },
    effect: 'read',
    handle(call) {
      const target = findTarget(call);
      return target && targetSummary(call.state, target);
    },
  },
  {
    operationId: 'Publishing_GetRedirects',
    method: 'GET',
    path: '/publishing/redirects',
    query: { Sort: 'string', SortDirection: 'string', ...pascalPaging },
    effect: 'read',
    handle(call) {
      const models = call.state.redirects.map((redirect) => redirectModel(call, redirect));
      const sorted = sortedBy(
        models,
        call.query.text('Sort'),
        call.query.text('SortDirection') || 'ASC',
        (model, field) => Object.entries(model).find(([name]) => name.toLowerCase() === field.toLowerCase())?.[1],
      );
      return paginated(call, sorted, (model) => model);
    },
  },
  {
    operationId: 'Publishing_SaveRedirect',
    method: 'PUT',
    path: '/publishing/redirect',
    body: 'json',
    effect: 'write',
    handle: saveRedirect,
  },
  {
    operationId: 'Publishing_DeleteRedirect',
    method: 'DELETE',
    path: '/publishing/redirect',
    query: { redirectId: 'string!' },
    effect: 'write',
    handle: (call) => deleteRedirect(call, call.query.text('redirectId')),
  },
  {
    operationId: 'Publishing_DeleteRedirects',
    method: 'DELETE',
    path: '/publishing/redirects',
    body: 'json',
    effect: 'write',
    handle: (call) => call.body.ids('redirectIds').map((id) => deleteRedirect(call, id)),
  },
];

/** `PublishingTargetOrder`. */
const ORDERS: Record<string, (a: PublishingTarget, b: PublishingTarget) => number> = {
  id: (a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }),
  name: (a, b) => a.name.localeCompare(b.name),
  lastpublisheddate: (a, b) => (b.lastPublished ?? '').localeCompare(a.lastPublished ?? ''),
};

function findTarget(call: ApiCall): PublishingTarget | null {
  const id = call.query.text('publishingTargetId');
  return call.state.publishingTargets.find((target) => target.id === id) ?? null;
}

function publishPreview(call: ApiCall) {
  const { query, runtime, state } = call;
  const target = targetOf(state, query.text('publishingTargetId'));
  const sitePublish = query.flag('sitePublish') ?? false;
  const incremental = query.flag('incremental') ?? false;
  const includeChildren = query.flag('includeChildren') ?? false;
  const item = findNode(state, query.text('contentItemId'));
  if (!item) throw invalidArgument(`There is no content item ${query.text('contentItemId')}.`, 'contentItemId');
  requireRead(call, item);
  const order = {
    targetId: target.id,
    rootItemId: sitePublish ? null : item.id,
    includeChildren,
    incremental,
    forcedIncremental: false,
  };
  const about = { sitePublish, submitTime: call.now, submitUserId: call.user.id };
  const task = openPreview(runtime.previews, state, order, about);
  return {
    TaskId: task.id,
    IsFullPublish: !incremental,
    SitePublish: sitePublish,
    PublishingTargetName: target.name,
    SubmitTime: compactDate(call.now),
    SubmitUserId: call.user.userId,
    RootPageId: order.rootItemId ?? target.rootPageId,
    IncludeChildren: includeChildren,
    PagesCount: task.pages.length,
    AssetsCount: task.assets.length,
  };
}

/** An empty id creates. The separator of the target ids is not documented; the sandbox writes and reads commas. */
function saveRedirect(call: ApiCall) {
  requireRight(call, 'IGX_USER_RIGHT_CAN_MANAGE_REDIRECTS');
  const data = call.body.model('data');
  const id = data.text('Id');
  const existing = call.state.redirects.find((redirect) => redirect.id === id);
  if (id !== '' && !existing) return null;
  const from = data.text('From');
  if (from === '') throw new HttpRefusal(400, { Message: 'A redirect must have an address to redirect from.' });
  const targetIds = data
    .text('SelectedTgtIds')
    .split(/[,|;]/)
    .map((targetId) => targetId.trim())
    .filter((targetId) => targetId !== '');
  for (const targetId of targetIds) targetOf(call.state, targetId);
  const values = {
    name: data.text('Name') || from,
    targetIds,
    from,
    to: data.text('To'),
    notes: data.text('Notes'),
    temporary: data.flag('Temp'),
  };
  if (existing) {
    Object.assign(existing, values);
    return redirectModel(call, existing);
  }
  call.state.counters.redirect += 1;
  const redirect: Redirect = { id: `Redirects/${call.state.counters.redirect}`, ...values };
  call.state.redirects.push(redirect);
  return redirectModel(call, redirect);
}

function deleteRedirect(call: ApiCall, id: string): boolean {
  requireRight(call, 'IGX_USER_RIGHT_CAN_MANAGE_REDIRECTS');
  const at = call.state.redirects.findIndex((redirect) => redirect.id === id);
  if (at === -1) return false;
  call.state.redirects.splice(at, 1);
  return true;
}

function redirectModel(call: ApiCall, redirect: Redirect) {
  const names = call.state.publishingTargets
    .filter((target) => redirect.targetIds.includes(target.id))
    .map((target) => target.name);
  return {
    Id: redirect.id,
    SelectedTgtIds: redirect.targetIds.join(','),
    SelectedTgtNames: names.join(','),
    From: redirect.from,
    To: redirect.to,
    Notes: redirect.notes,
    Temp: redirect.temporary,
  };
}
