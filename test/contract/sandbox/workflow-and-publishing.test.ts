import { describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import { poll } from '../../support/poll.ts';
import { type ApiClient, send, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

const { production, staging, intranet } = seedIds.targets;
type Log = {
  Id: string;
  Error: string | null;
  PublishingTargetId: string;
  UserID: string;
  Incremental: boolean;
  ForcedIncremental: boolean;
  Entries: { PageID: string; Success: boolean; Error: string | null }[];
};
type Monitor = {
  PendingItemsCount: number;
  Publishing: { Id: string; PercentCompleted: number } | null;
  RecentCompletedPublishes: Log[];
};

async function transitionId(api: ApiClient, id: string, name: string): Promise<string> {
  type Context = { AllowedTransitions: { Id: string; Name: string }[] };
  const [context] = await api.send<Context[]>('POST', '/pages/page/context', [id]);
  const found = context?.AllowedTransitions.find((transition) => transition.Name === name);
  if (!found) throw new Error(`${name} is not open: ${JSON.stringify(context?.AllowedTransitions)}`);
  return found.Id;
}

async function advance(api: ApiClient, id: string, name: string): Promise<unknown> {
  return api.send('POST', '/pages/page/workflow/advance', {
    ContentId: id,
    TransitionId: await transitionId(api, id, name),
    Comments: 'By a test',
    AssignToUserId: '',
  });
}

/** The first log that was not there before. */
async function nextLog(api: ApiClient, seen: Set<string>): Promise<Log> {
  return poll('a completion log', async () => {
    const monitor = await api.get<Monitor>('/publishing/current-tasks');
    return monitor.RecentCompletedPublishes.find(({ Id }) => !seen.has(Id));
  });
}

async function logIds(api: ApiClient): Promise<Set<string>> {
  const monitor = await api.get<Monitor>('/publishing/current-tasks');
  return new Set(monitor.RecentCompletedPublishes.map(({ Id }) => Id));
}

async function replaceIn(api: ApiClient, id: string, oldText: string, newText: string): Promise<void> {
  const { ReportId } = await api.send<{ ReportId: string }>('POST', '/site/generate-search-text-report', {
    RootPageId: id,
    SearchText: oldText,
  });
  const entries = await poll('report entries', async () => {
    const found = await api.get<{ Id: string }[]>(`/site/report/${ReportId}`);
    return found.length > 0 && found;
  });
  const body = { SessionId: ReportId, EntryIds: entries.map(({ Id }) => Id), NewValue: newText };
  expect(await api.send('POST', '/site/report/replace-entry', body)).toHaveLength(entries.length);
}

const live = (sandbox: Sandbox, path: string) => send('GET', `${sandbox.siteRoot}/live/${path}`);

describe('edit, check in, publish', () => {
  it('brings a new sentence to the live site by a workflow transition', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.tuitionPage;
    expect((await live(sandbox, 'production/admissions/tuition')).text).toContain('fee for 2025 is $60');
    const seen = await logIds(api);
    await api.send('POST', '/pages/checkout', { Id: id });
    await replaceIn(api, id, 'The application fee for 2025 is $60.', 'The application fee for 2026 is $65.');
    const checkedIn = await api.send<{ Version: number }>('POST', '/pages/checkin', {
      Id: id,
      PublishingTargetIds: [production],
      Comment: 'New fee',
    });
    expect((await live(sandbox, 'production/admissions/tuition')).text).toContain('fee for 2025 is $60');
    expect(await advance(api, id, 'Publish again')).toBe(true);
    const log = await nextLog(api, seen);
    expect(log).toMatchObject({
      Error: null,
      PublishingTargetId: production,
      UserID: 'praman',
      ForcedIncremental: true,
    });
    expect(log.Entries).toContainEqual(expect.objectContaining({ PageID: id, Success: true, Error: null }));
    const page = (await live(sandbox, 'production/admissions/tuition')).text;
    expect(page).toContain('fee for 2026 is $65');
    expect(page).toMatch(new RegExp(`version ${checkedIn.Version}, published at .* on Production — sandbox`));
    expect(await api.get('/publishing/log-detail', { id: log.Id })).toMatchObject({ Id: log.Id });
    const status = await api.send('POST', '/publishing/content-publish-history', [id], {
      publishingTargetId: production,
    });
    expect(status).toEqual([{ Id: id, Published: true, Marked: true }]);
  });

  it('sends out the marked version, not the newest one', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.newerVersionMarkedPage;
    expect((await live(sandbox, 'production/library/opening-hours')).text).toContain('version 2,');
    const seen = await logIds(api);
    expect(sandbox.publish({ targetId: production, itemId: id })).toBe(sandbox.state.publishing.queue[0]?.id);
    await nextLog(api, seen);
    expect((await live(sandbox, 'production/library/opening-hours')).text).toContain('version 3,');
  });
});

