import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { poll } from '../support/poll.ts';
import { type RunningProgram, startProgram } from '../support/programs.ts';
import { projectRoot } from '../support/source-tree.ts';

interface Notification {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Record<string, string>; readonly annotations: Record<string, string> }[];
}

/**
 * Prometheus and Alertmanager as they are deployed, rules and routing included; only the target is scripted, and the
 * intervals are seconds.
 */
describe('fire drill', () => {
  let folder: string;
  let target: Server;
  let webhook: Server;
  let isBreakerOpen = true;
  const received: Notification[] = [];
  const running: RunningProgram[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'igx-drill-'));
    target = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/plain; version=0.0.4');
      response.end(
        `# TYPE circuit_breaker_state gauge\ncircuit_breaker_state{breaker="read"} ${isBreakerOpen ? 2 : 0}\n# TYPE build_info gauge\nbuild_info{version="1"} 1\n`,
      );
    });
    webhook = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Notification);
        response.end();
      });
    });
    const targetPort = await listen(target);
    const webhookPort = await listen(webhook);
    const alertmanagerPort = await freePort();
    const prometheusPort = await freePort();
    const rules = join(folder, 'cms.yml');
    writeFileSync(
      rules,
      readFileSync(join(projectRoot, 'ops/prometheus/rules/cms.yml'), 'utf8').replace(/for: \d+m/g, 'for: 1s'),
    );
    writeFileSync(
      join(folder, 'alertmanager.yml'),
      readFileSync(join(projectRoot, 'ops/alertmanager/alertmanager.yml'), 'utf8')
        .replaceAll('url_file: /run/secrets/alert_webhook_url', `url: http://127.0.0.1:${webhookPort}/`)
        // Slack and e-mail are not reached from a test; the webhook hears of every severity.
        .replace(/ {4}slack_configs: &slack[\s\S]*$/, '  - name: slack\n  - name: email\n')
        .replace(/group_(wait|interval): \d+[ms]/g, 'group_$1: 1s')
        .replaceAll('templates/*.tmpl', join(projectRoot, 'ops/alertmanager/templates/*.tmpl')),
    );
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ['${rules}']
alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:${alertmanagerPort}'] }] }] }
scrape_configs: [{ job_name: mcp, static_configs: [{ targets: ['127.0.0.1:${targetPort}'] }] }]
`,
    );
    running.push(
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
    );
  });

  afterAll(async () => {
    await Promise.all(running.map((program) => program.close()));
    target.close();
    webhook.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const heard = (status: string) =>
    received.find(
      (one) => one.status === status && one.alerts.some(({ labels }) => labels['alertname'] === 'CmsCircuitOpen'),
    );

  it('tells the webhook of an open breaker with words and a runbook, and tells that it is over', async () => {
    const firing = await poll('the alert', () => heard('firing'), { timeoutMs: 60_000 });
    expect(firing.alerts[0]).toMatchObject({
      labels: { severity: 'page' },
      annotations: {
        summary: 'The CMS is not called any more because it fails',
        description: 'The breaker read is open: calls are refused until the CMS answers again.',
        runbook_url: 'docs/runbooks/CmsCircuitOpen.md',
      },
    });
    isBreakerOpen = false;
    expect(await poll('its end', () => heard('resolved'), { timeoutMs: 60_000 })).toBeDefined();
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
