import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runProgram } from '../support/programs.ts';
import { projectRoot } from '../support/source-tree.ts';

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');
const filesOf = (folder: string): string[] => readdirSync(join(projectRoot, folder)).sort();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'igx-operations-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Prometheus', () => {
  const rules = filesOf('ops/prometheus/rules').map((file) => join('ops/prometheus/rules', file));

  it('accepts its configuration and every rule', async () => {
    const checked = await runProgram('promtool', ['check', 'rules', '--lint=all', ...rules]);
    expect(checked.output).not.toMatch(/FAILED|warning/i);
    expect(checked.exitCode).toBe(0);
    const configuration = await runProgram('promtool', ['check', 'config', 'ops/prometheus/prometheus.yml']);
    expect(configuration).toMatchObject({ exitCode: 0 });
  });

  it.each(filesOf('ops/prometheus/tests'))(
    '%s: every alert fires when it should, and stays silent when it should',
    async (file) => {
      const tested = await runProgram('promtool', ['test', 'rules', join('ops/prometheus/tests', file)]);
      expect(tested.output).toContain('SUCCESS');
      expect(tested.exitCode).toBe(0);
    },
  );

  it('notices a rule that is wrong: a check that passes everything proves nothing', async () => {
    const broken = join(folder, 'broken.yml');
    writeFileSync(broken, read('ops/prometheus/rules/cms.yml').replace('== 2', '=== 2'));
    expect((await runProgram('promtool', ['check', 'rules', broken])).exitCode).not.toBe(0);
  });
});

describe('Alertmanager', () => {
  /** The versions of Debian do not know addresses in files for webhooks yet; the one of the compose file does. */
  const configuration = () => {
    const file = join(folder, 'alertmanager.yml');
    const text = read('ops/alertmanager/alertmanager.yml')
      .replaceAll('url_file: /run/secrets/alert_webhook_url', 'url: http://127.0.0.1:9/')
      .replaceAll('templates/*.tmpl', join(projectRoot, 'ops/alertmanager/templates/*.tmpl'));
    writeFileSync(file, text);
    return file;
  };

  it('accepts its configuration and templates', async () => {
    const checked = await runProgram('amtool', ['check-config', configuration()]);
    expect(checked.output).toContain('SUCCESS');
    expect(checked.output).toMatch(/1 templates/);
  });

  it.each([
    ['severity=page', 'alertname=RedisDown', 'page'],
    ['severity=critical', 'alertname=RefreshTokenReuse', 'slack'],
    ['severity=ticket', 'alertname=TelemetryDropping', 'email'],
    ['severity=warning', 'alertname=CmsSlow', 'webhook'],
    ['severity=none', 'alertname=Watchdog', 'watchdog'],
  ])('sends %s %s to %s', async (severity, alertname, receiver) => {
    const routed = await runProgram('amtool', [
      'config',
      'routes',
      'test',
      `--config.file=${configuration()}`,
      severity,
      alertname,
    ]);
    expect(routed.output.trim().split('\n').at(-1)).toBe(receiver);
  });
});

