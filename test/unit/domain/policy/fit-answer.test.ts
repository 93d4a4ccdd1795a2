import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/domain/model/job.ts';
import { fitAnswer } from '../../../../src/domain/policy/fit-answer.ts';
import { selectFields } from '../../../../src/domain/policy/select-fields.ts';

const rows = Array.from({ length: 300 }, (_, index) => ({ Id: `x${index}`, Name: `Page ${index} ${'w'.repeat(40)}` }));

/** All pages of a value, one after the other. */
function pagesOf(value: Json, charactersMax: number): readonly Json[] {
  const pages: Json[] = [];
  for (let offset: number | undefined = 0; offset !== undefined && pages.length < 500; ) {
    const page = fitAnswer(value, offset, charactersMax);
    expect(JSON.stringify(page.value).length).toBeLessThanOrEqual(charactersMax * 1.1);
    if (page.nextOffset !== undefined) expect(page.leftOut.length).toBeGreaterThan(0);
    pages.push(page.value);
    offset = page.nextOffset;
  }
  return pages;
}

describe('an answer cut to a budget', () => {
  it('stays whole when it fits', () => {
    expect(fitAnswer({ a: 1 }, 0, 100)).toEqual({ value: { a: 1 }, leftOut: [] });
  });

  it('comes in pages that together are the whole: a list', () => {
    expect(pagesOf(rows, 2_000).flat()).toEqual(rows);
  });

  it('comes in pages that together are the whole: a list in its envelope', () => {
    const pages = pagesOf({ TotalResults: 300, Results: rows, Note: 'n' }, 2_000);
    expect(pages.flatMap((page) => (page as { Results: Json[] }).Results)).toEqual(rows);
    expect(pages.every((page) => (page as { TotalResults: number }).TotalResults === 300)).toBe(true);
  });

  it('comes in pages that together are the whole: a text, with no character broken', () => {
    const text = '<p>“Größe” 😀 \\ \n</p>'.repeat(400);
    expect(pagesOf(text, 1_500).join('')).toBe(text);
    const inside = pagesOf({ Id: 'x1', Xml: text }, 1_500).map((page) => (page as { Xml: string }).Xml);
    expect(inside.join('')).toBe(text);
  });

  it('shortens a single row that is too long on its own, and says so', () => {
    const page = fitAnswer(
      [
        { Id: 'x1', Text: 'a'.repeat(9_000) },
        { Id: 'x2', Text: 'b' },
      ],
      0,
      2_000,
    );
    expect(page.value).toMatchObject([{ Id: 'x1', Text: expect.stringMatching(/^a+…$/) }, { Id: 'x2' }]);
    expect(page.leftOut.join()).toContain('Text');
  });

  it('ends behind the end', () => {
    expect(fitAnswer(rows, 300, 2_000)).toMatchObject({ value: [] });
    expect(fitAnswer(rows, 300, 2_000).nextOffset).toBeUndefined();
  });
});

describe('selected fields', () => {
  const value = {
    Results: [{ Id: 'x1', Workflow: { Name: 'w', Steps: [{ A: 1, B: 2 }] }, Name: 'n' }],
    TotalResults: 1,
  };

  it('keep the shape around them', () => {
    expect(selectFields(value, ['Results[].Id', 'results.Workflow.Steps[].a']).value).toEqual({
      Results: [{ Id: 'x1', Workflow: { Steps: [{ A: 1 }] } }],
    });
    expect(selectFields([value], ['TotalResults']).value).toEqual([{ TotalResults: 1 }]);
    expect(selectFields(value, ['$']).value).toEqual(value);
  });

  it('that are not there are told with what is', () => {
    const { value: kept, missing } = selectFields(value, ['Results[].Title', 'TotalResults']);
    expect(kept).toEqual({ Results: [{}], TotalResults: 1 });
    expect(missing).toEqual(['"Results[].Title" is no field; there are Id, Workflow, Name']);
    expect(selectFields(value, ['TotalResults.x']).missing[0]).toContain('plain value');
    expect(selectFields({ Results: [] }, ['Results[].Id']).missing).toEqual([]);
    expect(selectFields(value, ['constructor', '__proto__.a']).missing.length).toBe(2);
  });
});
