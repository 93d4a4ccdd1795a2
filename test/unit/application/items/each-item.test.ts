import { describe, expect, it } from 'vitest';
import { eachItem } from '../../../../src/application/items/each-item.ts';
import { signComment } from '../../../../src/application/items/sign-comment.ts';
import { DomainError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { ContentItem } from '../../../../src/domain/model/content-item.ts';

describe('items one after the other', () => {
  it('goes on after a refusal of one of them', async () => {
    const outcomes = await eachItem(items('a', 'b', 'c'), failing({ b: 'LOCKED' }));
    expect(outcomes.map(({ item, done }) => [item.id, done])).toEqual([
      ['a', true],
      ['b', false],
      ['c', true],
    ]);
  });

  it('stops where the next one would fare no better, and says so', async () => {
    const tried: string[] = [];
    const outcomes = await eachItem(items('a', 'b', 'c'), async (item) => {
      tried.push(item.id);
      return failing({ b: 'OUTCOME_UNKNOWN' })(item);
    });
    expect(tried).toEqual(['a', 'b']);
    const last = outcomes.at(-1);
    expect(last?.done === false && last.error.message).toContain('Not tried');
  });

  it('throws the first refusal when none was done', async () => {
    await expect(eachItem(items('a', 'b'), failing({ a: 'FORBIDDEN', b: 'LOCKED' }))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(eachItem(items('a', 'b'), failing({ a: 'CMS_UNAVAILABLE' }))).rejects.toMatchObject({
      code: 'CMS_UNAVAILABLE',
    });
  });

  it('does not hide a defect', async () => {
    const defect = new TypeError('a defect');
    await expect(
      eachItem(items('a', 'b'), async (item) => {
        if (item.id === 'b') throw defect;
      }),
    ).rejects.toBe(defect);
  });

  it('has nothing to say about nothing', async () => {
    expect(await eachItem([], failing({}))).toEqual([]);
  });
});

describe('the signature of a comment', () => {
  const principal = { subject: 'priya', clientId: 'claude', scopes: [] };

  it('stands behind the words, and alone when there are none', () => {
    expect(signComment(' New fee. ', principal)).toBe('New fee. (by agent claude for priya)');
    expect(signComment(undefined, principal, 'job job_1')).toBe('(by agent claude for priya, job job_1)');
  });

  it('is never cut', () => {
    expect(signComment('x'.repeat(5_000), principal)).toMatch(/^x{500} \(by agent claude for priya\)$/);
  });
});

function failing(codes: Readonly<Record<string, ErrorCode>>) {
  return async ({ id }: ContentItem): Promise<string> => {
    const code = codes[id];
    if (code !== undefined) throw new DomainError(code, `${id} failed`);
    return id;
  };
}

function items(...ids: readonly string[]): ContentItem[] {
  return ids.map((id) => ({
    id,
    kind: 'page',
    name: id,
    childrenCount: 0,
    version: 1,
    checkedOut: false,
    markedTargetIds: [],
    categoryIds: [],
    access: 'full',
  }));
}