describe('systemd', () => {
  const units = filesOf('ops/systemd').filter((file) => file.endsWith('.service'));

  it.each(units)('%s is hardened: an exposure of 2.0 at the most', async (unit) => {
    const scored = await runProgram('systemd-analyze', [
      'security',
      '--offline=true',
      '--threshold=20',
      join('ops/systemd', unit),
    ]);
    expect(scored.output).toMatch(/Overall exposure level for .*: [01]\.\d/);
    expect(scored.exitCode).toBe(0);
  });

  it.each(units)('%s has no word that systemd does not know', async (unit) => {
    // The program is not installed where tests run: whether it is there is the one thing that is not looked at.
    const file = join(folder, unit);
    writeFileSync(file, read('ops/systemd', unit).replace('/usr/bin/node', process.execPath));
    const verified = await runProgram('systemd-analyze', ['verify', '--man=no', file]);
    expect(
      verified.output.split('\n').filter((line) => line.includes(unit) && /unknown|invalid|failed/i.test(line)),
    ).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  let services: readonly { readonly name: string; readonly text: string }[];
  beforeAll(async () => {
    const profiles = ['observability', 'logging', 'sandbox'].flatMap((name) => ['--profile', name]);
    const { exitCode, output } = await runProgram('docker-compose', [...profiles, 'config']);
    expect(exitCode).toBe(0);
    services = output
      .slice(output.indexOf('services:'), output.indexOf('\nvolumes:'))
      .split(/\n {2}(?=\S)/)
      .slice(1)
      .map((text) => ({ name: text.slice(0, text.indexOf(':')), text }));
  });

  it('starts server, worker and Redis; everything else is a matter of profiles', () => {
    const always = services.filter(({ text }) => !text.includes('profiles:')).map(({ name }) => name);
    expect(always.sort()).toEqual(['redis', 'server', 'worker']);
    expect(services.length).toBeGreaterThanOrEqual(12);
  });

  it.each([
    ['sandbox', ['sandbox']],
    [
      'observability',
      ['alertmanager', 'grafana', 'node-exporter', 'otel-collector', 'prometheus', 'redis-exporter', 'tempo'],
    ],
    ['logging', ['elasticsearch', 'fluent-bit', 'index-template']],
  ])('starts with the profile %s what belongs to it, which needs nothing of another', (profile, more) => {
    const { services: all } = parse(read('docker-compose.yml'), { merge: true }) as {
      readonly services: Readonly<
        Record<string, { readonly profiles?: readonly string[]; readonly depends_on?: object }>
      >;
    };
    const started = Object.entries(all).filter(([, { profiles }]) => profiles?.includes(profile) ?? true);
    const names = started.map(([name]) => name);
    expect(names.toSorted()).toEqual([...more, 'redis', 'server', 'worker'].toSorted());
    for (const [name, { depends_on: needed = {} }] of started)
      expect(names, name).toEqual(expect.arrayContaining(Object.keys(needed)));
  });

  it('pins every image, bounds every service, and hands secrets over as files only', () => {
    for (const { text } of services) {
      expect(text).toMatch(/image: \S+:(?!latest)\S+/);
      expect(text).toMatch(/mem_limit: /);
      expect(text).toMatch(/max-size/);
      expect(text).not.toMatch(/(SECRET|PASSWORD|REDIS_URL|ENCRYPTION_KEY): \S/);
    }
  });

  it('asks every service for its health, or says why it cannot be asked', () => {
    const source = read('docker-compose.yml');
    for (const { name } of services) {
      const own = source.slice(source.indexOf(`\n  ${name}:\n`) + 1).split(/\n {2}(?=\S)/)[0];
      expect(own, name).toMatch(/healthcheck:/);
    }
  });

  it('mounts only files of this project that there are', () => {
    const mounted = services.flatMap(({ text }) =>
      [...text.matchAll(/- (\/\S+):\/\S+:ro$/gm)].map(([, path = '']) => path),
    );
    const own = mounted.filter((path) => path.startsWith(`${projectRoot}/`));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('shell scripts', () => {
  it('pass shellcheck', async () => {
    const tracked = await runProgram('git', ['ls-files', '*.sh', '.ci/run']);
    const scripts = tracked.output.trim().split('\n');
    expect(scripts).toContain('ops/compose/make-secrets.sh');
    const checked = await runProgram('shellcheck', scripts);
    expect(checked).toEqual({ exitCode: 0, output: '' });
  });

  it('make secrets once: running again changes none, and nobody else can look into the folder', async () => {
    const secrets = join(folder, 'secrets');
    const first = await runProgram('ops/compose/make-secrets.sh', [secrets]);
    expect(first.exitCode).toBe(0);
    const texts = () =>
      Object.fromEntries(readdirSync(secrets).map((name) => [name, readFileSync(join(secrets, name), 'utf8')]));
    const made = texts();
    const compose = read('docker-compose.yml');
    expect(Object.keys(made).sort()).toEqual(
      [...compose.matchAll(/file: \.\/secrets\/(\w+)/g)].map(([, name]) => name).sort(),
    );
    expect(made['redis_url']).toContain(made['redis_password']);
    expect(Buffer.from(made['token_encryption_key'] ?? '', 'base64')).toHaveLength(32);
    await runProgram('ops/compose/make-secrets.sh', [secrets]);
    expect(texts()).toEqual(made);
    expect((await runProgram('stat', ['-c', '%a', secrets])).output.trim()).toBe('700');
  });
});
