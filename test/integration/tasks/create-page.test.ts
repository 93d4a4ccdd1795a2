import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage } from '../../../src/application/tasks/authoring/create-page.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('create_page', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  /** A rule that the editor may use, with a parent that it allows. */
  const place = () => {
    for (const rule of harness.state.pageCreationRules) {
      const parent = rule.parents.find((candidate) => harness.state.pages[candidate.pageId] !== undefined);
      if (rule.name === 'News article' && parent !== undefined) return { rule: rule.name, parent: parent.pageId };
    }
    throw new Error(
      `the seed has no rule for news articles: ${harness.state.pageCreationRules.map((rule) => rule.name).join(', ')}`,
    );
  };

  it('creates a checked-out page by a rule and says which fields stayed empty and why', async () => {
    const answer = await harness.run(createPage, {
      ...place(),
      name: 'Bridge reopens',
      fields: { Headline: 'The bridge reopens', Summary: 'Open again.' },
    });
    const id = answer.page?.id ?? '';
    expect(harness.state.pages[id]?.checkedOut).not.toBeNull();
    expect(answer).toMatchObject({ undo: 'possible', changed: [{ id, version_after: 0, checked_out: true }] });
    expect(answer.unfilled_fields.map((row) => row.field)).toEqual(expect.arrayContaining(['Headline', 'Summary']));
    expect(answer.unfilled_fields[0]?.reason).toContain('empty');
    expect(answer.empty_required_fields).toEqual(expect.arrayContaining(['Headline']));
    expect(answer.warnings.join(' ')).toContain('required');
  });

  it('creates nothing in a dry run', async () => {
    const count = Object.keys(harness.state.pages).length;
    const answer = await harness.run(createPage, { ...place(), name: 'Only a thought', dry_run: true });
    expect(answer).toMatchObject({ dry_run: true, changed: [], undo: 'possible' });
    expect(Object.keys(harness.state.pages)).toHaveLength(count);
  });

  it('takes the content type by the name that answers show, and a person by name', async () => {
    const person = harness.state.users.find(({ userId }) => userId === 'tlindqvist');
    const answer = await harness.run(createPage, {
      ...place(),
      rule: 'NewsArticle',
      name: 'Mill reopens',
      assign_to: person?.name ?? '',
    });
    expect(answer.rule).toMatchObject({ name: 'News article', schema: 'NewsArticle' });
    expect(answer.page?.schema).toBe('NewsArticle');
    const error = await harness.refusal(createPage, { ...place(), name: 'Mill', assign_to: 'Nobody', dry_run: true });
    expect(error.code).toBe('NOT_FOUND');
  });

  it('names the fields there are to somebody who guessed one', async () => {
    const error = await harness.refusal(createPage, { ...place(), name: 'Guess', fields: { Title: 'x' } });
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('Headline') });
  });

  it('refuses a second child with the same name, and names the first', async () => {
    await harness.run(createPage, { ...place(), name: 'Twin' });
    const error = await harness.refusal(createPage, { ...place(), name: 'twin' });
    expect(error).toMatchObject({ code: 'CONFLICT', candidates: [{ name: 'Twin' }] });
  });

  it('looks for the page when no answer came, and never creates it twice', async () => {
    harness.sandbox.faults.add({
      match: { operationId: 'Pages_CreatePCRPage' },
      kind: 'drop-connection',
      afterEffect: true,
      times: 1,
    });
    const answer = await harness.run(createPage, { ...place(), name: 'Lost answer' });
    expect(answer.page?.name).toBe('Lost answer');
    const twins = Object.values(harness.state.pages).filter((page) => page.checkedOut?.name === 'Lost answer');
    expect(twins).toHaveLength(1);
  });

  it.each([
    ['an unknown rule', () => ({ ...place(), rule: 'No such rule' }), 'NOT_FOUND'],
    [
      'a parent that the rule does not allow',
      () => ({ ...place(), parent: harness.landmarks.tuitionPage }),
      'BAD_INPUT',
    ],
    ['a name with forbidden characters', () => ({ ...place(), name: 'What?' }), 'BAD_INPUT'],
    ['a field that the content type lacks', () => ({ ...place(), fields: { Nonsense: 'x' } }), 'BAD_INPUT'],
    ['an unknown parent', () => ({ ...place(), parent: 'x999999' }), 'NOT_FOUND'],
  ] as const)('refuses %s and creates nothing', async (_title, change, code) => {
    const count = Object.keys(harness.state.pages).length;
    const error = await harness.refusal(createPage, { name: 'Refused', ...change() });
    expect(error.code).toBe(code);
    expect(Object.keys(harness.state.pages)).toHaveLength(count);
  });
});
