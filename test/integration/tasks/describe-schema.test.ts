import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSchema } from '../../../src/application/tasks/core/describe-schema.ts';
import { openTaskHarness, type TaskHarness } from '../../support/task-harness.ts';

describe('describe_schema', () => {
  let harness: TaskHarness;
  beforeAll(async () => {
    harness = await openTaskHarness();
  });
  afterAll(() => harness.close());

  it('lists all content types, or those of one kind', async () => {
    const all = await harness.run(describeSchema, {});
    expect(all.schemas?.map(({ name }) => name).sort()).toEqual(
      harness.state.schemas.map(({ rootName }) => rootName).sort(),
    );
    expect(all.total).toBe(harness.state.schemas.length);
    const components = await harness.run(describeSchema, { kind: 'component' });
    expect(components.schemas?.map(({ name }) => name).sort()).toEqual(
      harness.state.schemas
        .filter(({ kind }) => kind === 'component')
        .map(({ rootName }) => rootName)
        .sort(),
    );
  });

  it('describes one: fields with type, required, help and an example, and the rules that create it', async () => {
    const real = harness.state.schemas.find(({ rootName }) => rootName === 'NewsArticle');
    const answer = await harness.run(describeSchema, { schema: 'News Article' });
    expect(answer.schema?.id).toBe(real?.id);
    expect(answer.schema?.fields.map(({ name }) => name)).toEqual(real?.fields.map(({ name }) => name));
    for (const field of answer.schema?.fields ?? []) {
      const own = real?.fields.find(({ name }) => name === field.name);
      expect(field.required ?? false).toBe(own?.required);
      expect(field.type).toBe(own?.type);
    }
    const rules = harness.state.pageCreationRules.filter(({ schemaId }) => schemaId === real?.id);
    expect(answer.creation_rules?.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(answer.creation_rules?.[0]?.parents?.map(({ id }) => id).sort()).toEqual(
      rules[0]?.parents.map(({ pageId }) => pageId).sort(),
    );
  });

  it('prefers help texts written for AI, and takes examples from a real item', async () => {
    const withAi = harness.state.schemas.find(({ aiHelpText }) => Object.keys(aiHelpText.elements).length > 0);
    const answer = await harness.run(describeSchema, { schema: withAi?.rootName ?? '' });
    expect(answer.schema?.help_for).toBe('ai');
    for (const [name, text] of Object.entries(withAi?.aiHelpText.elements ?? {})) {
      expect(answer.schema?.fields.find((field) => field.name === name)?.help).toBe(text);
    }
    const example = answer.schema?.example_from;
    const sample = harness.state.pages[example?.id ?? ''];
    expect(sample?.schemaId).toBe(withAi?.id);
  });

  it('says what may be created below a page, parent-only rules included', async () => {
    const rule = harness.state.pageCreationRules.find(({ parents }) => parents.some(({ parentOnly }) => parentOnly));
    const parent = rule?.parents.find(({ parentOnly }) => parentOnly)?.pageId ?? '';
    const there = await harness.run(describeSchema, { allowed_under: parent });
    expect(there.creation_rules?.map(({ id }) => id)).toContain(rule?.id);
    expect(there.allowed_under).toMatchObject({ id: parent });
    const child = Object.values(harness.state.pages).find(({ parentId }) => parentId === parent);
    const below = await harness.run(describeSchema, { allowed_under: child?.id ?? '' });
    expect(below.creation_rules?.map(({ id }) => id)).not.toContain(rule?.id);
  });

  it('says so when nothing creates a type', async () => {
    const asset = await harness.run(describeSchema, { schema: 'ImageAsset' });
    expect(asset.hint).toContain('uploading');
    const draft = harness.state.schemas.find((schema) => schema.draft);
    expect((await harness.run(describeSchema, { schema: draft?.rootName ?? '' })).hint).toContain('draft');
  });

  it('refuses unknown types with candidates, and assets as parents', async () => {
    const unknown = await harness.refusal(describeSchema, { schema: 'Banner' });
    expect(unknown.code).toBe('NOT_FOUND');
    expect(unknown.candidates?.map(({ name }) => name).sort()).toEqual(['AlertBanner', 'HeroBanner']);
    const [asset] = Object.keys(harness.state.assets);
    expect((await harness.refusal(describeSchema, { allowed_under: asset })).code).toBe('BAD_INPUT');
  });
});
