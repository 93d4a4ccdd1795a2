import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentUri,
  diffTemplate,
  jobTemplate,
  jobUri,
  pageTemplate,
} from '../../../src/adapters/inbound/mcp/resources/uris.ts';

describe('resource URIs', () => {
  it('give back the values that they were made of, whatever they hold', () => {
    const value = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(jobTemplate.match(jobUri(a))).toEqual({ id: a });
        expect(diffTemplate.match(diffTemplate.expand({ a, b }))).toEqual({ a, b });
        expect(pageTemplate.match(jobUri(a))).toBeUndefined();
      }),
    );
  });

  it('tell pages from assets, and keep an asset id in one segment', () => {
    expect([contentUri('x5'), contentUri('a/5'), contentUri('af/7')]).toEqual([
      'ingeniux://page/x5',
      'ingeniux://asset/a%2F5',
      'ingeniux://asset/af%2F7',
    ]);
  });

  it('take the values of their query in any order, or none', () => {
    expect(pageTemplate.match('ingeniux://page/x1')).toEqual({ id: 'x1' });
    expect(pageTemplate.match('ingeniux://page/x1?format=xml&version=3')).toEqual({
      id: 'x1',
      format: 'xml',
      version: '3',
    });
  });

  it.each([
    'ingeniux://page/',
    'ingeniux://page/x1/children',
    'ingeniux://page/x1?draft=1',
    'ingeniux://page/x1?version=',
    'ingeniux://page/x1?version=1?format=xml',
    'ingeniux://page/x1#part',
    'ingeniux://page/%E0%A4%A',
    `ingeniux://page/${'x'.repeat(301)}`,
    'INGENIUX://page/x1',
    'https://example.org/page/x1',
    '',
  ])('are not ours: %j', (uri) => {
    expect(pageTemplate.match(uri)).toBeUndefined();
  });
});
