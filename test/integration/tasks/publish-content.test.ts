import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SandboxRole } from '../../../sandbox/seed/people.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';

import { jobs } from '../../../src/application/jobs/index.ts';
import { createRunTask } from '../../../src/application/pipeline/run-task.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { publishContent } from '../../../src/application/tasks/publishing/publish-content.ts';
import { finalJobStates, type Job } from '../../../src/domain/model/job.ts';
import type { JobQueue, JobRun } from '../../../src/domain/ports/job-queue.ts';
import { createMemoryExpiringRecords } from '../../support/memory-expiring-records.ts';
import { poll } from '../../support/poll.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const { states, targets } = seedIds;

let harness: TaskHarness;
let consumers: Consumer[];
const problems: unknown[] = [];

beforeEach(async () => {
  harness = await openTaskHarness({ knobs: { publishTickMs: 5 } });
  consumers = [];
  problems.length = 0;
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(consumers.map((consumer) => consumer.close(0)));
  await harness.close();
  expect(problems).toEqual([]);
});

describe('publish_content', () => {
  it('checks in, marks, submits, watches and tells which version is live', async () => {
    consume();
    const id = harness.landmarks.tuitionPage;
    const version = pageOf(id).versions.length + 1;
    await checkOut(id);
    const seen: number[] = [];
    const answer = await harness.run(
      publishContent,
      { items: [id], target: 'production', comment: 'New fee.' },
      { onProgress: (percent) => seen.push(percent) },
    );
    expect(answer).toMatchObject({
      state: 'succeeded',
      percent: 100,
      target: { id: targets.production, name: 'Production' },
      live: 1,
      summary: '1 of 1 live on Production.',
      items: [{ id, outcome: 'live', version, transition: 'Publish again' }],
    });
    expect(answer.job).toMatch(/^job_/);
    expect(pageOf(id).published[targets.production]?.version).toBe(version);
    expect(pageOf(id).versions.at(-1)?.comment).toContain('New fee. (by agent task-harness for agent-of-editor)');
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(harness.events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'content_changed', itemIds: [id], change: 'version' }),
        expect.objectContaining({ type: 'content_changed', itemIds: [id], change: 'workflow' }),
        { type: 'publish_finished', targetId: targets.production, itemIds: [id], subject: 'agent-of-editor' },
      ]),
    );
    const told = await poll('the end of the job to be told', () => {
      const states = harness.events.flatMap((event) => (event.type === 'job_changed' ? [event.state] : []));
      return states.includes('succeeded') && states;
    });
    expect(told[0]).toBe('running');
    expect(told.at(-1)).toBe('succeeded');
    const ended = await poll('the end of the job in the audit log', async () => {
      const { records } = await harness.runtime().audit.list({ filter: { action: 'job_end' }, limit: 10 });
      return records.length > 0 && records;
    });
    expect(ended).toMatchObject([
      {
        task: 'publish_content',
        by: 'worker',
        subject: 'agent-of-editor',
        clientId: 'task-harness',
        outcome: 'ok',
        jobId: answer.job,
        itemIds: [id],
        versions: [{ id, after: version }],
      },
    ]);
  });

  it('publishes several items, each by its own transition, and reports each', async () => {
    consume();
    const { tuitionPage, approvedPage, draftPage, intranetPage } = harness.landmarks;
    delete pageOf(draftPage).marks[targets.production];
    const answer = await harness.run(publishContent, {
      items: [tuitionPage, approvedPage, draftPage, intranetPage],
      target: 'Production',
    });
    const outcomes = Object.fromEntries((answer.items ?? []).map((item) => [item.id, item]));
    expect(outcomes[tuitionPage]).toMatchObject({ outcome: 'live', transition: 'Publish again' });
    expect(outcomes[approvedPage]).toMatchObject({ outcome: 'live', transition: 'Publish' });
    expect(outcomes[intranetPage]).toMatchObject({ outcome: 'live' });
    expect(outcomes[draftPage]).toMatchObject({ outcome: 'marked_only' });
    expect(outcomes[draftPage]?.message).toContain('No transition out of the state "Draft" publishes to Production');
    expect(outcomes[draftPage]?.message).toContain('A publisher has to start the publish');
    expect(answer).toMatchObject({ state: 'succeeded', live: 3, summary: '3 of 4 live on Production; 1 marked only.' });
    expect(pageOf(draftPage).marks[targets.production]).toEqual({ version: pageOf(draftPage).versions.length });
    expect(pageOf(draftPage).workflow?.stateId).toBe(states.draft);
    expect(pageOf(approvedPage).workflow?.stateId).toBe(states.published);
  });

  it('only marks for a target that no transition publishes to', async () => {
    consume();
    const id = harness.landmarks.intranetPage;
    const answer = await harness.run(publishContent, { items: [id], target: 'Intranet' });
    expect(answer).toMatchObject({ state: 'succeeded', live: 0, items: [{ id, outcome: 'marked_only' }] });
    expect(advances()).toHaveLength(0);
  });

  it('reports what the log says failed', async () => {
    consume();
    const id = harness.landmarks.approvedPage;
    // Out of the target's root, the CMS refuses the item in its log.
    const production = harness.state.publishingTargets.find((target) => target.id === targets.production);
    if (production === undefined) throw new Error('The seed has no production target.');
    production.rootPageId = harness.landmarks.aboutContactPage;
    const answer = await harness.run(publishContent, { items: [id], target: 'Production' });
    expect(answer).toMatchObject({
      state: 'succeeded',
      live: 0,
      items: [{ id, outcome: 'failed', code: 'CMS_REFUSED' }],
    });
    expect(answer.items?.[0]?.message).toContain('outside of the root page');
  });

  it('does not call live what the CMS took off the target', async () => {
    consume();
    const id = harness.landmarks.tuitionPage;
    pageOf(id).endDate = '2020-01-01T00:00:00Z';
    const answer = await harness.run(publishContent, { items: [id], target: 'Production' });
    expect(answer.items).toEqual([expect.objectContaining({ outcome: 'failed', code: 'WRITE_UNVERIFIED' })]);
  });

  it('finds its own log behind publishes that others have queued before', async () => {
    consume();
    const id = harness.landmarks.tuitionPage;
    harness.sandbox.knobs.publishTickMs = 150;
    const submit = (rootItemId: string) => ({
      id: `PublishingTasks/${++harness.state.counters.publishTask}`,
      targetId: targets.production,
      rootItemId,
      includeChildren: false,
      incremental: true,
      forcedIncremental: true,
      submitUserId: seedIds.users.publisher,
      submitTime: '2026-02-28T08:00:00Z',
      startTime: null,
      remaining: [],
      totalCount: 0,
      entries: [],
      dita: null,
    });
    // Another user's publish of the very same page, still with the old version.
    harness.state.publishing.queue.push(submit(id));
    await checkOut(id);
    const version = pageOf(id).versions.length + 1;
    const answer = await harness.run(publishContent, { items: [id], target: 'Production' });
    expect(answer).toMatchObject({ state: 'succeeded', items: [{ outcome: 'live', version }] });
    expect(pageOf(id).published[targets.production]?.version).toBe(version);
    const logs = harness.state.publishing.logs.filter((log) => log.entries.some((entry) => entry.itemId === id));
    const stored = await harness.runtime().ports.jobs.get(answer.job ?? '');
    expect(stored?.result).toMatchObject({ log_ids: [logs[0]?.id] });
  });

  it('answers the job to follow when nobody ends it in time', async () => {
    const waiting = harness.run(publishContent, { items: [harness.landmarks.tuitionPage], target: 'Production' });
    await poll('the job to be stored', async () => (await jobCount()) === 1);
    // From here on the call does nothing but wait, so that its time can be moved.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let answered = false;
    const answering = waiting.finally(() => {
      answered = true;
    });
    for (const endMs = performance.now() + 10_000; !answered && performance.now() < endMs; ) {
      await vi.advanceTimersByTimeAsync(1_000);
      // The pause that had begun before runs on the real clock.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(answered).toBe(true);
    const answer = await answering;
    vi.useRealTimers();
    expect(answer).toMatchObject({ state: 'queued', percent: 0 });
    expect(answer.next).toEqual({ tool: 'get_job', input: { job: answer.job, wait_seconds: 20 } });
    consume();
    expect(await ended(answer.job)).toMatchObject({ state: 'succeeded' });
  });

  it('is one job and one publish under one idempotency key, also where the first answer is not known', async () => {
    consume();
    const id = harness.landmarks.tuitionPage;
    const input = { items: [id], target: 'Production' };
    const first = await harness.run(publishContent, input, { idempotencyKey: 'publish-once' });
    const again = await harness.answer(publishContent, input, { idempotencyKey: 'publish-once' });
    expect(again).toMatchObject({ replayed: true, output: { job: first.job, state: 'succeeded' } });
    const runtime = harness.runtime();
    const records = createMemoryExpiringRecords({ clock: runtime.ports.clock });
    const forgetful = await createRunTask({ ...runtime, ports: { ...runtime.ports, records } })(publishContent, input, {
      principal: harness.principal(),
      requestId: 'req_second',
      signal: AbortSignal.timeout(20_000),
      idempotencyKey: 'publish-once',
    });
    expect(forgetful).toMatchObject({ replayed: false, output: { job: first.job, state: 'succeeded' } });
    expect(advances()).toHaveLength(1);
    expect(await jobCount()).toBe(1);
  });

  it('stores no more rights than the caller has and no secret, and outlives the call', async () => {
    const scopes = ['cms:read', 'cms:write', 'cms:publish'] as const;
    const caller = new AbortController();
    const started = harness.refusal(
      publishContent,
      { items: [harness.landmarks.tuitionPage], target: 'Production' },
      { scopes, signal: caller.signal },
    );
    await poll('the job to be stored', async () => (await jobCount()) === 1);
    caller.abort();
    expect((await started).code).toBe('CANCELLED');
    const [job] = await harness.runtime().ports.jobs.list({ owner: 'agent-of-editor', limit: 1 });
    expect(job?.input).toMatchObject({
      principal: { subject: 'agent-of-editor', clientId: 'task-harness', scopes: [...scopes] },
    });
    expect(JSON.stringify(job)).not.toMatch(/secret|token/i);
    expect(job?.state).toBe('queued');
    consume();
    expect(await ended(job?.id)).toMatchObject({ state: 'succeeded' });
  });

  describe('refuses before there is a job', () => {
    it('what the CMS cannot do, with the nearest way', async () => {
      const items = [harness.landmarks.tuitionPage];
      const target = 'Production';
      const unpublish = await harness.refusal(publishContent, { items, target, action: 'unpublish' });
      const site = await harness.refusal(publishContent, { target, scope: 'site' });
      const full = await harness.refusal(publishContent, { items, target, mode: 'full' });
      for (const refusal of [unpublish, site, full]) {
        expect(refusal.code).toBe('CAPABILITY_MISSING');
        expect(refusal.next).toBeDefined();
      }
      expect(await jobCount()).toBe(0);
    });

    it('missing scopes, items, rights, locks and empty fields', async () => {
      const { tuitionPage, checkedOutByOtherPage, emptyRequiredFieldPage, readOnlyForEditorPage } = harness.landmarks;
      const target = 'Production';
      const codeOf = async (input: object, call = {}) =>
        (await harness.refusal(publishContent, { target, ...input }, call)).code;
      await checkOut(emptyRequiredFieldPage);
      expect(await codeOf({ items: [tuitionPage] }, { scopes: ['cms:read', 'cms:write'] })).toBe('SCOPE_MISSING');
      expect(await codeOf({})).toBe('BAD_INPUT');
      expect(await codeOf({ items: ['x999999'] })).toBe('NOT_FOUND');
      expect(await codeOf({ items: [tuitionPage], target: 'Moon' })).toBe('NOT_FOUND');
      expect(await codeOf({ items: [tuitionPage] }, { role: 'author' })).toBe('FORBIDDEN');
      expect(await codeOf({ items: [readOnlyForEditorPage] })).toBe('FORBIDDEN');
      expect(await codeOf({ items: [checkedOutByOtherPage] })).toBe('LOCKED');
      expect(await codeOf({ items: [emptyRequiredFieldPage] })).toBe('REQUIRED_FIELD');
      expect(await codeOf({ items: [harness.landmarks.recycledPage] })).toBe('CONFLICT');
      expect(await codeOf({ items: [harness.landmarks.home], scope: 'with_descendants' })).toBe('TOO_LARGE');
      expect(await jobCount()).toBe(0);
      expect(harness.sandbox.calls.list().filter(({ operationId }) => operationId === 'Pages_CheckIn')).toEqual([]);
    });
  });

  it('shows in a dry run what would go out, and publishes exactly that with its token', async () => {
    consume();
    const id = harness.landmarks.approvedPage;
    const plan = await harness.run(publishContent, { items: [id], target: 'Production', dry_run: true });
    expect(plan).toMatchObject({
      state: 'planned',
      planned: [{ id, version: pageOf(id).versions.length, checks_in: false, transition: 'Publish' }],
      transitions: [{ name: 'Publish', does: expect.arrayContaining([expect.stringContaining('submits a publish')]) }],
    });
    expect(await jobCount()).toBe(0);
    await checkOut(id);
    const refusal = await harness.refusal(publishContent, {
      items: [id],
      target: 'Production',
      preview: plan.preview,
    });
    expect(refusal.code).toBe('VERSION_CONFLICT');
    const again = await harness.run(publishContent, { items: [id], target: 'Production', dry_run: true });
    const answer = await harness.run(publishContent, { items: [id], target: 'Production', preview: again.preview });
    expect(answer).toMatchObject({ state: 'succeeded', live: 1 });
  });

  it('takes a section, and skips below it what cannot be published, without marking it', async () => {
    consume();
    const parentId = pageOf(harness.landmarks.approvedPage).parentId ?? '';
    const below = Object.values(harness.state.pages).filter((page) => page.parentId === parentId);
    const [draft] = below.filter((page) => page.id !== harness.landmarks.approvedPage && page.workflow !== null);
    if (draft?.workflow === undefined || draft.workflow === null) throw new Error('The seed has no sibling.');
    draft.workflow.stateId = states.draft;
    draft.marks = {};
    const answer = await harness.run(publishContent, {
      items: [parentId],
      target: 'Production',
      scope: 'with_descendants',
    });
    expect(answer.state).toBe('succeeded');
    expect(answer.items?.find((item) => item.id === draft.id)).toMatchObject({ outcome: 'skipped' });
    expect(draft.marks).toEqual({});
    expect(answer.items?.find((item) => item.id === harness.landmarks.approvedPage)).toMatchObject({ outcome: 'live' });
    expect(answer.live).toBe((answer.items?.length ?? 0) - 1);
  });

  describe('after the death of its worker', () => {
    it.each(['mark', 'submit'])('does nothing twice: %s done, but not kept', async (step) => {
      const id = harness.landmarks.tuitionPage;
      await checkOut(id);
      const version = pageOf(id).versions.length + 1;
      consume({ dieIn: `${step}:${id}`, keep: false });
      const answer = await harness.run(publishContent, { items: [id], target: 'Production' });
      expect(answer).toMatchObject({ state: 'succeeded', live: 1, items: [{ outcome: 'live', version }] });
      expect(advances()).toHaveLength(1);
      expect(pageOf(id).versions).toHaveLength(version);
      expect((await harness.runtime().ports.jobs.get(answer.job ?? ''))?.attempts).toBe(2);
    });

    it.each(['before', 'submit'])('goes on where it was: %s kept', async (step) => {
      const id = harness.landmarks.approvedPage;
      consume({ dieIn: `${step}:${id}`, keep: true });
      const answer = await harness.run(publishContent, { items: [id], target: 'Production' });
      expect(answer).toMatchObject({ state: 'succeeded', live: 1 });
      expect(advances()).toHaveLength(1);
    });
  });

  it('looks for itself when the answer of the transition is lost', async () => {
    consume();
    const id = harness.landmarks.tuitionPage;
    const match = { operationId: 'Pages_AdvanceWorkflow' };
    harness.sandbox.faults.add({ kind: 'drop-connection', afterEffect: true, match, times: 1 });
    const answer = await harness.run(publishContent, { items: [id], target: 'Production' });
    expect(answer).toMatchObject({ state: 'succeeded', live: 1 });
    expect(advances()).toHaveLength(1);
  });

  it('does not repeat a transition whose outcome stays unknown', async () => {
    consume();
    const id = harness.landmarks.approvedPage;
    const match = { operationId: 'Pages_AdvanceWorkflow' };
    harness.sandbox.faults.add({ kind: 'drop-connection', match, times: 1 });
    const answer = await harness.run(publishContent, { items: [id], target: 'Production' });
    expect(answer).toMatchObject({
      state: 'succeeded',
      live: 0,
      items: [{ outcome: 'failed', code: 'OUTCOME_UNKNOWN' }],
    });
    expect(pageOf(id).workflow?.stateId).toBe(states.approved);
  });

  it('takes a refusal of the CMS as the end of that item only', async () => {
    consume();
    const { approvedPage, tuitionPage } = harness.landmarks;
    harness.sandbox.faults.add({ kind: 'false-answer', match: { operationId: 'Pages_AdvanceWorkflow' }, times: 1 });
    const answer = await harness.run(publishContent, { items: [approvedPage, tuitionPage], target: 'Production' });
    expect(answer.items).toEqual([
      expect.objectContaining({ id: approvedPage, outcome: 'failed', code: 'CONFLICT' }),
      expect.objectContaining({ id: tuitionPage, outcome: 'live' }),
    ]);
  });

  it('looks again before it acts: what somebody took meanwhile is left alone', async () => {
    const { tuitionPage, approvedPage } = harness.landmarks;
    const started = harness.run(publishContent, { items: [tuitionPage, approvedPage], target: 'Production' });
    await poll('the job to be stored', async () => (await jobCount()) === 1);
    await checkOut(tuitionPage, 'publisher');
    consume();
    const answer = await started;
    expect(answer.items).toEqual([
      expect.objectContaining({ id: tuitionPage, outcome: 'failed', code: 'LOCKED' }),
      expect.objectContaining({ id: approvedPage, outcome: 'live' }),
    ]);
    expect(pageOf(tuitionPage).checkedOut?.userId).toBe(seedIds.users.publisher);
  });

  it('waits for the end of a content freeze that began after it was accepted', async () => {
    const id = harness.landmarks.tuitionPage;
    const freeze = {
      startTime: '2020-01-01T00:00:00Z',
      endTime: '2099-01-01T00:00:00Z',
      message: 'Migration',
      allowedUserIds: [],
    };
    await checkOut(id);
    const started = harness.run(publishContent, { items: [id], target: 'Production' });
    await poll('the job to be stored', async () => (await jobCount()) === 1);
    harness.sandbox.setFreeze(freeze);
    consume();
    const [job] = await harness.runtime().ports.jobs.list({ owner: 'agent-of-editor', limit: 1 });
    await poll('the first run to fail', async () => {
      const now = await harness.runtime().ports.jobs.get(job?.id ?? '');
      return now?.state === 'queued' && now.error?.code === 'CONTENT_FREEZE';
    });
    expect(advances()).toHaveLength(0);
    harness.sandbox.setFreeze(null);
    expect(await started).toMatchObject({ state: 'succeeded', live: 1 });
  });

  it('waits for the end of a lockdown that began after it was accepted, and asks the CMS nothing meanwhile', async () => {
    const id = harness.landmarks.tuitionPage;
    await checkOut(id);
    const { lockdown, ports } = harness.runtime();
    const started = harness.run(publishContent, { items: [id], target: 'Production' });
    await poll('the job to be stored', async () => (await jobCount()) === 1);
    await lockdown.set({ sinceMs: 1, reason: 'an incident' });
    consume();
    const [job] = await ports.jobs.list({ owner: 'agent-of-editor', limit: 1 });
    await poll('the first run to be refused', async () => {
      const now = await ports.jobs.get(job?.id ?? '');
      return now?.state === 'queued' && now.error?.code === 'LOCKED_DOWN';
    });
    expect(advances()).toHaveLength(0);
    await lockdown.set(undefined);
    expect(await started).toMatchObject({ state: 'succeeded', live: 1 });
  });

  it('stops between two items when it is cancelled, and leaves what is done', async () => {
    const { approvedPage, tuitionPage } = harness.landmarks;
    const started = harness.answer(publishContent, { items: [approvedPage, tuitionPage], target: 'Production' });
    consume({ cancelIn: `submit:${approvedPage}` });
    const answer = await started;
    expect(answer.output).toMatchObject({ state: 'cancelled', next: { tool: 'get_publish_status' } });
    expect(pageOf(approvedPage).workflow?.stateId).toBe(states.published);
    expect(advances()).toHaveLength(1);
  });
});

