import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage } from '../../../src/application/tasks/authoring/create-page.ts';
import { discardCheckout } from '../../../src/application/tasks/authoring/discard-checkout.ts';
import { confirmationOutput } from '../../../src/application/tasks/parameters.ts';
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
    expect(answer.used).toEqual({ create: 'rest', fields: 'services' });
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
    expect(answer.used).toEqual({ create: 'services', fields: 'services' });
  });
});

describe('where the service layer says that it did what it did not', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness({
      services: {
        lies: [
          'SiteTreeServices.CreateNewPage',
          'PageCommandsServices.UndoCheckout',
          'MarkForPublishServices.MarkPages',
        ],
      },
    });
  });
  afterAll(() => harness.close());

  it('create_page does not believe in a page that is not there', async () => {
    const { state, landmarks } = harness;
    const ruled = new Set(state.pageCreationRules.map(({ schemaId }) => schemaId));
    const schema = state.schemas.find(({ id, kind, draft }) => kind === 'component' && !draft && !ruled.has(id));
    const error = await harness.refusal(createPage, {
      rule: schema?.rootName,
      parent: state.pages[landmarks.sharedContactCard]?.parentId,
      name: 'Made in words',
    });
    expect(error).toMatchObject({ code: 'WRITE_UNVERIFIED', message: expect.stringContaining('does not show it') });
  });

  it('discard_checkout and publish_content read again what became of it', async () => {
    const { checkedOutByEditorPage, tuitionPage } = harness.landmarks;
    const asked = await harness.answer(discardCheckout, { items: [checkedOutByEditorPage] });
    const { confirm } = confirmationOutput.parse(asked.output);
    const discarded = await harness.refusal(discardCheckout, { items: [checkedOutByEditorPage], confirm });
    expect(discarded).toMatchObject({
      code: 'WRITE_UNVERIFIED',
      message: expect.stringContaining('shows it checked out'),
    });
    const unpublished = await harness.refusal(
      publishContent,
      { items: [tuitionPage], target: 'Production', action: 'unpublish' },
      { role: 'publisher' },
    );
    expect(unpublished).toMatchObject({
      code: 'WRITE_UNVERIFIED',
      message: expect.stringContaining('does not show it'),
    });
  });
});

describe('where the CMS lets no fields be changed', () => {
  it('create_page creates the page and says what stays empty', async () => {
    const harness = await openTaskHarness({ apiDescription: { without: ['Site_ReplaceReportEntry'] } });
    try {
      const [rule] = harness.state.pageCreationRules;
      const answer = await harness.run(createPage, {
        rule: rule?.id ?? expect.unreachable(),
        parent: rule?.parents[0]?.pageId ?? expect.unreachable(),
        name: 'Made bare',
        fields: { Headline: 'Made bare' },
      });
      expect(answer).toMatchObject({
        used: { create: 'rest', fields: 'none' },
        unfilled_fields: [{ field: 'Headline', reason: expect.stringContaining('no fields') }],
      });
    } finally {
      await harness.close();
    }
  });
});
