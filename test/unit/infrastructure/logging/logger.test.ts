import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger, type LoggerOptions, requestLogger } from '../../../../src/infrastructure/logging/logger.ts';

const CLIENT_SECRET = 'canary-client-secret-9b1';
const OWN_TOKEN = 'igx_canary-machine-token-5c2';
const JWT = 'eyJjYW5hcnkiOiJqd3QifQ.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5LXNpZ25hdHVyZQ';
const canaries = [CLIENT_SECRET, OWN_TOKEN, JWT, 'opaque-canary-4d3'];

describe('createLogger', () => {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

  it.each(levels)('never writes a secret at %s, wherever it stands', (level) => {
    const { lines, open } = openLogger({ level: 'trace' });
    const cause = new Error(`POST https://u:${CLIENT_SECRET}@cms/oauth/token: Bearer ${JWT}`);
    const failure = Object.assign(new Error(`refused ${OWN_TOKEN}`, { cause }), {
      request: { headers: { authorization: 'opaque-canary-4d3' }, body: `client_secret=${CLIENT_SECRET}` },
    });
    const several = new AggregateError([failure, new Error(JWT)], OWN_TOKEN);
    const child = requestLogger(open.logger, 'req-1').child({ session: OWN_TOKEN, cookie: 'opaque-canary-4d3' });

    child[level](failure);
    child[level]({ err: several, error: failure }, 'failed with %s', CLIENT_SECRET);
    child[level]({ [OWN_TOKEN]: 1, deep: [[{ a: { b: `${JWT}` } }]] }, `x${CLIENT_SECRET}x`);
    child[level]({
      body: JSON.stringify({
        refresh_token: 'opaque-canary-4d3',
        inner: JSON.stringify({ password: 'opaque-canary-4d3' }),
      }),
    });
    child[level](`{"access_token":"opaque-canary-4d3"} ${encodeURIComponent(CLIENT_SECRET)}`);

    expect(lines).toHaveLength(5);
    for (const line of lines) {
      for (const canary of canaries) expect(line).not.toContain(canary);
      expect(JSON.parse(line)).toMatchObject({ level, requestId: 'req-1', program: 'server', service: 'test' });
    }
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { cause: { type: 'Error' }, type: 'Error' } });
  });

  it('names the Redis command that failed, and leaves out what it was given: that is content', () => {
    const { lines, open } = openLogger({});
    const reply = Object.assign(new Error('OOM command not allowed'), {
      command: { name: 'evalsha', args: ['digest', 'canary: the comment of a job'] },
    });
    open.logger.error({ err: new Error('storage', { cause: new Error('job', { cause: reply }) }) }, 'failed');
    expect(lines[0]).not.toContain('canary');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { cause: { cause: { command: { name: 'evalsha' } } } } });
  });

  it('writes one JSON object for each line, with the time in ISO 8601', () => {
    const { lines, open } = openLogger({});
    open.logger.info({ durationMs: 3 }, 'two\nlines');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'two\nlines',
      durationMs: 3,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('leaves out what is less important than its level', () => {
    const { lines, open } = openLogger({ level: 'warn' });
    open.logger.info('no');
    open.logger.warn('yes');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['yes']);
  });

  describe('with a folder', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'logger-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('appends the same redacted lines to a file, which it makes', () => {
      const logDir = join(folder, 'made', 'here');
      for (const text of ['first', `second ${CLIENT_SECRET}`]) {
        const { lines, open } = openLogger({ logDir, level: 'debug' });
        open.logger.debug(text);
        open.close();
        expect(lines).toHaveLength(1);
      }
      const written = readFileSync(join(logDir, 'combined.log'), 'utf8').trimEnd().split('\n');
      expect(written.map((line) => JSON.parse(line).msg)).toEqual(['first', 'second [redacted]']);
    });

    it('opens the file anew at SIGHUP, and lets go of the signal at its end', async () => {
      const listenersBefore = process.listenerCount('SIGHUP');
      const { open } = openLogger({ logDir: folder });
      const path = join(folder, 'combined.log');
      open.logger.info('before');
      renameSync(path, `${path}.1`);
      process.kill(process.pid, 'SIGHUP');
      await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
      open.logger.info('after');
      await expect.poll(() => readFileSync(path, 'utf8'), { timeout: 10_000 }).toContain('after');
      expect(readFileSync(`${path}.1`, 'utf8')).not.toContain('after');
      open.close();
      expect(process.listenerCount('SIGHUP')).toBe(listenersBefore);
    });

    it('writes errors to a file of their own as well', () => {
      const { open } = openLogger({ logDir: folder });
      open.logger.info('all is well');
      open.logger.error('something broke');
      open.close();
      const read = (name: string) => readFileSync(join(folder, name), 'utf8');
      expect(read('error.log')).toContain('something broke');
      expect(read('error.log')).not.toContain('all is well');
      expect(read('combined.log')).toContain('all is well');
      expect(read('combined.log')).toContain('something broke');
    });

    it.runIf(existsSync('/dev/full'))('goes on when the disk is full, says so, and counts what is missing', () => {
      symlinkSync('/dev/full', join(folder, 'combined.log'));
      const { open, lines } = openLogger({ logDir: folder });
      const sent = 200;
      for (let line = 0; line < sent; line += 1) open.logger.info({ line, text: 'x'.repeat(4_000) }, 'kept going');
      expect(lines.filter((line) => line.includes('kept going'))).toHaveLength(sent);
      expect(lines.some((line) => line.includes('ENOSPC'))).toBe(true);
      expect(open.dropped()).toBeGreaterThan(0);
      expect(open.dropped()).toBeLessThan(sent);
      open.close();
    });

    it('names the setting when the folder cannot be written to', () => {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      expect(() => openLogger({ logDir: file })).toThrow(/^LOG_DIR: .*combined\.log/);
    });
  });
});

describe('a running process', () => {
  it('writes debug lines from SIGUSR2 to the next one', async () => {
    const listenersBefore = process.listenerCount('SIGUSR2');
    const { open, lines } = openLogger({});
    const written = (text: string) => lines.some((line) => line.includes(text));
    open.logger.debug('first');
    process.kill(process.pid, 'SIGUSR2');
    await expect.poll(() => open.logger.level, { timeout: 10_000 }).toBe('debug');
    requestLogger(open.logger, 'req_1').debug('second');
    process.kill(process.pid, 'SIGUSR2');
    await expect.poll(() => open.logger.level, { timeout: 10_000 }).toBe('info');
    open.logger.debug('third');
    expect([written('first'), written('second'), written('third')]).toEqual([false, true, false]);
    open.close();
    expect(process.listenerCount('SIGUSR2')).toBe(listenersBefore);
  });

  it('says in each line which trace it belongs to', () => {
    const { open, lines } = openLogger({ origin: () => ({ trace_id: 'abc' }) });
    requestLogger(open.logger, 'req_1').info('hello');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ trace_id: 'abc', requestId: 'req_1' });
    open.close();
  });
});

function openLogger(options: Partial<LoggerOptions>) {
  const lines: string[] = [];
  const open = createLogger({
    level: 'info',
    service: 'test',
    program: 'server',
    secrets: [CLIENT_SECRET],
    output: { write: (line) => void lines.push(line) },
    ...options,
  });
  return { lines, open };
}
