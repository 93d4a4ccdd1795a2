import { describe, expect, it } from 'vitest';
import { sandboxLandmarks } from '../../../sandbox/seed.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import { poll } from '../../support/poll.ts';
import { type ApiClient, signIn } from './support/api-client.ts';
import { ownSandbox } from './support/sandboxes.ts';

type Entry = {
  Id: string;
  ContentId: string;
  Name: string;
  FoundValue: string;
  FullValue: string;
  IsCheckedIn: boolean;
};

/** Runs a report to its end. */
async function report(api: ApiClient, path: string, request: object): Promise<{ sessionId: string; entries: Entry[] }> {
  const { ReportId } = await api.send<{ ReportId: string }>('POST', path, request);
  await poll('a complete report', async () => {
    const status = await api.get<{ Success: boolean; Complete: boolean }>(`/site/report/${ReportId}/status`);
    expect(status.Success).toBe(true);
    return status.Complete;
  });
  return { sessionId: ReportId, entries: await api.get<Entry[]>(`/site/report/${ReportId}`) };
}

const fee = 'The application fee for 2025 is $60.';
const textIn = (api: ApiClient, rootPageId: string, text: string) =>
  report(api, '/site/generate-search-text-report', {
    RootPageId: rootPageId,
    SearchText: text,
    IgnoreCase: false,
    IncludeChildren: false,
  });

function bodyOf(sandbox: Sandbox, id: string): string {
  const page = sandbox.state.pages[id];
  const content = page?.checkedOut ?? page?.versions.at(-1);
  return content?.elements.find(({ name }) => name === 'Body')?.value ?? '';
}

describe('the text report with replace (domain §3, §10)', () => {
  it('replaces the occurrence inside of the value of the caller’s working copy', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.tuitionPage;
    const before = bodyOf(sandbox, id);
    await api.send('POST', '/pages/checkout', { Id: id });
    const { sessionId, entries } = await textIn(api, id, fee);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      ContentId: id,
      Name: 'Body',
      FoundValue: fee,
      FullValue: before,
      IsCheckedIn: false,
    });
    const replaced = await api.send('POST', '/site/report/replace-entry', {
      SessionId: sessionId,
      EntryIds: entries.map(({ Id }) => Id),
      NewValue: 'The application fee for 2026 is $65 & no more.',
    });
    expect(replaced).toEqual(entries.map(({ Id }) => Id));
    expect(bodyOf(sandbox, id)).toBe(before.replace(fee, 'The application fee for 2026 is $65 & no more.'));
    expect(sandbox.state.pages[id]?.versions.at(-1)?.elements.find(({ name }) => name === 'Body')?.value).toBe(before);
    const again = await api.send('POST', '/site/report/replace-entry', {
      SessionId: sessionId,
      EntryIds: entries.map(({ Id }) => Id),
      NewValue: 'x',
    });
    expect(again).toEqual([]);
  });

  it('skips entries of checked-in pages and of pages held by others, and leaves their ids out', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const id = sandboxLandmarks.tuitionPage;
    const before = bodyOf(sandbox, id);
    const { sessionId, entries } = await textIn(api, id, fee);
    expect(entries[0]?.IsCheckedIn).toBe(true);
    const replace = () =>
      api.send('POST', '/site/report/replace-entry', {
        SessionId: sessionId,
        EntryIds: entries.map(({ Id }) => Id),
        NewValue: 'x',
      });
    expect(await replace()).toEqual([]);
    const other = await signIn(sandbox, 'publisher');
    await other.send('POST', '/pages/checkout', { Id: id });
    expect(await replace()).toEqual([]);
    expect(bodyOf(sandbox, id)).toBe(before);
  });

  it('finds in the subtree only when asked, and respects case only when asked', async () => {
    const api = await signIn(await ownSandbox());
    const search = async (IgnoreCase: boolean, IncludeChildren: boolean) =>
      (
        await report(api, '/site/generate-search-text-report', {
          RootPageId: 'x1',
          SearchText: fee.toUpperCase(),
          IgnoreCase,
          IncludeChildren,
        })
      ).entries.length;
    expect(await search(true, true)).toBe(1);
    expect(await search(false, true)).toBe(0);
    expect(await search(true, false)).toBe(0);
  });

  it('gives out nothing before it is complete, and forgets a cancelled session', async () => {
    let nowMs = Date.parse('2026-03-01T12:00:00Z');
    const sandbox = await ownSandbox({ now: () => new Date(nowMs), knobs: { reportTickMs: 100 } });
    const api = await signIn(sandbox);
    const { ReportId } = await api.send<{ ReportId: string }>('POST', '/site/generate-search-text-report', {
      RootPageId: sandboxLandmarks.tuitionPage,
      SearchText: fee,
    });
    nowMs += 200;
    expect(await api.get(`/site/report/${ReportId}/status`)).toEqual({
      Success: true,
      ProgressPercentage: 50,
      Complete: false,
    });
    expect(await api.get(`/site/report/${ReportId}`)).toEqual([]);
    nowMs += 200;
    expect(await api.get(`/site/report/${ReportId}`)).toHaveLength(1);
    expect(await api.send('POST', '/site/report/cancel', undefined, { sessionId: ReportId })).toBe(true);
    expect(await api.send('POST', '/site/report/cancel', undefined, { sessionId: ReportId })).toBe(false);
    expect(await api.get(`/site/report/${ReportId}/status`)).toMatchObject({ Success: false, Complete: false });
  });
});

