import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const source = (path: string): string => new URL(`../../../../src/infrastructure/${path}`, import.meta.url).href;

describe('an error that nobody caught', () => {
  it.each([
    ['thrown', 'setImmediate(() => { throw defect; });'],
    ['rejected', 'Promise.reject(defect);'],
  ])('ends the process with a line in the log and without its secrets, when %s', async (_how, act) => {
    const program = `
      import { createLogger } from '${source('logging/logger.ts')}';
      import { tellCrashes } from '${source('lifecycle/tell-crashes.ts')}';
      const { logger } = createLogger({ level: 'info', service: 's', program: 'p', secrets: ['canary-1234'] });
      tellCrashes(logger, 3);
      setInterval(() => undefined, 1_000);
      const defect = Object.assign(new Error('a canary-1234 in its text'), { url: 'redis://:canary-1234@h' });
      ${act}`;
    const { code, stderr } = await run(program);
    expect(code).toBe(3);
    expect(stderr).not.toContain('canary-1234');
    const [line, ...more] = stderr.trim().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? '')).toMatchObject({ level: 'fatal', err: { type: 'Error', stack: expect.any(String) } });
  });
});

function run(program: string): Promise<{ readonly code: unknown; readonly stderr: string }> {
  return new Promise((resolve) => {
    const args = ['--input-type=module', '--eval', program];
    execFile(process.execPath, args, { timeout: 15_000 }, (error, _stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stderr });
    });
  });
}
