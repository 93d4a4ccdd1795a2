import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../support/free-port.ts';
import { poll } from '../support/poll.ts';
import { type RunningProgram, runProgram, startProgram } from '../support/programs.ts';
import { startServer, temporaryFolder } from '../support/server-process.ts';
import { projectRoot } from '../support/source-tree.ts';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

/** What the bulk call of Elasticsearch was given: documents by the index that they go to. */
interface BulkTarget {
  readonly documents: readonly { readonly index: string; readonly document: Readonly<Record<string, unknown>> }[];
  close(): Promise<void>;
}

/** So many that queues and batches fill several times. */
const linesMin = 10_000;

describe('log lines of a server, shipped by rsyslog as it is configured here', () => {
  const data = temporaryFolder();
  let folder: string;
  let port: number;
  let written: readonly Readonly<Record<string, unknown>>[];
  let shipper: RunningProgram;
  let target: BulkTarget;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'igx-logs-'));
    port = await freePort();
    const file = join(folder, 'rsyslog.conf');
    writeFileSync(file, configuration(folder, port));
    const checked = await runProgram('rsyslogd', ['-N1', '-f', file]);
    expect(checked.exitCode, checked.output).toBe(0);
    // The shipper is there first, and Elasticsearch is not: what comes meanwhile has to wait.
    shipper = startProgram('rsyslogd', ['-n', '-f', file, '-i', join(folder, 'rsyslogd.pid')]);
    const server = await startServer({ DATA_DIR: data.path, LOG_DIR: folder, LOG_LEVEL: 'debug' });
    await askOften(new URL('/nowhere?token=secret', server.url), linesMin);
    await server.close();
    written = readLines(join(folder, 'combined.log'));
    appendFileSync(join(folder, 'combined.log'), 'no JSON at all\n');
    target = await startBulkTarget(port);
  }, 300_000);
  afterAll(async () => {
    await shipper.close();
    await target?.close();
    data.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('arrive all, each once and as it was written, also those of a time when nobody took them', async () => {
    expect(written.length).toBeGreaterThanOrEqual(linesMin);
    await poll('all lines to arrive', () => target.documents.length >= written.length, { timeoutMs: 90_000 }).catch(
      (error: Error) => {
        throw new Error(`${error.message}: ${target.documents.length} of ${written.length}. ${shipper.output()}`);
      },
    );
    const arrived = target.documents.map(({ document: { '@timestamp': timestamp, ...line } }) => {
      expect(timestamp).toBe(line['time']);
      return JSON.stringify(line);
    });
    const sent = written.map((line) => JSON.stringify(line));
    const [arrivedLines, sentLines] = [new Set(arrived), new Set(sent)];
    // A few tell what went wrong; ten thousand do not.
    expect(sent.filter((line) => !arrivedLines.has(line)).slice(0, 3)).toEqual([]);
    expect(arrived.filter((line) => !sentLines.has(line)).slice(0, 3)).toEqual([]);
    expect(arrived).toHaveLength(sent.length);
  });

  it('go to the index of their day, which the template is for', () => {
    const template = JSON.parse(read('ops/logging/index-template.json')) as IndexTemplate;
    const [pattern = ''] = template.index_patterns;
    for (const { index, document } of target.documents) {
      expect(index).toBe(`mcp-server-logs-${String(document['time']).slice(0, 10).replaceAll('-', '.')}`);
      expect(index.startsWith(pattern.replace(/\*$/, ''))).toBe(true);
    }
  });

  it('fit the mapping of the template: no field of it is read as something else', () => {
    const { properties } = (JSON.parse(read('ops/logging/index-template.json')) as IndexTemplate).template.mappings;
    const misfits = target.documents.flatMap(({ document }) =>
      Object.entries(document).filter(([name, value]) => {
        const type = properties[name]?.type;
        return type !== undefined && !fits[type]?.(value);
      }),
    );
    expect(misfits).toEqual([]);
  });
});

describe('the template', () => {
  it('is handed to Elasticsearch by the command of docker-compose.yml, before Fluent Bit ships a line', async () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      readonly services: Readonly<Record<string, { entrypoint: string[]; command: string[]; depends_on: object }>>;
    };
    const { entrypoint, command } = services['index-template'] ?? { entrypoint: [], command: [] };
    expect(services['fluent-bit']?.depends_on).toEqual({
      'index-template': { condition: 'service_completed_successfully' },
    });
    const asked: unknown[] = [];
    const server = createServer(async (request, response) => {
      asked.push([request.method, request.url, request.headers['content-type'], await json(request)]);
      response.end('{"acknowledged":true}');
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const [program = '', ...args] = [...entrypoint, ...command].map((word) =>
      word
        .replace('http://elasticsearch:9200', `http://127.0.0.1:${port}`)
        .replace('@/index-template.json', `@${join(projectRoot, 'ops/logging/index-template.json')}`),
    );
    const put = await runProgram(program, args);
    server.close();
    expect(put, put.output).toMatchObject({ exitCode: 0 });
    const template = JSON.parse(read('ops/logging/index-template.json')) as object;
    expect(asked).toEqual([['PUT', '/_index_template/mcp-server-logs', 'application/json', template]]);
  });
});