describe('the other reports', () => {
  it('find the broken link of the seed', async () => {
    const api = await signIn(await ownSandbox());
    const { entries } = await report(api, '/site/generate-broken-link-report', {
      RootPageId: 'x1',
      IncludeChildren: true,
    });
    expect(entries.map(({ ContentId, FoundValue }) => [ContentId, FoundValue])).toContainEqual([
      sandboxLandmarks.brokenLinkPage,
      'x99999',
    ]);
  });

  it('find who points to a page, as the usage report does', async () => {
    const api = await signIn(await ownSandbox());
    const id = sandboxLandmarks.sharedContactCard;
    const { entries } = await report(api, '/site/generate-page-reference-report', {
      PageId: id,
      RootPageId: 'x1',
      IncludeChildren: true,
    });
    const usage = await api.get<{ Results: { Id: string; elementName: string }[] }>('/site/usage-report', { Id: id });
    expect(usage.Results.length).toBeGreaterThan(1);
    expect(new Set(entries.map(({ ContentId }) => ContentId))).toEqual(new Set(usage.Results.map(({ Id }) => Id)));
    expect(await api.get('/site/usage-summary', { id })).toEqual({ totalResults: usage.Results.length });
  });

  it('find assets nobody uses', async () => {
    const sandbox = await ownSandbox();
    const api = await signIn(sandbox);
    const { entries } = await report(api, '/site/generate-unused-assets-report', {
      RootAssetFolderId: sandbox.state.assetRootFolderId,
    });
    expect(entries.length).toBeGreaterThan(0);
    for (const { ContentId } of entries.slice(0, 3)) {
      expect(await api.get('/site/usage-summary', { id: ContentId })).toEqual({ totalResults: 0 });
    }
  });
});

describe('searching (domain §9)', () => {
  type Found = { Results: { Id: string; Name: string; Rank: number }[]; TotalResults: number };

  it('ranks pages that hold more of the words first', async () => {
    const api = await signIn(await ownSandbox());
    const found = await api.get<Found>('/site/ranked-search', {
      Keywords: 'application fee 2025',
      IncludePages: true,
      IncludeAssets: false,
      PageSize: 5,
      StartIndex: 0,
    });
    expect(found.Results[0]?.Id).toBe(sandboxLandmarks.tuitionPage);
    const ranks = found.Results.map(({ Rank }) => Rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(await api.get('/site/ranked-search', { Keywords: 'xyzzyqwert' })).toMatchObject({ TotalResults: 0 });
  });

  it('leaves recycled pages out unless asked', async () => {
    const api = await signIn(await ownSandbox());
    const ids = async (IncludeRecycled: boolean) =>
      (
        await api.get<Found>('/site/ranked-search', { Keywords: 'summer school', IncludePages: true, IncludeRecycled })
      ).Results.map(({ Id }) => Id);
    expect(await ids(false)).not.toContain(sandboxLandmarks.recycledPage);
    expect(await ids(true)).toContain(sandboxLandmarks.recycledPage);
  });

  it('picks by name with the path, several of the same name included', async () => {
    const api = await signIn(await ownSandbox());
    const found = await api.get<{ Results: { ContentId: string; Path: { Name: string }[] }[] }>(
      '/site/content-item-search',
      {
        SearchText: 'Contact',
        IncludePages: true,
        IncludeComponents: false,
        IncludeContentPath: true,
        Types: ['Page'],
      },
    );
    const ids = found.Results.map(({ ContentId }) => ContentId);
    expect(ids).toEqual(
      expect.arrayContaining([sandboxLandmarks.aboutContactPage, sandboxLandmarks.admissionsContactPage]),
    );
    const about = found.Results.find(({ ContentId }) => ContentId === sandboxLandmarks.aboutContactPage);
    expect(about?.Path.map(({ Name }) => Name).slice(-2)).toEqual(['About', 'Contact']);
  });
});
