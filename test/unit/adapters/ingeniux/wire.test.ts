import { describe, expect, test } from 'vitest';
import { contentDetails } from '../../../../src/adapters/outbound/ingeniux/wire/content-details.ts';
import { contentItem } from '../../../../src/adapters/outbound/ingeniux/wire/content-item.ts';
import { allItems, toPage, wirePage } from '../../../../src/adapters/outbound/ingeniux/wire/page.ts';
import { publishingTarget, publishMonitor } from '../../../../src/adapters/outbound/ingeniux/wire/publishing.ts';
import { claimedLogin, contentFreeze } from '../../../../src/adapters/outbound/ingeniux/wire/site.ts';
import { workflowDefinition } from '../../../../src/adapters/outbound/ingeniux/wire/workflow.ts';
import type { PageRequest } from '../../../../src/domain/model/paging.ts';

describe('items', () => {
  test('only the id is insisted on', () => {
    expect(contentItem.parse({ Id: 'x1' })).toEqual({
      id: 'x1',
      kind: 'page',
      name: '',
      childrenCount: 0,
      version: 0,
      checkedOut: false,
      markedTargetIds: [],
      categoryIds: [],
      access: 'read',
    });
    expect(contentItem.safeParse({ Name: 'no id' }).success).toBe(false);
    expect(contentItem.safeParse('text').success).toBe(false);
  });

  test('nulls, wrong types and unknown properties do no harm', () => {
    const item = contentItem.parse({
      Id: 'x1',
      Name: null,
      ChildrenCount: 'many',
      MarkedTargetIds: [null, 'PublishingTargets/1', 7],
      Created: '0001-01-01T00:00:00',
      LastModified: '2026-01-02T03:04:05',
      Novelty: { a: 1 },
      SecurityLevel: 2,
    });
    expect(item).toMatchObject({
      name: '',
      childrenCount: 0,
      markedTargetIds: ['PublishingTargets/1'],
      access: 'full',
    });
    expect(item.createdAt).toBeUndefined();
    expect(item.modifiedAt).toBe('2026-01-02T03:04:05');
  });

  test.each([
    [{ Id: 'x1', IsComponent: true }, 'component'],
    [{ Id: 'x1', SchemaId: 'Schema_Folder' }, 'folder'],
    [{ Id: 'a/1' }, 'asset'],
    [{ Id: 'af/1' }, 'asset_folder'],
    [{ Id: 'x1', Type: 'Page' }, 'page'],
  ])('%j is a %s', (wire, kind) => {
    expect(contentItem.parse(wire).kind).toBe(kind);
  });

  test('fields nest, and a missing label is the name', () => {
    const { fields } = contentDetails.parse({
      Id: 'x1',
      Elements: [
        {
          Name: 'Body',
          Value: '<p>Hi</p>',
          Type: 'IGX_ELEMENT_CDATA',
          Required: true,
          Attributes: null,
          Elements: null,
        },
        { Name: 'Links', Elements: [{ Name: 'Link', Attributes: [{ Name: 'Text', Value: 'Apply' }] }] },
      ],
    });
    expect(fields[0]).toMatchObject({ name: 'Body', label: 'Body', value: '<p>Hi</p>', required: true, children: [] });
    expect(fields[1]?.children[0]).toMatchObject({ name: 'Link', attributes: { Text: 'Apply' } });
  });
});

describe('pages of a list', () => {
  const wire = (count: number, total: number, NextIndex?: number) => ({
    Results: Array.from({ length: count }, (_, index) => index),
    TotalResults: total,
    ...(NextIndex === undefined ? {} : { NextIndex }),
  });
  const request: PageRequest = { startIndex: 20, pageSize: 10 };
  test.each([
    ['in the middle', wire(10, 50, 30), 30],
    ['without a next index', wire(10, 50), 30],
    ['at the end, answered as the total', wire(10, 30, 30), undefined],
    ['at the end, answered as -1', wire(10, 30, -1), undefined],
    ['at the end, answered as 0', wire(10, 30, 0), undefined],
    ['behind the end', wire(0, 30, 30), undefined],
    ['with a next index that stands still', wire(10, 50, 20), undefined],
    ['with fewer than asked for, and more to come', wire(4, 50, 30), 30],
  ])('%s', (_, given, next) => {
    expect(toPage(given, request).nextIndex).toBe(next);
  });

  test('null results are an empty page', () => {
    expect(toPage(wirePage(contentItem).parse({ Results: null }), request)).toEqual({ items: [], total: 0 });
  });

  test('walking a list ends, whatever the server says', async () => {
    let calls = 0;
    const items = await allItems(async ({ startIndex }) => {
      calls += 1;
      return { items: [startIndex], total: 1_000_000, nextIndex: startIndex + 1 };
    });
    expect(calls).toBe(50);
    expect(items).toHaveLength(50);
  });
});

test('an action is named by its place in the enumeration', () => {
  const definition = workflowDefinition.parse({
    Id: 'WorkflowDefinitions/1',
    Transitions: [
      {
        Id: 't',
        Actions: [{ ActionTypeId: 0 }, { ActionTypeId: 4, Attributes: { Target: 'x' } }, { ActionTypeId: 99 }],
      },
    ],
  });
  expect(definition.transitions[0]?.actions.map(({ kind }) => kind)).toEqual([
    'mark_for_publish',
    'publish',
    'unknown',
  ]);
});

test('a target that was never published has no time of it', () => {
  expect(
    publishingTarget.parse({ Id: 'PublishingTargets/1', LastPublished: '0001-01-01T00:00:00' }),
  ).not.toHaveProperty('lastPublishedAt');
});

test.each([
  [{}],
  [{ Publishing: null, Replications: null, RecentCompletedPublishes: null }],
  [{ Publishing: { Id: null } }],
])('an idle queue in the form %j has nothing running', (wire) => {
  expect(publishMonitor.parse(wire)).toEqual({ pendingCount: 0, replicating: [], recent: [] });
});

test('no freeze is told by empty properties', () => {
  expect(contentFreeze.parse({ StartTime: null, EndTime: '', AllowMe: true, Message: null })).toBeNull();
  expect(contentFreeze.parse({ StartTime: '20260101T00:00:00', AllowMe: false, Message: 'Wait.' })).toEqual({
    startsAt: '20260101T00:00:00',
    allowsMe: false,
    message: 'Wait.',
  });
});

test.each([
  [
    [
      { Type: 'sub', Value: 'User/a' },
      { Type: 'name', Value: 'Ann' },
    ],
    'User/a',
  ],
  [[{ type: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier', value: 'DOM\\ann' }], 'DOM\\ann'],
  [{ unique_name: 'ann', role: 'x' }, 'ann'],
  [{ Claims: [{ Type: 'name', Value: 'ann' }] }, 'ann'],
  ['unique_name: ann\r\nrole: Editors', 'ann'],
  ['', null],
  [[], null],
  [null, null],
])('the login in %j is %j', (wire, login) => {
  expect(claimedLogin.parse(wire)).toBe(login);
});
