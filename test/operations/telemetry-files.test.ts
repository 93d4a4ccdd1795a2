import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../support/source-tree.ts';

// The collector, Tempo and Grafana cannot be run where the tests are: what is written for them is held against itself.
const yaml = <T>(path: string): T => parse(readFileSync(join(projectRoot, path), 'utf8')) as T;

interface Collector {
  readonly receivers: Readonly<Record<string, { readonly protocols: Readonly<Record<string, { endpoint: string }>> }>>;
  readonly processors: Readonly<Record<string, { readonly blocked_values?: readonly string[] }>>;
  readonly exporters: Readonly<Record<string, { readonly endpoint?: string }>>;
  readonly extensions: Readonly<Record<string, object>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Readonly<Record<Part, readonly string[]>>>>;
  };
}
const parts = ['receivers', 'processors', 'exporters'] as const;
type Part = (typeof parts)[number];

interface Compose {
  readonly services: Readonly<Record<string, { readonly volumes?: readonly string[] }>>;
}

describe('the collector', () => {
  const collector = yaml<Collector>('otel-collector.yaml');
  const pipelines = Object.values(collector.service.pipelines);

  it.each(parts)('uses the %s that are defined, each of them, and no others', (part) => {
    const used = new Set(pipelines.flatMap((pipeline) => pipeline[part]));
    expect([...used].toSorted()).toEqual(Object.keys(collector[part]).toSorted());
  });

  it('starts the extensions that are defined', () => {
    expect(collector.service.extensions).toEqual(Object.keys(collector.extensions));
  });

  it('bounds its memory before all else and batches after all else', () => {
    for (const { processors } of pipelines) {
      expect(processors[0]).toBe('memory_limiter');
      expect(processors.at(-1)).toBe('batch');
    }
  });

  it('takes secrets out of whatever may hold words of callers, before it is batched', () => {
    for (const name of ['traces', 'logs']) {
      expect(collector.service.pipelines[name]?.processors).toEqual(
        expect.arrayContaining(['attributes/redact', 'redaction/secrets']),
      );
    }
  });

  const patterns = (collector.processors['redaction/secrets']?.blocked_values ?? []).map((text) =>
    // Go writes flags into the pattern.
    text.startsWith('(?i)') ? new RegExp(text.slice(4), 'i') : new RegExp(text),
  );
  const isBlocked = (text: string) => patterns.some((pattern) => pattern.test(text));

  it.each([
    ['an access token', `igx_${'a1B2-_c3'.repeat(4)}`],
    ['a bearer header', 'Authorization: bEaReR abcdefghijklmnop.qrst'],
    ['a JSON Web Token', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'],
    ['a password in an address', 'redis://user:hunter2@redis.example.edu:6379/0'],
    ['a password without a user', 'redis://:hunter2@redis:6379'],
  ])('blocks %s', (_what, text) => {
    expect(isBlocked(`before ${text} after`)).toBe(true);
  });

  it.each([
    'https://cms.example.edu/site/page?x=1',
    'tools/call get_content',
    'req_lkIWXyV8ia6Mr6sJfw3dPA',
    'ada@example.edu',
  ])('lets %s through', (text) => {
    expect(isBlocked(text)).toBe(false);
  });
});

describe('where telemetry goes', () => {
  const collector = yaml<Collector>('otel-collector.yaml');
  const compose = yaml<Compose>('docker-compose.yml');
  const tempo = yaml<{
    readonly server: { readonly http_listen_port: number };
    readonly distributor: { readonly receivers: Collector['receivers'] };
  }>('ops/tempo/tempo.yaml');
  const { datasources } = yaml<{
    readonly datasources: readonly { readonly uid: string; readonly url: string; readonly jsonData: object }[];
  }>('ops/grafana/provisioning/datasources/datasources.yaml');

  it('is a service of the compose file, at a port that it listens on', () => {
    const [service = '', port] = collector.exporters['otlp/tempo']?.endpoint?.split(':') ?? [];
    expect(Object.keys(compose.services)).toContain(service);
    expect(tempo.distributor.receivers['otlp']?.protocols['grpc']?.endpoint.split(':')[1]).toBe(port);
    for (const { url } of datasources) expect(Object.keys(compose.services)).toContain(new URL(url).hostname);
    expect(datasources.find(({ uid }) => uid === 'tempo')?.url).toBe(`http://tempo:${tempo.server.http_listen_port}`);
  });

  it('is linked by data sources that there are', () => {
    const uids = datasources.map(({ uid }) => uid);
    const named = [...JSON.stringify(datasources).matchAll(/"datasourceUid":"(\w+)"/g)].map(([, uid]) => uid);
    expect(named.length).toBeGreaterThan(0);
    for (const uid of named) expect(uids).toContain(uid);
  });

  it('is shown by dashboards from the folder that Grafana is given', () => {
    const { providers } = yaml<{ readonly providers: readonly { readonly options: { readonly path: string } }[] }>(
      'ops/grafana/provisioning/dashboards/dashboards.yaml',
    );
    const mounted = compose.services['grafana']?.volumes?.map((volume) => volume.split(':')) ?? [];
    for (const { options } of providers) {
      const [source = ''] = mounted.find(([, target]) => target === options.path) ?? [];
      const dashboards = readdirSync(join(projectRoot, source)).filter((file) => file.endsWith('.json'));
      expect(dashboards.length).toBeGreaterThan(0);
      const titles = dashboards.map((file) => yaml<{ readonly title: string }>(join(source, file)).title);
      expect(new Set(titles).size).toBe(dashboards.length);
    }
  });
});
