import { describe, expect, it } from 'vitest';
import { createOperationCatalogue } from '../../../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';
import { cautionFor, hidden, redactSecrets, redactText } from '../../../../src/domain/policy/redact-secrets.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLWl0';

describe('secrets in answers', () => {
  it.each([
    ['an upload password', { Password: 'p4ss' }, { Password: hidden }],
    ['keys of a bucket', { AccessKey: 'AK1', SecretKey: 'sk' }, { AccessKey: hidden, SecretKey: hidden }],
    ['a client secret', { clientId: 'c', clientSecret: 's' }, { clientId: 'c', clientSecret: hidden }],
    [
      'what is below such a name',
      { Token: { access_token: 'a', expires_in: 5 } },
      { Token: { access_token: hidden, expires_in: hidden } },
    ],
    ['a token in any text', { Note: `use ${jwt} soon` }, { Note: `use ${hidden} soon` }],
    ['the password of an address', { Url: 'ftp://bob:pw@host/x' }, { Url: `ftp://bob:${hidden}@host/x` }],
    ['a part of a connection text', 'Server=a;Password=pw;Db=b', `Server=a;Password=${hidden};Db=b`],
    ['the value of a setting', { Name: 'SmtpPassword', Value: 'pw' }, { Name: 'SmtpPassword', Value: hidden }],
    ['in lists', [[{ privateKey: 'k' }]], [[{ privateKey: hidden }]]],
  ])('hides %s', (_what, value, clean) => {
    const redacted = redactSecrets(value, 'plain');
    expect(redacted.value).toEqual(clean);
    expect(redacted.count).toBeGreaterThan(0);
  });

  it.each([
    ['pages about passwords', { Id: 'x1', Name: 'Reset password', Text: 'Your password: ask the desk' }],
    ['flags that tell of a secret', { SavedSecretKey: true, UseToken: false, Password: '', Token: null }],
    ['where a key lies, and the kind of a token', { PrivateKeyLocation: 'c:/k', token_type: 'bearer' }],
    ['plain values', { a: 1, b: [true, null, 'text'], KeyMatchType: 'Exact' }],
  ])('leaves %s', (_what, value) => {
    expect(redactSecrets(value, 'plain')).toEqual({ value, count: 0 });
  });

  it('is stricter where an operation is known to carry credentials', () => {
    expect(redactSecrets([{ Name: 'HTTP_AUTHORIZATION', Id: 'Basic YTpi' }], 'sensitive').value).toEqual([
      { Name: 'HTTP_AUTHORIZATION', Id: hidden },
    ]);
    expect(redactText('api_key: abc123', 'sensitive').value).toBe(`api_key: ${hidden}`);
    expect(redactText('api_key: abc123', 'plain').count).toBe(0);
    expect(redactSecrets({ Name: 'oxygen', Id: 'pw' }, 'secret').value).toEqual({ Name: hidden, Id: hidden });
  });

  it('knows the caution of each operation', () => {
    const { find } = createOperationCatalogue();
    const caution = (id: string) => {
      const operation = find(id);
      return operation === undefined ? 'unknown' : cautionFor(operation);
    };
    expect(caution('Pages_GetPage')).toBe('plain');
    expect(caution('Settings_GetServerVariables')).toBe('sensitive');
    expect(caution('Assets_GetOxygenAccessCredentials')).toBe('secret');
  });
});
