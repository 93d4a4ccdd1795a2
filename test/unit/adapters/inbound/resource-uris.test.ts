import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  idIn,
  jobTemplate,
  jobUri,
  pageTemplate,
  pageUri,
} from '../../../../src/adapters/inbound/mcp/resources/uris.ts';

describe('resource URIs', () => {
  it('give back the id that they were made of, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), (id) => {
        expect(idIn(pageUri(id), pageTemplate)).toBe(id);
        expect(idIn(jobUri(id), jobTemplate)).toBe(id);
        expect(idIn(pageUri(id), jobTemplate)).toBeUndefined();
      }),
    );
  });

  it('keep an asset id in one segment', () => {
    expect(pageUri('a/5')).toBe('ingeniux://page/a%2F5');
  });

  it.each([
    'ingeniux://page/',
    'ingeniux://page/x1/children',
    'ingeniux://page/x1?draft=1',
    'ingeniux://page/x1#part',
    'ingeniux://page/%E0%A4%A',
    `ingeniux://page/${'x'.repeat(201)}`,
    'INGENIUX://page/x1',
    'https://example.org/page/x1',
    '',
  ])('are not ours: %j', (uri) => {
    expect(idIn(uri, pageTemplate)).toBeUndefined();
  });
});
