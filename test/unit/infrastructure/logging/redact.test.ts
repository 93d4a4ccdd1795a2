import { describe, expect, it } from 'vitest';
import { createRedact, HIDDEN } from '../../../../src/infrastructure/logging/redact.ts';

const SECRET = 'canary "client" secret+/=7f3a';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLWNhbmFyeQ';

const redact = createRedact([SECRET, 'short']);

describe('createRedact', () => {
  it.each([
    ['a known secret within a text', `the CMS said ${SECRET}.`, 'the CMS said [redacted].'],
    ['a known secret in a form', `x=${encodeURIComponent(SECRET)}&y=1`, 'x=[redacted]&y=1'],
    ['a known secret within JSON in a text', `{"a":${JSON.stringify(SECRET)}}`, '{"a":"[redacted]"}'],
    ['a JWT', `got ${JWT} back`, 'got [redacted] back'],
    ['a cut JWT', `got ${JWT.slice(0, 30)}…`, 'got [redacted]…'],
    ['a token of ours', 'token igx_Ab3-_xyzxyzxyz was refused', 'token [redacted] was refused'],
    ['a bearer header', 'Authorization: bearer opaque.token~1', 'Authorization: bearer [redacted]'],
    ['a basic header', 'Basic dXNlcjpwYXNz', 'Basic [redacted]'],
    ['a password in an address', 'redis://user:pa55w0rd@redis:6379/0', 'redis://[redacted]@redis:6379/0'],
    ['a code in an address', 'GET /callback?code=abc123&state=s', 'GET /callback?code=[redacted]&state=s'],
    ['a secret in a form', 'grant_type=x&client_secret=abc&z=1', 'grant_type=x&client_secret=[redacted]&z=1'],
    ['JSON in a text', '{"refresh_token": "a\\"bc", "n": 1}', '{"refresh_token": "[redacted]", "n": 1}'],
    [
      'JSON in JSON in a text',
      '"{\\"password\\":\\"a\\\\\\"bc\\",\\"n\\":1}"',
      '"{\\"password\\":\\"[redacted]\\",\\"n\\":1}"',
    ],
  ])('hides %s', (_, text, expected) => {
    expect(redact({ msg: text })).toEqual({ msg: expected });
  });

  it.each([
    ['password', 'hunter22'],
    ['accessToken', 'opaque'],
    ['refresh_token', 'opaque'],
    ['set-cookie', ['sid=1; HttpOnly']],
    ['Authorization', 'Token opaque'],
    ['clientSecret', 1234],
    ['credentials', { user: 'anna', pin: '1' }],
    ['x-api-key', 'opaque'],
    ['TOKEN_ENCRYPTION_KEY', 'opaque'],
    ['codeVerifier', 'opaque'],
    ['mcp-session-id', 'opaque'],
  ])('hides whatever stands under %s, at any depth', (name, value) => {
    expect(redact({ a: [{ b: { [name]: value } }] })).toEqual({ a: [{ b: { [name]: HIDDEN } }] });
  });

  it('hides a value that follows its name in a list of raw headers', () => {
    expect(redact({ rawHeaders: ['Host', 'cms', 'Cookie', 'sid=1'] })).toEqual({
      rawHeaders: ['Host', 'cms', 'Cookie', HIDDEN],
    });
  });

  it('hides a secret that is the name of a property', () => {
    expect(redact({ [`x ${SECRET}`]: 1 })).toEqual({ 'x [redacted]': 1 });
  });

  it('leaves alone what tells no secret', () => {
    const line = {
      level: 'info',
      code: 'NOT_FOUND',
      hasToken: true,
      token: null,
      path: 'x123/short/token-ring',
      url: 'https://cms.example.edu/api/v1/pages?code_page=1',
      email: 'anna@example.edu',
      durationMs: 12.5,
      nested: { list: [1, 'two', { three: false }] },
    };
    expect(redact(line)).toEqual(line);
  });

  it.each(['a-', 'eyJ', '\\', '"token":"', 'token', 'x://'])(
    'takes no more than the length of a hostile text: %j repeated',
    (part) => {
      const costOf = (repeats: number): number => {
        const text = part.repeat(repeats);
        const before = process.cpuUsage();
        redact(text);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      };
      costOf(1_000);
      // Sixteen times the text: a quadratic pattern would cost 256 times as much.
      const small = Math.max(costOf(2_000), 1_000);
      expect(costOf(32_000) / small).toBeLessThan(128);
    },
  );
});
