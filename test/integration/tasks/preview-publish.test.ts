import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedIds } from '../../../sandbox/seed/seed-ids.ts';
import type { Consumer } from '../../../src/adapters/inbound/jobs/consumer.ts';
import { previewPublish } from '../../../src/application/tasks/publishing/preview-publish.ts';
import { publishContent } from '../../../src/application/tasks/publishing/publish-content.ts';
import { consumeJobs } from '../../support/job-consumer.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('preview_publish', () => {
  let harness: TaskHarness;
  let consumer: Consumer;
  const problems: unknown[] = [];
  beforeAll(async () => {
    harness = await openTaskHarness({ knobs: { publishTickMs: 5, reportTickMs: 5 } });
    consumer = consumeJobs(harness, (problem) => problems.push(problem));
  });
  afterAll(async () => {
    await consumer.close(0);
    await harness.close();
    expect(problems).toEqual([]);
  });

  it('tells what would go out, what is marked already, and gives a token that the publish takes', async () => {
    const { approvedPage, draftPage } = harness.landmarks;
    const answer = await harness.run(previewPublish, {
      items: [approvedPage, draftPage],
      target: 'Production',
      mode: 'full',
    });
    expect(answer).toMatchObject({ state: 'succeeded', percent: 100, ready: false, target: { name: 'Production' } });
    expect(answer.planned?.map(({ id }) => id)).toEqual([approvedPage, draftPage]);
    expect(answer.problems).toContainEqual(
      expect.objectContaining({ id: draftPage, kind: 'cannot_publish', message: expect.stringContaining('Draft') }),
    );
    const marked = [approvedPage, draftPage].filter((id) => seedIds.targets.production in (pageOf(id).marks ?? {}));
    expect(answer.marked?.items.map(({ id }) => id).toSorted()).toEqual(marked.toSorted());
    const published = await harness.run(publishContent, {
      items: [approvedPage, draftPage],
      target: 'Production',
      ...(answer.preview === undefined ? {} : { preview: answer.preview }),
    });
    expect(published.live).toBe(1);
    const late = await harness.refusal(publishContent, {
      items: [approvedPage, draftPage],
      target: 'Production',
      preview: answer.preview,
    });
    expect(late.code).toBe('VERSION_CONFLICT');
  });

  it('counts a whole site and finds broken links in it, without a token', async () => {
    const before = structuredClone(harness.state.pages);
    const answer = await harness.run(previewPublish, { target: 'Production', scope: 'site', mode: 'full' });
    expect(answer).toMatchObject({ state: 'succeeded', planned: [] });
    expect(answer.marked?.pages).toBeGreaterThan(5);
    expect(answer.problems?.some(({ kind }) => kind === 'broken_link')).toBe(true);
    expect(answer).not.toHaveProperty('preview');
    expect(harness.state.pages).toEqual(before);
  });

  it('refuses unknown targets, and items left out', async () => {
    expect((await harness.refusal(previewPublish, { target: 'Moon', scope: 'site' })).code).toBe('NOT_FOUND');
    expect((await harness.refusal(previewPublish, { target: 'Production' })).code).toBe('BAD_INPUT');
  });

  function pageOf(id: string) {
    const page = harness.state.pages[id];
    if (page === undefined) throw new Error(`The sandbox has no page ${id}.`);
    return page;
  }
});
