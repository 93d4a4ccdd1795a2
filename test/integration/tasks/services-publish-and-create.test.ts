import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage } from '../../../src/application/tasks/authoring/create-page.ts';
import { publishContent } from '../../../src/application/tasks/publishing/publish-content.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('where the CMS serves its service layer', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness({ services: {} });
  });
  afterAll(() => harness.close());

  const marksOf = (id: string) => Object.keys(harness.state.pages[id]?.marks ?? {});

  it('publish_content takes a page off its target: in a dry run nothing happens, then the mark is gone', async () => {
    const { tuitionPage } = harness.landmarks;
    const input = { items: [tuitionPage], target: 'Production', action: 'unpublish' as const };
    const before = marksOf(tuitionPage);
    const planned = await harness.run(publishContent, { ...input, dry_run: true }, { role: 'publisher' });
    expect(planned.state).toBe('planned');
    expect(marksOf(tuitionPage)).toEqual(before);
    const answer = await harness.run(publishContent, input, { role: 'publisher' });
    expect(answer).toMatchObject({
      state: 'succeeded',
      target: { name: 'Production' },
      message: expect.stringContaining('full publish'),
      next: { tool: 'get_publish_status' },
    });
    expect(marksOf(tuitionPage)).toHaveLength(before.length - 1);
    expect(harness.events.at(-1)).toMatchObject({ type: 'content_changed', change: 'marking' });
  });

  it('publish_content says that assets keep their marks', async () => {
    const error = await harness.refusal(publishContent, {
      items: ['a/50'],
      target: 'Production',
      action: 'unpublish',
    });
    expect(error.code).toBe('CAPABILITY_MISSING');
  });

  it('create_page fills empty fields of every kind, and names what does not fit', async () => {
    const schemaId = harness.state.pages[harness.landmarks.deadlinesPage]?.schemaId;
    const rule = harness.state.pageCreationRules.find((candidate) => candidate.schemaId === schemaId);
    const answer = await harness.run(createPage, {
      rule: rule?.id ?? expect.unreachable(),
      parent: rule?.parents[0]?.pageId ?? expect.unreachable(),
      name: 'Made whole',
      fields: {
        Title: 'Made whole',
        Summary: 'A summary.',
        Body: '<p>A body.</p>',
        ReviewDate: '2027-01-31',
        ShowInNavigation: false,
        Contact: harness.landmarks.sharedContactCard,
        SideNavigation: 'x1',
      },
    });
    expect(answer.unfilled_fields.map(({ field }) => field)).toEqual(['SideNavigation']);
    expect(answer.empty_required_fields).toEqual([]);
    const copy = harness.state.pages[answer.page?.id ?? '']?.checkedOut;
    const held = Object.fromEntries((copy?.elements ?? []).map(({ name, value }) => [name, value]));
    expect(held).toMatchObject({
      Body: '<p>A body.</p>',
      ReviewDate: '2027-01-31',
      ShowInNavigation: 'false',
      Contact: harness.landmarks.sharedContactCard,
    });
  });

  it('create_page makes a page of a content type that no rule creates', async () => {
    const { state } = harness;
    const ruled = new Set(state.pageCreationRules.map(({ schemaId }) => schemaId));
    const schema = state.schemas.find(({ id, kind, draft }) => kind === 'component' && !draft && !ruled.has(id));
    const answer = await harness.run(createPage, {
      rule: schema?.rootName ?? expect.unreachable(),
      parent: state.pages[harness.landmarks.sharedContactCard]?.parentId ?? '',
      name: 'Made without a rule',
    });
    expect(state.pages[answer.page?.id ?? '']).toMatchObject({ schemaId: schema?.id, versions: [] });
  });
});
