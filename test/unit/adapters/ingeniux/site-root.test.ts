import { expect, test } from 'vitest';
import { siteRootOf } from '../../../../src/adapters/outbound/ingeniux/site-root.ts';

test.each([
  ['https://cms.example.edu', 'https://cms.example.edu'],
  ['https://cms.example.edu/', 'https://cms.example.edu'],
  ['https://cms.example.edu/api', 'https://cms.example.edu'],
  ['https://cms.example.edu/api/', 'https://cms.example.edu'],
  ['https://cms.example.edu/api/v1', 'https://cms.example.edu'],
  ['https://cms.example.edu/api/v1/', 'https://cms.example.edu'],
  ['https://cms.example.edu/cxp4', 'https://cms.example.edu/cxp4'],
  ['https://cms.example.edu/cxp4/', 'https://cms.example.edu/cxp4'],
  ['https://cms.example.edu/cxp4/api', 'https://cms.example.edu/cxp4'],
  ['https://cms.example.edu/cxp4/api/', 'https://cms.example.edu/cxp4'],
  ['https://cms.example.edu/cxp4/api/v1', 'https://cms.example.edu/cxp4'],
  ['https://cms.example.edu/cxp4/api/v1//', 'https://cms.example.edu/cxp4'],
  ['https://cms.example.edu:8443/cxp4/API/V1?x=1#y', 'https://cms.example.edu:8443/cxp4'],
  ['  http://localhost/cxp4 ', 'http://localhost/cxp4'],
  ['https://cms.example.edu/sites/api-docs', 'https://cms.example.edu/sites/api-docs'],
])('the site root of %s is %s', (given, root) => {
  expect(siteRootOf(given)).toBe(root);
});

test.each(['', 'cms.example.edu', 'ftp://cms.example.edu', 'file:///etc'])('%j is no address of a CMS', (given) => {
  expect(() => siteRootOf(given)).toThrow(TypeError);
});