describe('the consumer', () => {
  it('fails a job of an unknown kind at once', async () => {
    consume();
    const added = await addJob({ kind: 'paint_moon' });
    const job = await ended(added.id);
    expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'INTERNAL' } });
    expect(job.error?.message).toContain('paint_moon');
  });

  it('fails a job whose stored form it cannot read', async () => {
    consume();
    const strange = await addJob({ kind: 'publish_content', input: { hello: 1 } });
    expect(await ended(strange.id)).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'INTERNAL' } });
    const principal = { subject: 'agent-of-editor', clientId: 'task-harness', scopes: ['cms:publish'] };
    const empty = await addJob({
      kind: 'publish_content',
      input: { principal, requestId: 'r', input: { targetId: 'x', items: [] } },
    });
    expect(await ended(empty.id)).toMatchObject({ state: 'failed', attempts: 1 });
  });

  it('leaves a running job to the next one when it closes', async () => {
    const id = harness.landmarks.tuitionPage;
    harness.sandbox.knobs.publishTickMs = 400;
    const consumer = consume();
    const started = harness.run(publishContent, { items: [id], target: 'Production' });
    await poll('the transition to be taken', () => advances().length === 1);
    await consumer.close(0);
    consume();
    const answer = await started;
    expect(answer).toMatchObject({ state: 'succeeded', live: 1 });
    expect(advances()).toHaveLength(1);
  }, 40_000);
});

