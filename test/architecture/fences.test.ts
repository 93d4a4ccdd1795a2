import { describe, expect, it } from 'vitest';
import { packageName, readModules, type SourceModule } from '../support/source-tree.ts';

/**
 * Who may import what. The most specific folder decides. `folders` are prefixes from the root; `packages` are npm
 * packages, and `node:` stands for all of Node's own modules. A module may always import from its own folder.
 */
const fences: readonly Fence[] = [
  { folder: 'src/domain/', folders: ['src/domain/'], packages: [], why: 'the domain knows nothing of the world' },
  {
    folder: 'src/application/',
    folders: ['src/domain/', 'src/application/'],
    packages: ['zod', 'diff'],
    why: 'what the product does needs ports, schemas and a pure text diff; everything else is an adapter',
  },
  {
    folder: 'src/adapters/inbound/mcp/',
    folders: ['src/domain/', 'src/application/'],
    packages: ['@modelcontextprotocol/server', '@modelcontextprotocol/node', 'express', 'zod', 'node:'],
    why: 'the MCP door speaks MCP over Express and calls the application',
  },
  {
    folder: 'src/adapters/inbound/http/',
    folders: ['src/domain/', 'src/application/'],
    packages: ['express', 'node:'],
    why: 'plain HTTP doors',
  },
  {
    folder: 'src/adapters/inbound/http/oauth/',
    folders: ['src/domain/', 'src/application/', 'src/adapters/inbound/http/'],
    packages: ['express', 'oidc-provider', 'node:'],
    why: 'the authorization server and its pages',
  },
  {
    folder: 'src/adapters/inbound/jobs/',
    folders: ['src/domain/', 'src/application/'],
    packages: [],
    why: 'the queue door takes jobs and calls the application',
  },
  {
    folder: 'src/adapters/outbound/ingeniux/',
    folders: ['src/domain/'],
    packages: ['undici', 'opossum', 'stemmer', 'zod', 'node:'],
    why: 'the driver of the CMS; never application, never another adapter',
  },
  {
    folder: 'src/adapters/outbound/oidc/',
    folders: ['src/domain/'],
    packages: ['openid-client', 'zod'],
    why: 'signing in at the identity provider of the organisation',
  },
  {
    folder: 'src/adapters/outbound/sqlite/',
    folders: ['src/domain/'],
    packages: ['node:'],
    why: 'the embedded driver',
  },
  {
    folder: 'src/adapters/outbound/redis/',
    folders: ['src/domain/'],
    packages: ['ioredis', 'bullmq', 'lru-cache', 'node:'],
    why: 'the Redis driver',
  },
  {
    folder: 'src/adapters/outbound/memory/',
    folders: ['src/domain/'],
    packages: ['lru-cache'],
    why: 'what lives in one process',
  },
  {
    folder: 'src/adapters/outbound/node/',
    folders: ['src/domain/'],
    packages: ['turndown', 'cron-parser', 'node:'],
    why: 'time, chance and text',
  },
  {
    folder: 'src/adapters/outbound/s3/',
    folders: ['src/domain/'],
    packages: ['s3mini', 'node:'],
    why: 'backups in a bucket',
  },
  {
    folder: 'src/infrastructure/',
    folders: ['src/domain/', 'src/application/', 'src/adapters/', 'src/infrastructure/'],
    packages: ['express', 'pino', 'zod', 'commander', '@bull-board/api', '@bull-board/express', 'node:'],
    why: 'the machine room wires everything; inversify stays in its di folder',
  },
  {
    folder: 'src/infrastructure/telemetry/',
    folders: ['src/domain/', 'src/application/', 'src/adapters/', 'src/infrastructure/'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/core',
      '@opentelemetry/exporter-prometheus',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-metrics',
      '@opentelemetry/sdk-trace',
      'express',
      'node:',
    ],
    why: 'the only place that knows OpenTelemetry: everything else is instrumented from outside',
  },
  {
    folder: 'src/infrastructure/di/',
    folders: ['src/domain/', 'src/application/', 'src/adapters/', 'src/infrastructure/'],
    packages: ['inversify', 'pino', 'node:'],
    why: 'the only place that knows the container',
  },
  {
    folder: 'src/main.ts',
    folders: ['src/infrastructure/cli/'],
    packages: ['node:'],
    why: 'the entry only starts the command line',
  },
  {
    folder: 'sandbox/',
    folders: ['sandbox/'],
    packages: ['fflate', 'jose', 'node:', 'zod'],
    why: 'a simulator that shared our code would share our mistakes',
  },
];

