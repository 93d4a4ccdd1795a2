import { expect, test } from 'vitest';
import { operations } from '../../../../src/adapters/outbound/ingeniux/catalogue/index.ts';
import { requestTarget } from '../../../../src/adapters/outbound/ingeniux/http/request-target.ts';

test('ids with slashes are encoded', () => {
  expect(requestTarget(operations.Assets_GetAsset, { id: 'af/105' })).toBe('/api/v1/assets/asset?id=af%2F105');
});

test('a required key travels even when it is empty', () => {
  expect(requestTarget(operations.Taxonomy_QuickSearch, { search: '' })).toBe('/api/v1/taxonomy/quick-search?search=');
});

test('an optional key without a value does not travel', () => {
  expect(requestTarget(operations.Assets_SearchAssetItems, { SearchString: 'map', RootId: undefined })).toBe(
    '/api/v1/assets/search?SearchString=map',
  );
});

test('a list repeats its key', () => {
  expect(requestTarget(operations.Assets_DeleteAssetItems, { ids: ['a/5', 'a/6'], force: false })).toBe(
    '/api/v1/assets?ids=a%2F5&ids=a%2F6&force=false',
  );
});

test('a session id stands in the path', () => {
  expect(requestTarget(operations.Site_GetReportStatus, { sessionId: 'b2 c/d' })).toBe(
    '/api/v1/site/report/b2%20c%2Fd/status',
  );
});

test('every operation is filed under its own id', () => {
  for (const [name, operation] of Object.entries(operations)) expect(operation.id).toBe(name);
});

test('whatever writes is never kept', () => {
  for (const operation of Object.values(operations)) {
    if (operation.effect !== 'read') expect(operation.freshness, operation.id).toBe('never');
  }
});