interface IndexTemplate {
  readonly index_patterns: readonly string[];
  readonly template: {
    readonly mappings: { readonly properties: Readonly<Record<string, { readonly type?: string }>> };
  };
}

/** What Elasticsearch would index under a type, or refuse the document. */
const fits: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  float: (value) => typeof value === 'number',
  date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

// Neither can be run here: what they say is compared with what rsyslog was seen to do.
describe('Fluent Bit and Fluentd', () => {
  const fluentBit = read('ops/logging/fluent-bit.yaml');
  const fluentd = read('ops/logging/fluentd.conf');

  it('name the same indices as rsyslog, by the day', () => {
    expect(fluentBit).toMatch(/logstash_format: on\n\s+logstash_prefix: mcp-server-logs\n/);
    expect(fluentd).toMatch(/logstash_format true\n\s+logstash_prefix mcp-server-logs\n/);
    expect(read('ops/logging/rsyslog.conf')).toContain('constant(value="mcp-server-logs-")');
  });

  it('throw nothing away while Elasticsearch is away', () => {
    expect(fluentBit).toMatch(/storage\.type: filesystem/);
    expect(fluentBit).toMatch(/retry_limit: no_limits/);
    expect(fluentd).toMatch(/<buffer>\n\s+@type file/);
    expect(fluentd).toMatch(/retry_forever true[\s\S]*overflow_action block/);
  });

  it('read the time as the server writes it', () => {
    const format = /parsers:[\s\S]*name: mcp\n\s+format: json\n\s+time_key: time\n\s+time_format: '(.+)'/.exec(
      fluentBit,
    );
    expect(format?.[1]).toBe('%Y-%m-%dT%H:%M:%S.%LZ');
    expect(fluentd).toMatch(/time_key time\n\s+time_type string\n\s+time_format %Y-%m-%dT%H:%M:%S\.%L%z/);
  });

  it('is well-formed: every parser that is used is defined, every tag is taken', () => {
    const defined = [...fluentBit.matchAll(/^ {2}- name: (\w+)\n {4}format:/gm)].map(([, name]) => name);
    const used = [...fluentBit.matchAll(/^ {6}parser: (\w+)$/gm)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(0);
    expect(new Set(used)).toEqual(new Set(defined));
    expect(fluentBit).not.toContain('\t');
    const opened = [...fluentd.matchAll(/^\s*<(\w+)/gm)].map(([, name]) => name);
    const closed = [...fluentd.matchAll(/^\s*<\/(\w+)>/gm)].map(([, name]) => name);
    expect(opened.toSorted()).toEqual(closed.toSorted());
    expect(/^\s+tag (\S+)$/m.exec(fluentd)?.[1]).toBe(/<match (\S+)>/.exec(fluentd)?.[1]);
  });
});

function configuration(folder: string, port: number): string {
  const shipped = read('ops/logging/rsyslog.conf')
    .replace('/var/log/ingeniux-cms-mcp', folder)
    .replace('serverport="9200"', `serverport="${port}"`);
  return `global(workDirectory="${folder}")\n${shipped}`;
}

function readLines(file: string): Readonly<Record<string, unknown>>[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function askOften(url: URL, times: number): Promise<void> {
  let left = times;
  const ask = async (): Promise<void> => {
    while (left-- > 0) await (await fetch(url)).arrayBuffer();
  };
  await Promise.all(Array.from({ length: 20 }, ask));
}

function startBulkTarget(port: number): Promise<BulkTarget> {
  const documents: { index: string; document: Record<string, unknown> }[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.setHeader('Content-Type', 'application/json');
    if (request.url?.includes('_bulk') !== true) {
      response.end('{}');
      return;
    }
    const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n');
    const items = [];
    for (let at = 0; at < lines.length; at += 2) {
      const { index } = JSON.parse(lines[at] ?? '') as { index: { _index: string } };
      documents.push({ index: index._index, document: JSON.parse(lines[at + 1] ?? '') as Record<string, unknown> });
      items.push({ index: { _index: index._index, status: 201 } });
    }
    response.end(JSON.stringify({ took: 1, errors: false, items }));
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () =>
      resolve({
        documents,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
}