describe('transitions (domain §5)', () => {
  it('refuse who is not allowed and leave everything as it was', async () => {
    const sandbox = await ownSandbox();
    const author = await signIn(sandbox, 'author');
    const id = sandboxLandmarks.deadlinesPage;
    await author.send('POST', '/pages/checkout', { Id: id });
    const before = structuredClone(sandbox.state.pages[id]);
    const refused = await author.call('POST', '/pages/page/workflow/advance', {
      body: { ContentId: id, TransitionId: await transitionId(author, id, 'Publish again') },
    });
    expect(refused.json).toMatchObject({ ExceptionType: 'System.Security.SecurityException' });
    expect(sandbox.state.pages[id]).toEqual(before);
    expect(sandbox.state.publishing.queue).toEqual([]);
  });

  it('refuse a locked workflow, a transition of another state, and a group that is not in charge', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const refusal = async (client: ApiClient, body: object) =>
      (await client.call('POST', '/pages/page/workflow/advance', { body })).json;
    const invalid = { ExceptionType: 'System.InvalidOperationException' };
    expect(await refusal(api, { ContentId: sandboxLandmarks.lockedWorkflowPage })).toMatchObject(invalid);
    const approve = sandbox.state.workflowDefinitions[0]?.transitions.find(({ name }) => name === 'Approve')?.id;
    expect(await refusal(api, { ContentId: sandboxLandmarks.tuitionPage, TransitionId: approve })).toMatchObject(
      invalid,
    );
    const author = await signIn(sandbox, 'author');
    expect(await refusal(author, { ContentId: sandboxLandmarks.inReviewPage, TransitionId: approve })).toMatchObject(
      invalid,
    );
    expect(await api.send('POST', '/pages/page/workflow/advance', { ContentId: sandboxLandmarks.noWorkflowPage })).toBe(
      false,
    );
    expect(await api.send('POST', '/pages/page/workflow/advance', { ContentId: 'x999999' })).toBe(false);
  });

  it('take the default transition when none is named, and assign to the next group or to a user', async () => {
    const sandbox = await ownSandbox();
    const author = await signIn(sandbox, 'author');
    const id = sandboxLandmarks.draftPage;
    await author.send('POST', '/pages/checkout', { Id: id });
    expect(await author.send('POST', '/pages/page/workflow/advance', { ContentId: id, Comments: 'Please read' })).toBe(
      true,
    );
    expect(await author.get('/workflows/by-content', { contentId: id })).toMatchObject({
      StateName: 'In Review',
      CurrentGroupName: 'Editors',
      Comment: 'Please read',
    });
    expect(await author.get('/pages/page', { id })).toMatchObject({ CheckedOut: false, AssignedGroupName: 'Editors' });
    const editor = await signIn(sandbox);
    await editor.send('POST', '/pages/page/workflow/advance', {
      ContentId: id,
      TransitionId: await transitionId(editor, id, 'Reject'),
      AssignToUserId: seedIds.users.author,
    });
    expect(await editor.get('/pages/page', { id })).toMatchObject({ AssignedUserId: seedIds.users.author });
    expect(await editor.get('/notifications/alerts')).toMatchObject({
      systemAlerts: expect.arrayContaining([expect.objectContaining({ Severity: 'Information', Observed: false })]),
    });
  });

  it('show the states of an item with the transitions that leave them', async () => {
    const api = await signIn(await ownSandbox());
    type State = {
      IsCurrent: boolean;
      WorkflowState: { Name: string };
      WorkflowTransitions: { Name: string; PubTargetIds: string[] }[];
    };
    const states = await api.get<State[]>('/pages/page/workflow/workstates', { pageId: sandboxLandmarks.tuitionPage });
    const current = states.filter(({ IsCurrent }) => IsCurrent);
    expect(current.map(({ WorkflowState }) => WorkflowState.Name)).toEqual(['Published']);
    expect(current[0]?.WorkflowTransitions).toContainEqual(
      expect.objectContaining({ Name: 'Publish again to staging', PubTargetIds: [staging] }),
    );
  });

  it('check out on revision, and take marks away on withdrawal', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    await advance(api, sandboxLandmarks.tuitionPage, 'Revise');
    expect(await api.get('/pages/page', { id: sandboxLandmarks.tuitionPage })).toMatchObject({ CheckedOut: true });
    const article = sandboxLandmarks.injectionArticle;
    await advance(api, article, 'Withdraw');
    expect(await api.get('/pages/page', { id: article })).toMatchObject({ MarkedTargetIds: [] });
    const seen = await logIds(api);
    await send('POST', `${sandbox.siteRoot}/_sandbox/publish`, { body: { targetId: production, incremental: true } });
    const log = await nextLog(api, seen);
    expect(log.Entries).toContainEqual(expect.objectContaining({ PageID: article, Success: true }));
    const [status] = await api.send<object[]>('POST', '/publishing/content-publish-history', [article], {
      publishingTargetId: production,
    });
    expect(status).toEqual({ Id: article, Published: false, Marked: false });
  });
});

