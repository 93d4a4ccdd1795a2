import { expect, test } from 'vitest';
import { operations } from '../../../../src/adapters/outbound/ingeniux/catalogue/index.ts';
import type { Arguments } from '../../../../src/adapters/outbound/ingeniux/catalogue/operation.ts';

/** The compiler is the test: each marked line would compile if arguments were not checked against their operation. */
test('arguments are checked against their operation', () => {
  const good: Arguments<typeof operations.Pages_GetChildren> = { id: 'x1', startIndex: 0 };
  // @ts-expect-error a required argument is missing
  const missing: Arguments<typeof operations.Pages_GetChildren> = { startIndex: 0 };
  // @ts-expect-error the contract spells this parameter in camel case here
  const misspelt: Arguments<typeof operations.Pages_GetChildren> = { id: 'x1', StartIndex: 0 };
  // @ts-expect-error a number is not a text
  const mistyped: Arguments<typeof operations.Pages_GetPage> = { id: 1 };
  expect([good, missing, misspelt, mistyped]).toHaveLength(4);
});

test('no two operations share a wire place', () => {
  const places = Object.values(operations).map(({ method, path }) => `${method} ${path}`);
  expect(new Set(places).size).toBe(places.length);
});

test('whatever writes and may not be repeated is known as such', () => {
  const single = Object.values(operations).filter(({ effect, idempotent }) => effect !== 'read' && !idempotent);
  expect(single.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'Assets_AdvanceWorkflow',
      'Assets_Copy',
      'Assets_DeleteAssetItems',
      'Assets_Upload',
      'Pages_AdvanceWorkflow',
      'Pages_Copy',
      'Pages_CreatePCRPage',
      'Pages_DeletePage',
      'Publishing_SaveRedirect',
      'Site_ReplaceReportEntry',
      'Taxonomy_CreateCategory',
    ]),
  );
});
