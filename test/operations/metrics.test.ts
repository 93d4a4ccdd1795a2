import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLandmarks } from '../../sandbox/seed.ts';
import { version } from '../../src/infrastructure/version.ts';
import { type Deployment, openDeployment } from '../support/deployment.ts';
import { foreignMetrics, selectors } from '../support/expressions.ts';
import { connectClient } from '../support/mcp-clients.ts';
import { metricsPageOf, scrape } from '../support/metrics-page.ts';
import { poll } from '../support/poll.ts';
import { mcpHeaders, modernRequest, rawHttp, rpc } from '../support/raw-http.ts';
import { runCommand, type ServerProcess } from '../support/server-process.ts';

/** What a scrape of a server and a worker holds after they have worked, against what rules and dashboards ask for. */
describe('the metrics pages of a server and its worker', () => {
  let deployment: Deployment;
  let scrapes: readonly string[];

  beforeAll(async () => {
    deployment = await openDeployment('redis');
    const token = await deployment.token();
    const url = new URL(deployment.mcpUrl);
    for (const kind of ['v2 pinned 2026-07-28', 'v1'] as const) {
      const client = await connectClient(kind, url, token);
      await client.callTool('get_content', { items: ['/admissions/tuition'] });
      await client.callTool('get_job', { job: 'job_of_nobody' });
      const published = await client.callTool('publish_content', {
        items: ['/admissions/tuition'],
        target: 'Production',
      });
      expect(published.isError, published.text).toBe(false);
      await client.close();
    }
    const refused = await fetch(url, { method: 'POST', headers: { authorization: 'Bearer igx_nobody' } });
    expect(refused.status).toBe(401);
    const { tuitionPage } = sandboxLandmarks;
    for (const command of [['backup'], ['backup', 'mark-tested'], ['snapshots', 'take', tuitionPage]]) {
      const done = await runCommand(command, deployment.settings);
      expect(done.exitCode, done.stderr).toBe(0);
    }
    scrapes = await poll(
      'the end of the jobs is measured, and the place of backups asked anew',
      async () => {
        const pages = await Promise.all(processes().map(scrape));
        const isMeasured = /^bullmq_jobs_completed_total\{queue="publishing"\} 2$/m.test(pages[1] ?? '');
        const isAsked = (page: string) =>
          page.includes('\nbackup_restore_test_timestamp_seconds ') &&
          page.includes('\nsnapshot_last_success_timestamp_seconds ');
        return isMeasured && pages.every(isAsked) && pages;
      },
      { timeoutMs: 90_000, everyMs: 500 },
    );
  });
  afterAll(() => deployment.close());

  const processes = (): readonly ServerProcess[] =>
    [deployment.server, deployment.worker].filter((process) => process !== undefined);

  it('are clean to promtool', () => {
    for (const page of scrapes) {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    }
  });

  it('hold every metric and label that rules and dashboards ask for', () => {
    const samples = scrapes
      .join('\n')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const labelsOf = new Map<string, Set<string>>();
    for (const sample of samples) {
      const [, metric = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(sample) ?? [];
      const known = labelsOf.get(metric) ?? new Set();
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
      labelsOf.set(metric, known);
    }
    const asked = selectors().filter(({ metric }) => !foreignMetrics.test(metric));
    expect(asked.length).toBeGreaterThan(80);
    const missing = asked.flatMap(({ where, metric, matchers }) => {
      const labels = labelsOf.get(metric);
      if (labels === undefined) return [`${where}: no ${metric} on the pages`];
      return matchers.flatMap(({ label }) =>
        label === 'job' || label === 'instance' || labels.has(label) ? [] : [`${where}: ${metric} without ${label}`],
      );
    });
    expect(missing).toEqual([]);
  });

  it('count what has happened', () => {
    const [server = '', worker = ''] = scrapes;
    // Sources that run unbuilt know no commit.
    expect(server).toContain(`build_info{version="${version}",commit="",node="${process.versions.node}"} 1\n`);
    for (const line of [
      /^http_request_duration_seconds_count\{method="POST",route="\/mcp",status_code="401"\} [1-9]/m,
      /^mcp_server_operation_duration_seconds_count\{mcp_method_name="tools\/call",gen_ai_tool_name="get_content",error_type="",mcp_protocol_version="2026-07-28"\} 1$/m,
      /^mcp_server_operation_duration_seconds_count\{mcp_method_name="tools\/call",gen_ai_tool_name="get_job",error_type="tool_error",mcp_protocol_version="2025-11-25"\} 1$/m,
      /^mcp_sessions_total\{end_reason="client"\} 1$/m,
      /^authentication_attempts_total\{result="failure",reason="malformed",grant="bearer"\} 1$/m,
      /^circuit_breaker_state\{breaker="read"\} 0$/m,
      /^redis_up 1$/m,
      /^audit_events_total\{action="publish_content",result="ok"\} 2$/m,
      /^cache_requests_total\{result="hit"\} [1-9]/m,
    ]) {
      expect(server).toMatch(line);
    }
    for (const line of [
      /^bullmq_job_wait_seconds_count\{queue="publishing"\} 2$/m,
      /^bullmq_job_duration_seconds_count\{queue="publishing"\} 2$/m,
      /^bullmq_queue_jobs\{queue="publishing",state="waiting"\} 0$/m,
      /^cms_requests_total\{outcome="ok"\} [1-9]/m,
      /^snapshots_kept 1$/m,
      /^snapshot_stored_bytes\{part="list"\} [1-9]/m,
      /^snapshot_stored_bytes\{part="object"\} [1-9]/m,
      /^snapshot_stored_bytes\{part="draft"\} 0$/m,
      /^snapshot_jobs_total\{result="succeeded"\} 1$/m,
      /^snapshot_jobs_total\{result="failed"\} 0$/m,
      /^snapshot_jobs_total\{result="cancelled"\} 0$/m,
    ]) {
      expect(worker).toMatch(line);
    }
  });

  it('hold no user, no client, no item and no session', () => {
    const samples = scrapes
      .join('\n')
      .split('\n')
      .filter((line) => !line.startsWith('#') && !line.startsWith('target_info'));
    const values = samples.flatMap((sample) => [...sample.matchAll(/="([^"]*)"/g)].map(([, value = '']) => value));
    expect(values.length).toBeGreaterThan(100);
    const told = values.filter((value) => /^ada$|igx_|^[ax]\/?\d{2,}|admissions|mcp_\w{20}|job_\w{10}/.test(value));
    expect(told).toEqual([]);
  });

  it('grow by nothing that callers make up', async () => {
    const token = await deployment.token();
    const words = ['canary-alpha', 'canary-beta', 'canary-gamma', 'canary-delta'];
    const seriesOf = (page: string): readonly string[] =>
      page
        .split('\n')
        // A collection of garbage, or what runs in the background, may come for the first time at any moment.
        .filter((line) => line !== '' && !/^(#|nodejs_gc_|redis_command_|cms_request_)/.test(line))
        .map((line) => line.slice(0, line.lastIndexOf(' ')))
        .toSorted();
    const tryOut = async (word: string): Promise<void> => {
      const ask = (method: string, params: Record<string, unknown>, meta: Record<string, unknown> = {}) =>
        fetch(deployment.mcpUrl, modernRequest(token, method, params, meta));
      await ask('tools/call', { name: word, arguments: {} });
      await ask('prompts/get', { name: word });
      await ask('resources/read', { uri: `ingeniux://${word}` });
      await ask(word, {});
      await ask('tools/list', {}, { 'io.modelcontextprotocol/protocolVersion': word });
      await fetch(deployment.mcpUrl, {
        method: 'POST',
        headers: mcpHeaders(token),
        body: rpc('initialize', { protocolVersion: word, capabilities: {}, clientInfo: { name: word, version: word } }),
      });
      await fetch(`${deployment.url}/${word}`);
      await fetch(`${deployment.mcpUrl}/${word}`, { method: 'POST', headers: mcpHeaders(token), body: rpc('ping') });
      await rawHttp(new URL(`${deployment.url}/${word}`), { method: 'PROPFIND' });
      await fetch(`${deployment.url}/oauth/authorize?client_id=${word}`);
      await fetch(`${deployment.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: word, client_id: word, client_secret: word }),
      });
      await fetch(deployment.mcpUrl, { method: 'POST', headers: { authorization: `Bearer ${word}` } });
    };
    const [first = '', ...others] = words;
    await tryOut(first);
    const before = seriesOf(await scrape(deployment.server));
    for (const word of others) await tryOut(word);
    const after = await scrape(deployment.server);
    expect(seriesOf(after)).toEqual(before);
    for (const word of words) expect(after).not.toContain(word);
  });

  it('answer under no name that a foreign web page could have', async () => {
    const page = new URL(await metricsPageOf(deployment.server));
    // Bound to this machine alone, until METRICS_HOST says otherwise.
    expect(page.hostname).toBe('127.0.0.1');
    const asked = async (host: string) => (await rawHttp(page, { headers: { Host: host } })).status;
    expect(await asked('evil.example.org')).toBe(403);
    expect(await asked(`localhost:${page.port}`)).toBe(200);
    expect(await asked('127.0.0.1')).toBe(200);
    expect((await fetch(new URL('/', page))).status).toBe(404);
    expect((await fetch(page, { method: 'POST' })).status).toBe(405);
  });

  it('leave a process alone that finds its port taken', async () => {
    const { port } = new URL(await metricsPageOf(deployment.server));
    const second = await deployment.startWorker({ METRICS_PORT: port });
    await poll('it says so', () => second.stderr.some((line) => line.includes('METRICS_HOST, METRICS_PORT')));
    expect(second.process.exitCode).toBeNull();
  });
});
