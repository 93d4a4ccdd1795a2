import { expect, test } from 'vitest';
import { operations } from '../../../../src/adapters/outbound/ingeniux/catalogue/index.ts';
import { cacheKey, keepingOf, tagsOf } from '../../../../src/adapters/outbound/ingeniux/freshness.ts';
import type { Principal } from '../../../../src/domain/model/principal.ts';

const principal = (subject: string): Principal => ({ subject, clientId: 'c', scopes: [] });
const ttl = 300;
const account = { siteRoot: 'http://a', clientId: 'identity' };

test('configuration and numbered versions are fresh for a while, state never, contexts are not kept', () => {
  expect(keepingOf(operations.Schemas_GetSchemas, {}, ttl)?.freshSeconds).toBe(ttl);
  expect(keepingOf(operations.Pages_GetPageDetails, { id: 'x1', version: 3 }, ttl)?.freshSeconds).toBe(ttl);
  expect(keepingOf(operations.Pages_GetPageDetails, { id: 'x1', version: 0 }, ttl)?.freshSeconds).toBe(0);
  expect(
    keepingOf(operations.Preview_GetPageXml, { pageId: 'x1', version: 3, checkedOut: true }, ttl)?.freshSeconds,
  ).toBe(0);
  expect(keepingOf(operations.Pages_GetPage, { id: 'x1' }, ttl)).toMatchObject({ freshSeconds: 0 });
  expect(keepingOf(operations.Pages_GetPageContext, {}, ttl)).toBeUndefined();
  expect(keepingOf(operations.Publishing_GetCurrentTasks, {}, ttl)).toBeUndefined();
});

test('a freeze is at most a minute old and never stale', () => {
  expect(keepingOf(operations.Notifications_GetContentFreeze, {}, ttl)).toEqual({ freshSeconds: 60, staleSeconds: 0 });
  expect(keepingOf(operations.Notifications_GetContentFreeze, {}, 5)?.freshSeconds).toBe(5);
});

test('answers carry the tags of the items that they were asked for', () => {
  expect(tagsOf(operations.Pages_GetChildren, { id: 'x7', startIndex: 0 })).toEqual(['tree', 'item:x7']);
  expect(tagsOf(operations.Assets_SearchAssetItems, { SearchString: 'a', RootId: undefined })).toEqual(['search']);
});

test('keys tell principals, sites, operations and arguments apart, and nothing else', () => {
  const key = cacheKey(account, principal('ann'), operations.Pages_GetPage, { id: 'x1' });
  expect(cacheKey(account, { ...principal('ann'), clientId: 'other' }, operations.Pages_GetPage, { id: 'x1' })).toBe(
    key,
  );
  expect(cacheKey(account, principal('bob'), operations.Pages_GetPage, { id: 'x1' })).not.toBe(key);
  expect(
    cacheKey({ ...account, siteRoot: 'http://b' }, principal('ann'), operations.Pages_GetPage, { id: 'x1' }),
  ).not.toBe(key);
  expect(cacheKey(account, principal('ann'), operations.Pages_GetAncestors, { id: 'x1' })).not.toBe(key);
  expect(cacheKey(account, principal('ann'), operations.Pages_GetPage, { id: 'x2' })).not.toBe(key);
  expect(
    cacheKey({ ...account, clientId: 'other' }, principal('ann'), operations.Pages_GetPage, { id: 'x1' }),
  ).not.toBe(key);
  const two = (args: object) => cacheKey(account, principal('ann'), operations.Pages_GetChildren, args);
  expect(two({ id: 'x1', startIndex: 0, pageSize: undefined })).toBe(two({ startIndex: 0, id: 'x1' }));
});
