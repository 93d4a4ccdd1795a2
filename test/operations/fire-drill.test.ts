import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { freePort } from '../support/free-port.ts';
import { metricsPageOf } from '../support/metrics-page.ts';
import { poll } from '../support/poll.ts';
import { type RunningProgram, startProgram } from '../support/programs.ts';
import { runCommand } from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

interface Notification {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Record<string, string>; readonly annotations: Record<string, string> }[];
}

describe('fire drill', () => {
  let target: Server;
  let drill: Drill;
  let isBreakerOpen = true;

  beforeAll(async () => {
    target = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end(
        `# TYPE circuit_breaker_state gauge\ncircuit_breaker_state{breaker="read"} ${isBreakerOpen ? 2 : 0}\n# TYPE build_info gauge\nbuild_info{version="1"} 1\n`,
      );
    });
    drill = await openDrill(['cms.yml'], `127.0.0.1:${await listen(target)}`);
  });
  afterAll(async () => {
    await drill?.close();
    target.close();
  });

  it('tells the webhook of an open breaker with words and a runbook, and tells that it is over', async () => {
    expect(await drill.heard('CmsCircuitOpen', 'firing')).toMatchObject({
      labels: { severity: 'page' },
      annotations: {
        summary: 'The CMS is not called any more because it fails',
        description: 'The breaker read is open: calls are refused until the CMS answers again.',
        runbook_url: 'docs/runbooks/CmsCircuitOpen.md',
      },
    });
    isBreakerOpen = false;
    await drill.heard('CmsCircuitOpen', 'resolved');
  });
});

/** The target is a server as operators run it; what fires is what was really done to it. */
describe('fire drill of an attack', () => {
  let deployment: Deployment;
  let drill: Drill;

  beforeAll(async () => {
    deployment = await openDeployment('embedded', { ANONYMOUS_RATE_LIMIT_RPM: '200' });
    drill = await openDrill(
      ['recording.yml', 'identity.yml'],
      new URL(await metricsPageOf(deployment.server)).host,
      (rules) => rules.replaceAll('[5m]', '[20s]'),
    );
    await poll('a first look at the page', () => drill.knows('authentication_attempts_total'));
  });
  afterAll(async () => {
    await drill?.close();
    await deployment?.close();
  });

  const often = async (count: number, path: string, request: RequestInit): Promise<ReadonlySet<number>> => {
    const statuses = new Set<number>();
    for (let done = 0; done < count; done += 1) {
      const answer = await fetch(`${deployment.url}${path}`, { method: 'POST', ...request });
      await answer.arrayBuffer();
      statuses.add(answer.status);
    }
    return statuses;
  };

  it('tells of guessed secrets, of refused tokens and of what the limits hold back, and when it is over', async () => {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'nobody',
      client_secret: 'guessed',
      code: 'guessed',
      code_verifier: 'v'.repeat(43),
      redirect_uri: 'http://127.0.0.1/',
    });
    expect([...(await often(130, '/oauth/token', { body }))]).toEqual([401]);
    // Beyond what an address may send without a token that is good.
    const guess = { headers: { authorization: `Bearer igx_${'x'.repeat(43)}` } };
    expect([...(await often(300, '/mcp', guess))].toSorted()).toEqual([401, 429]);
    for (const [alert, severity] of [
      ['CredentialStuffing', 'critical'],
      ['AuthenticationFailures', 'critical'],
      ['RateLimitSpike', 'warning'],
    ] as const) {
      expect((await drill.heard(alert, 'firing')).labels, alert).toMatchObject({ severity });
    }
    await drill.heard('CredentialStuffing', 'resolved');
  });

  it('tells of a lockdown, and that it was lifted', async () => {
    expect((await runCommand(['lockdown', 'on', '--reason', 'A drill'], deployment.settings)).exitCode).toBe(0);
    expect((await drill.heard('LockdownActive', 'firing')).annotations).toMatchObject({
      summary: 'Nothing is written to the CMS',
    });
    expect((await runCommand(['lockdown', 'off'], deployment.settings)).exitCode).toBe(0);
    await drill.heard('LockdownActive', 'resolved');
  });
});

/** Prometheus and Alertmanager as they are deployed, rules and routing included; only the intervals are seconds. */
interface Drill {
  /** The alert that the webhook was told of. */
  heard(alertname: string, status: 'firing' | 'resolved'): Promise<Notification['alerts'][number]>;
  /** Whether Prometheus has read this metric. */
  knows(metric: string): Promise<boolean>;
  close(): Promise<void>;
}

async function openDrill(
  ruleFiles: readonly string[],
  target: string,
  change = (rules: string): string => rules,
): Promise<Drill> {
  const folder = mkdtempSync(join(tmpdir(), 'igx-drill-'));
  const received: Notification[] = [];
  const webhook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Notification);
      response.end();
    });
  });
  const webhookPort = await listen(webhook);
  const alertmanagerPort = await freePort();
  const prometheusPort = await freePort();
  for (const file of ruleFiles) {
    const rules = readFileSync(join(projectRoot, 'ops/prometheus/rules', file), 'utf8');
    writeFileSync(join(folder, basename(file)), change(rules.replace(/for: \d+m/g, 'for: 1s')));
  }
  writeFileSync(
    join(folder, 'alertmanager.yml'),
    readFileSync(join(projectRoot, 'ops/alertmanager/alertmanager.yml'), 'utf8')
      .replaceAll('url_file: /run/secrets/alert_webhook_url', `url: http://127.0.0.1:${webhookPort}/`)
      // Slack and e-mail are not reached from a test; the webhook stands for them.
      .replace(
        / {4}slack_configs: &slack[\s\S]*$/,
        ['slack', 'email']
          .map((name) => `  - name: ${name}\n    webhook_configs: [{ url: 'http://127.0.0.1:${webhookPort}/' }]\n`)
          .join(''),
      )
      .replace(/group_(wait|interval): \d+[ms]/g, 'group_$1: 1s')
      .replaceAll('templates/*.tmpl', join(projectRoot, 'ops/alertmanager/templates/*.tmpl')),
  );
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${ruleFiles.map((file) => `'${join(folder, basename(file))}'`).join(', ')}]
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:${alertmanagerPort}'] }] }] }
scrape_configs: [{ job_name: mcp, static_configs: [{ targets: ['${target}'] }] }]
`,
  );
  const running: readonly RunningProgram[] = [
    startProgram('prometheus-alertmanager', [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
      '--cluster.listen-address=',
    ]),
    startProgram('prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ]),
  ];
  return {
    heard: (alertname, status) =>
      poll(
        `${alertname} ${status}`,
        () =>
          received
            .filter((one) => one.status === status)
            .flatMap(({ alerts }) => alerts)
            .find(({ labels }) => labels['alertname'] === alertname),
        { timeoutMs: 90_000 },
      ),
    knows: async (metric) => {
      const asked = await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/query?query=${metric}`).catch(
        () => undefined,
      );
      return JSON.stringify(await asked?.json().catch(() => undefined))?.includes('"__name__"') ?? false;
    },
    close: async () => {
      await Promise.all(running.map((program) => program.close()));
      webhook.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
