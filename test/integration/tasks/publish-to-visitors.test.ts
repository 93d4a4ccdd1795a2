import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { getPublishStatus } from '../../../src/application/tasks/publishing/get-publish-status.ts';
import { publishContent } from '../../../src/application/tasks/publishing/publish-content.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const { targets } = seedIds;

/** From the log of the CMS over the copies to the web servers to what a visitor gets, at a web server of the test. */
describe('is it live?', () => {
  let clock: FakeClock;
  let harness: TaskHarness;
  let consumer: Consumer;
  let site: Server;
  let siteUrl: string;
  /** What the web server does: the sandbox's own live view is behind it. */
  let serve: (live: string) => RequestListener;
  let looks: string[];
  const problems: unknown[] = [];

  const passOn = (live: string): RequestListener => {
    return async (request, response) => {
      const answer = await fetch(`${live}${request.url}`, { redirect: 'manual' });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
  };

  beforeEach(async () => {
    serve = passOn;
    looks = [];
    problems.length = 0;
    clock = createFakeClock();
    site = createServer((request, response) => {
      looks.push(request.url ?? '');
      void serve(`${harness.sandbox.siteRoot}/live/production`)(request, response);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    // A server that listens on a port has an address of this form.
    siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    harness = await openTaskHarness({
      clock,
      knobs: { publishTickMs: 5 },
      publicSites: () => ({ production: siteUrl }),
    });
    consumer = consumeJobs(harness, (problem) => problems.push(problem));
  });
  afterEach(async () => {
    await consumer.close(0);
    await harness.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
    expect(problems).toEqual([]);
  });

  const pageOf = (id: string) => {
    const page = harness.state.pages[id];
    if (page === undefined) throw new Error(`There is no page ${id}.`);
    return page;
  };
  /** A version with a sentence of its own, checked in by nobody yet. */
  const edit = async (id: string, sentence: string): Promise<void> => {
    const call = { signal: AbortSignal.timeout(20_000), allowStale: false };
    await harness.runtime().connector.as(harness.principal(), call).pages.checkOut(id);
    const element = pageOf(id).checkedOut?.elements.find(({ value }) => value.includes('</p>'));
    if (element === undefined) throw new Error(`The page ${id} has no text.`);
    element.value = `${element.value}<p>${sentence}</p>`;
  };
  const publish = async (...items: readonly string[]) => {
    const answer = await harness.run(publishContent, { items: [...items], target: 'Production' });
    expect(answer).toMatchObject({ state: 'succeeded' });
    return answer;
  };
  const status = async (id: string, target = 'Production') => {
    const answer = await harness.run(getPublishStatus, { items: [id], target });
    return answer.items?.[0]?.targets[0];
  };

  it('says live, since when, and what tells it: log, copies, and a new sentence that visitors read', async () => {
    const id = harness.landmarks.tuitionPage;
    const version = pageOf(id).versions.length + 1;
    await edit(id, 'The fee is ninety dollars from now on.');
    const { items, summary, live } = await publish(id);
    expect({ live, summary }).toEqual({ live: 1, summary: '1 of 1 live on Production.' });
    const log = harness.state.publishing.logs[0];
    expect(items).toMatchObject([
      {
        id,
        outcome: 'live',
        version,
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        evidence: expect.stringMatching(
          new RegExp(
            `^${log?.id}; copied to 1 web server\\(s\\); ${siteUrl}/\\S+ at \\S+Z: shows what is new in the version: "The fee is ninety dollars from now on."$`,
          ),
        ),
      },
    ]);
    expect(log?.replication?.completionTime).toEqual(expect.any(String));
    expect(await status(id)).toMatchObject({
      published: true,
      live_version: version,
      live_since: items?.[0]?.since,
      public: { seen: 'yes', address: expect.stringContaining(siteUrl), note: expect.stringContaining('ninety') },
    });
  });

  it('sees a page that was not public before', async () => {
    const id = harness.landmarks.approvedPage;
    delete pageOf(id).published[targets.production];
    const { items } = await publish(id);
    expect(items).toMatchObject([{ id, outcome: 'live', evidence: expect.stringContaining('not before the publish') }]);
  });

  it('says unseen where a cache keeps the old page, and waits for it no longer than it may', async () => {
    const id = harness.landmarks.tuitionPage;
    const kept = new Map<string, string>();
    serve = (live) => async (request, response) => {
      const path = request.url ?? '';
      kept.set(path, kept.get(path) ?? (await (await fetch(`${live}${path}`)).text()));
      // Enough looks: the time that a publish waits for visitors is over.
      if (looks.length > 4) clock.advance(60_000);
      response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'max-age=600' }).end(kept.get(path));
    };
    await edit(id, 'The fee is ninety dollars from now on.');
    const { items, live, summary } = await publish(id);
    expect({ live, summary }).toEqual({ live: 0, summary: '0 of 1 live on Production; 1 unseen.' });
    expect(items).toMatchObject([
      {
        outcome: 'unseen',
        since: expect.any(String),
        message: expect.stringMatching(
          /^The CMS has published version \d+ \(\S+\), but visitors do not get it yet\. http\S+ at \S+: still what it was before the publish; caches may keep it for 600 s\.$/,
        ),
      },
    ]);
    expect(looks.length).toBeGreaterThan(4);
    expect(await status(id)).toMatchObject({ public: { seen: 'unclear', note: expect.stringContaining('nothing') } });
    serve = passOn;
    expect(await status(id)).toMatchObject({ public: { seen: 'yes' } });
  });

  it('sees it as soon as the cache lets go', async () => {
    const id = harness.landmarks.tuitionPage;
    const kept = new Map<string, string>();
    serve = (live) => async (request, response) => {
      const path = request.url ?? '';
      const fresh = await (await fetch(`${live}${path}`)).text();
      if (!kept.has(path) || looks.length > 4) kept.set(path, fresh);
      response.writeHead(200, { 'content-type': 'text/html' }).end(kept.get(path));
    };
    await edit(id, 'The fee is ninety dollars from now on.');
    expect((await publish(id)).items).toMatchObject([{ outcome: 'live', evidence: expect.stringContaining('ninety') }]);
  });

  it.each([
    [404, 'status 404: it is not there yet'],
    [503, 'status 503: the site has trouble'],
  ])('says unseen for a site that answers %d, and the publish has not failed', async (code, note) => {
    const id = harness.landmarks.tuitionPage;
    serve = () => (_request, response) => {
      if (looks.length > 3) clock.advance(60_000);
      response.writeHead(code).end();
    };
    const { items } = await publish(id);
    expect(items).toMatchObject([{ outcome: 'unseen', message: expect.stringContaining(note) }]);
    expect(pageOf(id).published[targets.production]).toBeDefined();
  });

  it('says unseen for a site that is down, looks at one page of it alone, and the publish has not failed', async () => {
    const { tuitionPage, approvedPage } = harness.landmarks;
    serve = () => (request) => {
      if (looks.length > 1) clock.advance(60_000);
      request.socket.destroy();
    };
    const { items } = await publish(tuitionPage, approvedPage);
    expect(items).toMatchObject([
      { outcome: 'unseen', message: expect.stringContaining('could not be reached') },
      { outcome: 'unseen', message: expect.stringContaining('could not be reached') },
    ]);
    // One before, and one for each page after.
    expect(looks).toHaveLength(3);
  });

  it('goes by the log where a site is not for everybody, and says what it could not see', async () => {
    serve = () => (_request, response) => void response.writeHead(401).end();
    const { items } = await publish(harness.landmarks.tuitionPage);
    expect(items).toMatchObject([{ outcome: 'live', evidence: expect.stringContaining('not every visitor gets in') }]);
  });

  it('says that the copy stopped, in the words of the CMS for those who may know them', async () => {
    const id = harness.landmarks.tuitionPage;
    const destination = harness.state.administration.replication.destinations[0];
    if (destination === undefined) throw new Error('The seed copies nowhere.');
    destination['TargetAddress'] = null;
    serve = () => (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Old.</p>');
    await edit(id, 'The fee is ninety dollars from now on.');
    const { items } = await publish(id);
    expect(items).toMatchObject([
      {
        outcome: 'unseen',
        message: expect.stringMatching(/but the copy to the web servers stopped: .+\. http.*still what/),
      },
    ]);
    expect(await status(id)).toMatchObject({ note: expect.stringContaining('An error stopped the copy') });
  });

  it('takes nothing of an old page for a sign of the new one where no mark tells what was live', async () => {
    const id = harness.landmarks.tuitionPage;
    const kept = new Map<string, string>();
    serve = (live) => async (request, response) => {
      const path = request.url ?? '';
      kept.set(path, kept.get(path) ?? (await (await fetch(`${live}${path}`)).text()));
      if (looks.length > 3) clock.advance(60_000);
      response.writeHead(200, { 'content-type': 'text/html' }).end(kept.get(path));
    };
    delete pageOf(id).marks[targets.production];
    await edit(id, 'The fee is ninety dollars from now on.');
    expect((await publish(id)).items).toMatchObject([
      { outcome: 'unseen', message: expect.stringContaining('still what it was') },
    ]);
  });

  it('looks at nothing without a site for the target', async () => {
    expect(await status(harness.landmarks.tuitionPage, 'Intranet')).not.toHaveProperty('public');
    expect(looks).toEqual([]);
  });

  it('says that an unpublished page is still public, or gone', async () => {
    const id = harness.landmarks.neverPublishedPage;
    expect(await status(id)).toMatchObject({
      published: false,
      public: { seen: 'no', note: 'status 404: it is not public' },
    });
    serve = () => (_request, response) => void response.writeHead(200).end('still here');
    expect(await status(id)).toMatchObject({ public: { seen: 'yes', note: expect.stringContaining('still public') } });
  });
});
