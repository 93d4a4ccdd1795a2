import { describe, expect, it } from 'vitest';
import { parseItemReference } from '../../../../src/domain/policy/item-reference.ts';

describe('parseItemReference', () => {
  it.each([
    ['x42', { form: 'page_id', id: 'x42' }],
    ['x42.xml', { form: 'page_id', id: 'x42' }],
    ['a/5', { form: 'asset_id', id: 'a/5' }],
    ['af_7', { form: 'asset_id', id: 'af/7' }],
    ['/about//team/?x=1', { form: 'path', path: '/about/team' }],
    ['https://WWW.Example.edu/about#top', { form: 'url', host: 'www.example.edu', path: '/about' }],
    ['Home / About / Team', { form: 'trail', names: ['Home', 'About', 'Team'] }],
    ['about/team/', { form: 'trail', names: ['about', 'team'] }],
    [' Deadlines ', { form: 'name', name: 'Deadlines' }],
    ['X42', { form: 'name', name: 'X42' }],
  ])('reads %j', (text, reference) => {
    expect(parseItemReference(text)).toEqual(reference);
  });
});
