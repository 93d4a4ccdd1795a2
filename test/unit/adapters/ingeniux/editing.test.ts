import { expect, onTestFinished, test } from 'vitest';
import { createIngeniux } from '../../../../src/adapters/outbound/ingeniux/index.ts';
import { createMemoryCache } from '../../../../src/adapters/outbound/memory/cache.ts';
import { createClock } from '../../../../src/adapters/outbound/node/clock.ts';
import { poll } from '../../../support/poll.ts';
import { type ScriptedAnswer, type ScriptedRequest, startScriptedCms } from './scripted-cms.ts';

const replacement = { itemId: 'x7', fieldName: 'Body', find: 'old', replaceWith: 'new', occurrences: 1 };
const entry = (changes: object = {}) => ({
  Id: 'E1',
  ContentId: 'x7',
  Name: 'Body',
  FullValue: 'the old text',
  ...changes,
});

async function open(api: (request: ScriptedRequest) => ScriptedAnswer | undefined) {
  const cms = await startScriptedCms((request) => (request.path.startsWith('/api/v1/') ? api(request) : undefined));
  const clock = createClock();
  const cache = createMemoryCache({ maxSize: 10, clock });
  const connector = createIngeniux({
    baseUrl: cms.siteRoot,
    clientId: 'c',
    clientSecret: 's',
    timeoutMs: 5_000,
    retriesMax: 0,
    cache,
    cacheTtlSeconds: 60,
    clock,
  });
  onTestFinished(async () => {
    await connector.close();
    await cache.close();
    await cms.close();
  });
  const editing = (signal: AbortSignal = new AbortController().signal) =>
    connector.as({ subject: 's', clientId: 'c', scopes: [] }, { signal, allowStale: false }).editing;
  return { cms, editing };
}

const start = '/api/v1/site/generate-search-text-report';
const replace = '/api/v1/site/report/replace-entry';

/** A CMS whose sessions are called s1, s2, …; `status` answers for each session. */
const searching = (status: (session: string, asked: number) => object, entries: readonly object[]) => {
  let sessions = 0;
  const asked = new Map<string, number>();
  return ({ path, body }: ScriptedRequest): ScriptedAnswer | undefined => {
    if (path === start)
      return { json: { ReportId: `s${++sessions}` }, headers: { 'set-cookie': 'ARRAffinity=node2; Path=/; HttpOnly' } };
    if (path === replace) return { json: (JSON.parse(body) as { EntryIds: string[] }).EntryIds };
    const [, session = '', isStatus] = /report\/([^/]+)(\/status)?$/.exec(path) ?? [];
    if (isStatus === undefined) return { json: entries };
    asked.set(session, (asked.get(session) ?? 0) + 1);
    return { json: status(session, asked.get(session) ?? 0) };
  };
};
const complete = { Success: true, Complete: true };

test('the search is for this page and these letters only; the replacement names the entry', async () => {
  const { cms, editing } = await open(searching((_, asked) => ({ Success: true, Complete: asked > 1 }), [entry()]));
  expect(await editing().replaceText(replacement)).toEqual({ replacedCount: 1 });
  expect(JSON.parse(cms.to(start)[0]?.body ?? '')).toEqual({
    RootPageId: 'x7',
    SearchText: 'old',
    IgnoreCase: false,
    IncludeChildren: false,
  });
  expect(JSON.parse(cms.to(replace)[0]?.body ?? '')).toEqual({ SessionId: 's1', EntryIds: ['E1'], NewValue: 'new' });
});

test('cookies of the session come along, so that a balancer leads to the same server', async () => {
  const { cms, editing } = await open(searching(() => complete, [entry()]));
  await editing().replaceText(replacement);
  expect(cms.to(replace)[0]?.headers.cookie).toBe('ARRAffinity=node2');
  expect(cms.to(start)[0]?.headers.cookie).toBeUndefined();
});

test('places are counted inside of the values of the one field of the one item', async () => {
  const entries = [
    entry({ FullValue: 'old old' }),
    entry({ Id: 'E2', FullValue: 'an old one' }),
    entry({ Id: 'E3', Name: 'Title' }),
    entry({ Id: 'E4', ContentId: 'x8' }),
  ];
  const { cms, editing } = await open(searching(() => complete, entries));
  await expect(editing().replaceText(replacement)).rejects.toMatchObject({
    code: 'CONFLICT',
    details: { found: 3, expected: 1 },
  });
  expect(cms.to(replace)).toEqual([]);
  expect(await editing().replaceText({ ...replacement, occurrences: 3 })).toEqual({ replacedCount: 3 });
  expect(JSON.parse(cms.to(replace)[0]?.body ?? '')).toMatchObject({ EntryIds: ['E1', 'E2'] });
});

test('an entry of a checked-in item is refused before anything is sent', async () => {
  const { cms, editing } = await open(searching(() => complete, [entry({ IsCheckedIn: true })]));
  await expect(editing().replaceText(replacement)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(cms.to(replace)).toEqual([]);
});

test('a session that vanishes is begun anew once', async () => {
  const { cms, editing } = await open(
    searching((session) => (session === 's1' ? { Success: false } : complete), [entry()]),
  );
  expect(await editing().replaceText(replacement)).toEqual({ replacedCount: 1 });
  expect(cms.to(start)).toHaveLength(2);
});

test('sessions that keep vanishing end in CMS_UNAVAILABLE', async () => {
  const { cms, editing } = await open(searching(() => ({ Success: false }), []));
  await expect(editing().replaceText(replacement)).rejects.toMatchObject({ code: 'CMS_UNAVAILABLE' });
  expect(cms.to(start)).toHaveLength(2);
});

test('what the CMS did not replace is not counted', async () => {
  const api = searching(() => complete, [entry(), entry({ Id: 'E2' })]);
  const { editing } = await open((request) => (request.path === replace ? { json: ['e2'] } : api(request)));
  expect(await editing().replaceText({ ...replacement, occurrences: 2 })).toEqual({ replacedCount: 1 });
});

test('a broken connection while replacing leaves doubt', async () => {
  const api = searching(() => complete, [entry()]);
  const { cms, editing } = await open((request) => (request.path === replace ? 'drop' : api(request)));
  await expect(editing().replaceText(replacement)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  expect(cms.to(replace)).toHaveLength(1);
});

test('a caller who cancels ends the search at the CMS too', async () => {
  const api = searching(() => ({ Success: true, Complete: false }), []);
  const { cms, editing } = await open((request) => (request.path.endsWith('/cancel') ? { json: true } : api(request)));
  const controller = new AbortController();
  const replacing = editing(controller.signal).replaceText(replacement);
  await poll('the search to begin', () => cms.requests.some(({ path }) => path.endsWith('/status')));
  controller.abort();
  await expect(replacing).rejects.toMatchObject({ code: 'CANCELLED' });
  const cancel = await poll('the search to be cancelled', () => cms.to('/api/v1/site/report/cancel')[0]);
  expect(cancel.query.get('sessionId')).toBe('s1');
});