interface Fence {
  readonly folder: string;
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  readonly why: string;
}

const modules = readModules('src', 'sandbox');
const byPath = new Map(modules.map((module) => [module.path, module]));

describe('import fences', () => {
  it('sees the source tree', () => {
    expect(modules.length).toBeGreaterThan(100);
    expect(modules.flatMap((module) => module.imports).length).toBeGreaterThan(300);
  });

  it('every folder of code has a fence', () => {
    expect(modules.filter((module) => fenceOf(module.path) === undefined).map((module) => module.path)).toEqual([]);
  });

  it('no module imports over its fence', () => {
    expect(modules.flatMap(violations)).toEqual([]);
  });

  it('refuses what it should: a fence that lets everything through proves nothing', () => {
    const probe = (path: string, ...imports: string[]) => violations({ path, text: '', imports });
    expect(probe('src/domain/model/probe.ts', 'zod', 'node:fs', 'src/application/call.ts')).toHaveLength(3);
    expect(probe('src/application/probe.ts', 'pino', 'src/adapters/outbound/node/clock.ts')).toHaveLength(2);
    expect(probe('src/adapters/outbound/redis/probe.ts', 'src/adapters/outbound/sqlite/database.ts')).toHaveLength(1);
    expect(probe('src/infrastructure/http/probe.ts', 'inversify')).toHaveLength(1);
    expect(probe('sandbox/probe.ts', 'src/domain/errors.ts')).toHaveLength(1);
  });

  it('every source file is reachable from a program', () => {
    // The product, and the recovery test, which is started by scripts/test-recovery.sh.
    const reached = new Set(
      ['src/main.ts', 'src/infrastructure/recovery/drill.ts'].flatMap((path) => [...reach(path)]),
    );
    const dead = modules.filter((module) => module.path.startsWith('src/') && !reached.has(module.path));
    expect(dead.map((module) => module.path)).toEqual([]);
  });

  it('there are no import cycles', () => {
    expect(modules.flatMap((module) => cycleFrom(module.path))).toEqual([]);
  });
});

function fenceOf(path: string): Fence | undefined {
  return fences.filter((fence) => path.startsWith(fence.folder)).sort((a, b) => b.folder.length - a.folder.length)[0];
}

function violations(module: SourceModule): string[] {
  const fence = fenceOf(module.path);
  if (fence === undefined) return [];
  return module.imports
    .filter((target) => !allows(fence, target))
    .map((target) => `${module.path} imports ${target}: ${fence.why}`);
}

function allows(fence: Fence, target: string): boolean {
  if (target.startsWith('src/') || target.startsWith('sandbox/')) {
    return target.startsWith(fence.folder) || fence.folders.some((folder) => target.startsWith(folder));
  }
  if (target === 'package.json') return fence.folder.startsWith('src/infrastructure/');
  const name = target.startsWith('node:') ? 'node:' : packageName(target);
  return fence.packages.includes(name);
}

function reach(start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    waiting.push(...(byPath.get(path)?.imports ?? []).filter((target) => byPath.has(target)));
  }
  return seen;
}

/** The cycle that begins and ends at this module, reported once: at its alphabetically first member. */
function cycleFrom(start: string): string[] {
  const paths: string[][] = [[start]];
  const seen = new Set<string>();
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    const last = path.at(-1) ?? start;
    for (const target of byPath.get(last)?.imports ?? []) {
      if (target === start) return [...path].sort()[0] === start ? [[...path, start].join(' → ')] : [];
      if (byPath.has(target) && !seen.has(target)) {
        seen.add(target);
        paths.push([...path, target]);
      }
    }
  }
  return [];
}
