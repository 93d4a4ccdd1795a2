import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from '../support/poll.ts';
import { runProgram } from '../support/programs.ts';
import { type ServerProcess, startServer, temporaryFolder } from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

/** One more than it takes until the first rotated file is compressed. */
const rotations = 3;

/** How many lines are written from one rotation to the next, at the least. */
const linesOfRound = 200;

/** logrotate on the files of two processes that go on writing. systemd is played: its command is taken down, and obeyed. */
describe('ops/logging/logrotate.conf', () => {
  const data = temporaryFolder();
  let folder: string;
  let logDir: string;
  let programs: string;
  let servers: readonly ServerProcess[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'igx-rotation-'));
    logDir = join(folder, 'logs');
    programs = join(folder, 'programs');
    const settings = { DATA_DIR: data.path, LOG_DIR: logDir, LOG_LEVEL: 'debug', ANONYMOUS_RATE_LIMIT_RPM: '1000000' };
    servers = [await startServer(settings), await startServer({ ...settings, WORKER_INLINE: 'false' })];
    writeFileSync(
      join(folder, 'logrotate.conf'),
      readFileSync(join(projectRoot, 'ops/logging/logrotate.conf'), 'utf8').replace(
        '/var/log/ingeniux-cms-mcp/',
        `${logDir}/`,
      ),
    );
    await runProgram('mkdir', [programs]);
    const pids = servers.map(({ process }) => process.pid).join(' ');
    writeFileSync(
      join(programs, 'systemctl'),
      `#!/bin/sh\nprintf '%s\\n' "$*" >> '${join(folder, 'asked')}'\nkill -HUP ${pids}\n`,
    );
    chmodSync(join(programs, 'systemctl'), 0o755);
  }, 180_000);
  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.close()));
    data.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const rotate = () =>
    runProgram('logrotate', ['--force', '--state', join(folder, 'state'), join(folder, 'logrotate.conf')], {
      env: { PATH: `${programs}:/usr/sbin:/usr/bin:/sbin:/bin` },
    });
  const files = (name: string) => readdirSync(logDir).filter((file) => file.startsWith(name));
  const linesOf = (name: string): readonly string[] =>
    files(name).flatMap((file) => {
      const bytes = readFileSync(join(logDir, file));
      return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trimEnd().split('\n');
    });

  it('rotates under two processes that write, compresses what is old, and loses no line', async () => {
    let isWriting = true;
    const lanes = [...servers, ...servers, ...servers];
    const writing = lanes.map(async ({ url }) => {
      for (let asked = 0; isWriting; asked += 1) await (await fetch(`${url}/nowhere-${asked}`)).arrayBuffer();
    });
    const written = () => servers.flatMap(({ stderr }) => stderr);
    try {
      for (let round = 1; round <= rotations; round += 1) {
        const before = written().length;
        await poll('lines to come', () => written().length > before + linesOfRound);
        const rotated = await rotate();
        expect(rotated.exitCode, rotated.output).toBe(0);
        // The processes have opened their files anew, and write into them.
        await poll('both to write into the new file', () => {
          const current = readFileSync(join(logDir, 'combined.log'), 'utf8');
          return servers.every(({ process }) => current.includes(`"pid":${process.pid},`));
        });
      }
    } finally {
      isWriting = false;
      await Promise.all(writing);
    }
    await Promise.all(servers.map((server) => server.close()));

    expect(files('combined.log').toSorted()).toEqual([
      'combined.log',
      'combined.log.1',
      'combined.log.2.gz',
      'combined.log.3.gz',
    ]);
    // Standard error has every line as well: what was written once is there once.
    expect(linesOf('combined.log').toSorted()).toEqual(written().toSorted());
    expect(linesOf('error.log').filter((line) => line !== '')).toEqual([]);
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trimEnd().split('\n');
    const command =
      'kill --kill-whom=main --signal=HUP ingeniux-cms-mcp-server.service ingeniux-cms-mcp-worker.service';
    expect(asked).toEqual(Array.from({ length: rotations }, () => command));
    for (const unit of command.split(' ').filter((word) => word.endsWith('.service'))) {
      expect(readdirSync(join(projectRoot, 'ops/systemd'))).toContain(unit);
    }
  }, 180_000);
});
