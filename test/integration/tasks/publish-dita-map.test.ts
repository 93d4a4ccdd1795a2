import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ditaNumbers } from '../../../sandbox/seed/dita-rows.ts';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import { type Consumer, startConsumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { jobs } from '../../../src/application/jobs/index.ts';
import { publishDitaMap } from '../../../src/application/tasks/dita/publish-dita-map.ts';
import { tasks } from '../../../src/application/tasks/index.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

const handbook = `a/${ditaNumbers.handbookMap}`;
const registration = `a/${ditaNumbers.registrationTopic}`;
const { production, staging } = seedIds.targets;

describe('publish_dita_map', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  const problems: unknown[] = [];
  beforeEach(async () => {
    harness = await openTaskHarness({ knobs: { publishTickMs: 5 } });
    problems.length = 0;
    consumer = startConsumer({
      runtime: harness.runtime(),
      jobs,
      tasks,
      jobsMax: 4,
      leaseMs: 10_000,
      onProblem: (problem) => problems.push(problem),
    });
  });
  afterEach(async () => {
    await consumer.close(0);
    await harness.close();
    expect(problems).toEqual([]);
  });
  const given = { map: 'student-handbook', targets: ['Production'], ditavals: ['students.ditaval'] };
  const asset = (id: string) => {
    const found = harness.state.assets[id];
    if (found === undefined) throw new Error(`The sandbox has no ${id}.`);
    return found;
  };
  const callsOf = (operationId: string) =>
    harness.sandbox.calls.list().filter((call) => call.operationId === operationId);

  it('checks in what the user holds, marks the newest version of every part, publishes and tells the log', async () => {
    const map = asset(handbook);
    // What an editor had done by hand: the map and one topic are out, with a change.
    for (const item of [map, asset(registration)]) {
      const [version] = item.versions;
      if (version === undefined) throw new Error('The seed has a version.');
      const { name, elements, file } = structuredClone(version);
      item.checkedOut = { userId: seedIds.users.editor, since: '2026-02-27T08:00:00Z', name, elements, file };
      item.assignedUserId = seedIds.users.editor;
    }
    const answer = await harness.run(publishDitaMap, given);
    expect(answer).toMatchObject({
      state: 'succeeded',
      summary: '"student-handbook.ditamap" published to 1 of 1 targets.',
      targets: [{ id: production, outcome: 'published', pages: 0, assets: 11 }],
    });
    for (const item of [map, asset(registration)]) {
      expect(item.checkedOut).toBeNull();
      expect(item.marks[production]?.version).toBe(2);
      expect(item.published[production]?.version).toBe(2);
      expect(item.published[staging]?.version).toBe(1);
    }
    expect(callsOf('DITA_PublishDITAMap').map(({ body }) => body)).toEqual([
      {
        mapId: handbook,
        pubTgtIds: [production],
        replicate: false,
        formats: ['html5'],
        ditavals: [String(ditaNumbers.studentsDitaval)],
      },
    ]);
  });

  it('marks the newest version again when a map is published a second time', async () => {
    await harness.run(publishDitaMap, given);
    const topic = asset(registration);
    const [first] = topic.versions;
    if (first === undefined) throw new Error('The seed has a version.');
    topic.versions.push({ ...structuredClone(first), number: 2 });
    await harness.run(publishDitaMap, { ...given, targets: ['Production', 'Staging'] });
    expect(topic.published).toMatchObject({ [production]: { version: 2 }, [staging]: { version: 2 } });
    expect(asset(handbook).published[production]?.version).toBe(asset(handbook).versions.length);
  });

  it('works on a CMS that knows maps by their numbers alone', async () => {
    harness.sandbox.knobs.ditaMapId = 'number';
    expect(await harness.run(publishDitaMap, given)).toMatchObject({ state: 'succeeded' });
    expect(callsOf('DITA_MarkPublishDitaMapCollection').map(({ status }) => status)).toEqual([200]);
  });

  it('plans without changing anything, and refuses what cannot be', async () => {
    expect(await harness.run(publishDitaMap, { ...given, formats: ['PDF'], dry_run: true })).toMatchObject({
      state: 'planned',
      formats: ['pdf'],
      checks_in: false,
    });
    expect((await harness.refusal(publishDitaMap, { ...given, formats: ['ePub'] })).code).toBe('NOT_FOUND');
    expect((await harness.refusal(publishDitaMap, { ...given, ditavals: ['nobody'] })).code).toBe('NOT_FOUND');
    const held = await harness.refusal(publishDitaMap, { ...given, map: 'lab-safety' });
    expect(held).toMatchObject({ code: 'LOCKED', message: expect.stringContaining('2 parts') });
    expect(callsOf('DITA_MarkPublishDitaMapCollection')).toEqual([]);
    expect(callsOf('DITA_PublishDITAMap')).toEqual([]);
  });

  it('fails when the CMS does not start it', async () => {
    harness.sandbox.faults.add({ match: { operationId: 'DITA_PublishDITAMap' }, kind: 'false-answer' });
    expect(await harness.run(publishDitaMap, given)).toMatchObject({
      state: 'failed',
      error: {
        code: 'CMS_REFUSED',
        retry: 'after_check',
        message: expect.stringMatching(/is marked, and nothing was submitted.*Publish it again/),
        next: { tool: 'get_dita_map' },
      },
    });
  });

  it('tells the refusal of a user who may not publish', async () => {
    const groups = harness.state.groups.filter(({ userIds }) => userIds.includes(seedIds.users.editor));
    for (const group of groups) {
      group.rights = group.rights.filter((right) => !right.includes('PUBLISH'));
    }
    expect(await harness.run(publishDitaMap, given)).toMatchObject({ state: 'failed', error: { code: 'FORBIDDEN' } });
  });

  it('does nothing in a content freeze', async () => {
    harness.sandbox.setFreeze({
      startTime: '2026-01-01T00:00:00Z',
      endTime: '2999-01-01T00:00:00Z',
      message: 'Semester start',
      allowedUserIds: [],
    });
    expect((await harness.refusal(publishDitaMap, given)).code).toBe('CONTENT_FREEZE');
  });
});