interface Accident {
  /** The worker dies in this step of its first run: after its effect. */
  readonly dieIn?: string;
  /** Whether the step's result reached the store before. */
  readonly keep?: boolean;
  /** Somebody cancels the job in this step. */
  readonly cancelIn?: string;
}

function consume(accident: Accident = {}, role: SandboxRole = 'editor'): Consumer {
  const runtime = harness.runtime(role);
  const consumer = startConsumer({
    runtime: { ...runtime, ports: { ...runtime.ports, jobs: accidentProne(runtime.ports.jobs, accident) } },
    jobs,
    tasks,
    jobsMax: 4,
    leaseMs: 10_000,
    onProblem: (problem) => problems.push(problem),
  });
  consumers.push(consumer);
  return consumer;
}

/** The queue as it is, except that one step of a run meets an accident. */
function accidentProne(queue: JobQueue, { dieIn, keep, cancelIn }: Accident): JobQueue {
  let died = false;
  const careless = (run: JobRun): JobRun => ({
    job: run.job,
    signal: run.signal,
    cancelRequested: () => run.cancelRequested(),
    progress: (progress) => run.progress(progress),
    async step(name, act) {
      if (name === dieIn && !died) {
        died = true;
        if (keep === true) await run.step(name, act);
        else await act();
        throw new Error('The worker died.');
      }
      const result = await run.step(name, act);
      if (name === cancelIn) {
        await queue.cancel(run.job.id);
        await poll('the cancellation to arrive', () => run.signal.aborted);
      }
      return result;
    },
  });
  return {
    add: (job) => queue.add(job),
    get: (id) => queue.get(id),
    list: (query) => queue.list(query),
    cancel: (id) => queue.cancel(id),
    retry: (id) => queue.retry(id),
    counts: () => queue.counts(),
    close: () => queue.close(),
    work: (name, handler, options) => queue.work(name, (run) => handler(careless(run)), options),
  };
}