describe('the publishing queue (domain §6)', () => {
  const publish = (sandbox: Sandbox, body: object) => send('POST', `${sandbox.siteRoot}/_sandbox/publish`, { body });

  it('works one task after the other and shows its progress', async () => {
    const sandbox = await ownSandbox({ knobs: { publishTickMs: 15 } });
    const api = await signIn(sandbox);
    const seen = await logIds(api);
    await publish(sandbox, { targetId: production, incremental: false });
    await publish(sandbox, { targetId: staging, incremental: false });
    const waiting = await api.get<Monitor>('/publishing/current-tasks');
    expect(waiting.PendingItemsCount).toBe(1);
    const percents = new Set<number>();
    await poll('both logs', async () => {
      const monitor = await api.get<Monitor>('/publishing/current-tasks');
      if (monitor.Publishing) percents.add(monitor.Publishing.PercentCompleted);
      return monitor.RecentCompletedPublishes.filter(({ Id }) => !seen.has(Id)).length === 2;
    });
    expect(percents.size).toBeGreaterThan(2);
    const [second, first] = (await api.get<Monitor>('/publishing/current-tasks')).RecentCompletedPublishes;
    expect([first?.PublishingTargetId, second?.PublishingTargetId]).toEqual([production, staging]);
    expect(await api.get('/publishing/current-tasks')).toMatchObject({ PendingItemsCount: 0, Publishing: null });
    const target = sandbox.state.publishingTargets.find(({ id }) => id === production);
    expect(await api.get('/publishing/target', { publishingTargetId: production })).toMatchObject({
      LastPublished: target?.lastPublished,
    });
    expect(target?.lastPublished).not.toBe('2026-02-27T04:00:00Z');
  });

  it('errors when an incremental publish finds no change', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    for (const expected of [null, expect.stringContaining('Nothing to publish')]) {
      const seen = await logIds(api);
      await publish(sandbox, { targetId: production, incremental: true });
      expect((await nextLog(api, seen)).Error).toEqual(expected);
    }
  });

  it('reports what an item outside of the target’s root gets', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox, 'admin');
    await api.send('POST', '/pages/checkin', { Id: sandboxLandmarks.tuitionPage, PublishingTargetIds: [intranet] });
    const seen = await logIds(api);
    await publish(sandbox, { targetId: intranet, itemId: sandboxLandmarks.tuitionPage });
    expect(await nextLog(api, seen)).toMatchObject({
      FailedItemsCount: 1,
      Entries: [{ PageID: sandboxLandmarks.tuitionPage, Success: false, Error: expect.stringContaining('outside') }],
    });
  });

  it('previews without publishing', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    type Task = { TaskId: string; PagesCount: number; AssetsCount: number };
    const preview = (query: object) =>
      api.send<Task>('POST', '/publishing/publish-preview', undefined, {
        contentItemId: sandboxLandmarks.newerVersionMarkedPage,
        publishingTargetId: production,
        incremental: true,
        includeChildren: false,
        sitePublish: false,
        ...query,
      });
    const task = await preview({});
    const content = await api.get<{ Results: object[] }>('/publishing/publish-preview-content', {
      TaskId: task.TaskId,
      ForAssets: false,
      Filter: '',
    });
    expect(content.Results).toContainEqual({ Id: sandboxLandmarks.newerVersionMarkedPage, Version: '3' });
    expect(content.Results).toHaveLength(task.PagesCount);
    const site = await preview({ sitePublish: true, incremental: false });
    expect(site.PagesCount).toBeGreaterThan(100);
    expect(sandbox.state.publishing.queue).toEqual([]);
    expect(await api.get('/publishing/publish-preview-content', { TaskId: 'unknown' })).toBeNull();
  });
});

describe('the published view', () => {
  it('shows the site of a target, and 404 for what is not out', async () => {
    const sandbox = await ownSandbox();
    const home = await live(sandbox, 'production/');
    expect(home.status).toBe(200);
    expect(home.text).toContain('Northfield University');
    expect(home.text).toContain('/live/production/admissions"');
    const deep = await live(sandbox, 'production/admissions/deadlines');
    expect(deep.text).toContain('aria-label="Breadcrumb"');
    expect((await live(sandbox, 'production/student-life/disability-services')).status).toBe(404);
    expect((await live(sandbox, 'nowhere/')).status).toBe(404);
  });

  it('leads from a former address to the present one', async () => {
    const answer = await live(await ownSandbox(), 'production/admissions/dates-and-deadlines');
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toMatch(/\/live\/production\/admissions\/deadlines$/);
  });
});