function addJob(job: { readonly kind: string; readonly input?: Job['input'] }): Promise<Job> {
  return harness.runtime().ports.jobs.add({
    id: harness.runtime().ports.ids.id('job'),
    queue: 'publishing',
    owner: 'agent-of-editor',
    input: {},
    attemptsMax: 5,
    backoffMs: 1,
    ...job,
  });
}

function ended(id: string | undefined): Promise<Job> {
  return poll('the job to end', async () => {
    const job = await harness.runtime().ports.jobs.get(id ?? '');
    return job !== undefined && finalJobStates.includes(job.state) && job;
  });
}

async function jobCount(): Promise<number> {
  return (await harness.runtime().ports.jobs.list({ owner: 'agent-of-editor', limit: 10 })).length;
}

function pageOf(id: string) {
  const page = harness.state.pages[id];
  if (page === undefined) throw new Error(`The sandbox has no page ${id}.`);
  return page;
}

function checkOut(id: string, role: SandboxRole = 'editor') {
  const call = { signal: AbortSignal.timeout(20_000), allowStale: false };
  return harness.runtime(role).connector.as(harness.principal(role), call).pages.checkOut(id);
}

/** Transitions that the CMS has been asked for. */
function advances() {
  return harness.sandbox.calls.list().filter((call) => call.operationId === 'Pages_AdvanceWorkflow');
}
