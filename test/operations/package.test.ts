import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runProgram } from '../support/programs.ts';
import { projectRoot } from '../support/source-tree.ts';

const json = (path: string) =>
  JSON.parse(readFileSync(join(projectRoot, path), 'utf8')) as Readonly<Record<string, unknown>>;
const facts = json('package.json');

/** The Node of the tests comes first: the machine's may be too old for the package. */
const env = { PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
const withTools = { PATH: `${join(projectRoot, 'node_modules/.bin')}${delimiter}${env.PATH}` };
let folder: string;
/** Where somebody has installed the package as it is published. */
let installed: string;
let packed: { readonly filename: string; readonly files: readonly { readonly path: string }[] };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'igx-package-'));
  installed = join(folder, 'installed');
  mkdirSync(installed);
  const made = await runProgram('npm', ['pack', '--json', '--pack-destination', folder], { env });
  expect(made.exitCode, made.output).toBe(0);
  [packed] = JSON.parse(made.output.slice(made.output.indexOf('['))) as [typeof packed];
  const options = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'];
  const added = await runProgram('npm', ['install', ...options, join(folder, packed.filename)], {
    cwd: installed,
    env,
  });
  expect(added.exitCode, added.output).toBe(0);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What an entry of the MCP registry for a package may hold, as the registry's schema of 2025-12-11 says; of that, what
 * this server uses. The registry itself lets unknown fields pass: here they are mistakes.
 */
const exactVersion = z
  .string()
  .min(1)
  .max(255)
  .regex(/^(?!latest$)[^^~<>=*x\s]+$/);
const input = {
  description: z.string().optional(),
  format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  default: z.string().optional(),
  placeholder: z.string().optional(),
  value: z.string().optional(),
};
const argument = z.discriminatedUnion('type', [
  z.strictObject({ ...input, type: z.literal('named'), name: z.string() }),
  z
    .strictObject({ ...input, type: z.literal('positional'), valueHint: z.string().optional() })
    .refine(({ value, valueHint }) => value !== undefined || valueHint !== undefined),
]);
const registryEntry = z.strictObject({
  $schema: z.url(),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100).optional(),
  description: z.string().min(1).max(100),
  version: exactVersion,
  packages: z.array(
    z.strictObject({
      registryType: z.string(),
      identifier: z.string(),
      version: exactVersion.optional(),
      runtimeHint: z.string().optional(),
      transport: z.strictObject({ type: z.literal('stdio') }),
      packageArguments: z.array(argument).optional(),
      environmentVariables: z.array(z.strictObject({ ...input, name: z.string() })).optional(),
    }),
  ),
});

describe('the npm package', () => {
  it('holds what it needs to run, and nothing of the workshop', () => {
    const paths = packed.files.map(({ path }) => path);
    for (const needed of [
      'dist/main.js',
      'dist/sandbox/main.js',
      'LICENSE',
      'README.md',
      '.env.example',
      'package.json',
    ]) {
      expect(paths).toContain(needed);
    }
    expect(
      paths.filter((path) => /^(src|test|docs|sandbox|benchmarks|node_modules)\/|^\.env$|\.test\./.test(path)),
    ).toEqual([]);
  });

  it('starts from an empty folder with npx', async () => {
    const asked = await runProgram('npx', ['--no-install', 'ingeniux-cms-mcp', '--version'], { cwd: installed, env });
    expect(asked).toEqual({ exitCode: 0, output: `${String(facts['version'])}\n` });
  });

  it('tries a recovery', async () => {
    const script = join(installed, 'node_modules', String(facts['name']), 'scripts/test-recovery.sh');
    const tried = await runProgram(script, ['--grants', '50', '--no-mark'], { cwd: installed, env });
    expect(tried.output).toMatch(/RTO: [\d.]+ s/);
    expect(tried.exitCode).toBe(0);
  }, 120_000);

  it('serves a client over stdio, with the sandbox CMS inside', async () => {
    const data = join(folder, 'data');
    expect(await listTools('npx', ['--no-install', 'ingeniux-cms-mcp', 'stdio'], installed, data)).toContain(
      'get_content',
    );
  });
});

describe('the bundle for desktop hosts', () => {
  const manifest = json('ops/mcpb/manifest.json') as unknown as Manifest;

  it('keeps to its format, as the tool of the format says', async () => {
    const validate = (path: string) => runProgram('mcpb', ['validate', path], { env: withTools });
    const valid = await validate(join(projectRoot, 'ops/mcpb/manifest.json'));
    expect(valid, valid.output).toMatchObject({ exitCode: 0 });
    const spoiled = join(folder, 'manifest.json');
    writeFileSync(spoiled, JSON.stringify({ ...manifest, colour: 'red' }));
    expect(await validate(spoiled)).toMatchObject({ exitCode: 1, output: expect.stringContaining('colour') });
  });

  it('asks for what the server needs, and hands over what it asked for', () => {
    expect(manifest).toMatchObject({ name: facts['name'], version: facts['version'], license: facts['license'] });
    expect(manifest.compatibility.runtimes.node).toBe((facts['engines'] as { node: string }).node);
    // Each field of the form is used, and each that is used is in the form.
    const used = JSON.stringify(manifest.server).matchAll(/\$\{user_config\.(\w+)\}/g);
    expect([...used].map(([, name]) => name).toSorted()).toEqual(Object.keys(manifest.user_config).toSorted());
    expect(manifest.user_config['oauth_client_secret']).toMatchObject({ sensitive: true });
  });

  it('is one file from which the server starts', async () => {
    const file = join(folder, 'bundle.mcpb');
    const made = await runProgram(process.execPath, [join(projectRoot, 'scripts/mcpb.mjs'), file, installed], { env });
    expect(made.exitCode, made.output).toBe(0);
    const unpacked = join(folder, 'unpacked');
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(file)))) {
      mkdirSync(dirname(join(unpacked, path)), { recursive: true });
      writeFileSync(join(unpacked, path), bytes);
    }
    expect(JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8'))).toEqual(manifest);
    const args = manifest.server.mcp_config.args.map((text) => text.replace(/^\$\{__dirname\}/, unpacked));
    expect(args[0]).toBe(join(unpacked, manifest.server.entry_point));
    expect(await listTools(process.execPath, args, unpacked, join(folder, 'bundle-data'))).toContain('get_content');
  });
});

describe('the entry for the MCP registry', () => {
  const entry = registryEntry.parse(json('server.json'));

  it('keeps to the form of the registry, and uses no field that the form does not know', () => {
    // The form has dates for versions; an entry names the one that it was written for.
    expect(entry.$schema).toBe('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json');
    const refused: readonly ((form: Record<string, unknown>) => void)[] = [
      (form) => delete form['name'],
      (form) => (form['name'] = 'without-a-namespace'),
      (form) => (form['description'] = 'x'.repeat(101)),
      (form) => (form['status'] = 'active'),
      (form) => (form['version'] = '^1.0.0'),
      (form) => (form['packages'] = [{ registryType: 'npm', identifier: 'x' }]),
      (form) => (form['packages'] = [{ ...entry.packages[0], packageArguments: [{ type: 'positional' }] }]),
    ];
    for (const spoil of refused) {
      const form = { ...json('server.json') };
      spoil(form);
      expect(registryEntry.safeParse(form).success, String(spoil)).toBe(false);
    }
  });

  it('names the package that is published, in its version', () => {
    // The registry reads `mcpName` of the published package as the proof that the entry is its owner's.
    expect(entry.name).toBe(facts['mcpName']);
    expect(entry.version).toBe(facts['version']);
    expect(entry.packages).toHaveLength(1);
    expect(entry.packages[0]).toMatchObject({
      registryType: 'npm',
      identifier: facts['name'],
      version: facts['version'],
      transport: { type: 'stdio' },
    });
    const settings = readFileSync(join(projectRoot, '.env.example'), 'utf8');
    for (const { name, isSecret = false } of entry.packages[0]?.environmentVariables ?? []) {
      expect(settings).toContain(`${name}=`);
      expect(isSecret).toBe(name.endsWith('SECRET'));
    }
  });
});

describe('what is passed on with it', () => {
  interface Component {
    readonly name: string;
    readonly version: string;
    readonly licenses?: readonly {
      readonly license?: { readonly id?: string; readonly name?: string };
      readonly expression?: string;
    }[];
  }
  /** May be passed on under the product's own licence, with their notices. */
  const allowed = new Set([
    'MIT',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    '0BSD',
    'BlueOak-1.0.0',
    'Python-2.0',
    'Unlicense',
    'CC0-1.0',
  ]);
  let components: readonly Component[];

  beforeAll(async () => {
    const made = await runProgram(process.execPath, [join(projectRoot, 'scripts/sbom.mjs')], { env });
    expect(made.exitCode, made.output.slice(-2000)).toBe(0);
    const bill = JSON.parse(made.output.slice(made.output.indexOf('{\n'))) as {
      readonly bomFormat: string;
      readonly components: readonly Component[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    components = bill.components;
  });

  it('is all in the bill of materials, and no tool of development is', () => {
    const names = new Set(components.map(({ name }) => name));
    for (const name of Object.keys(facts['dependencies'] as object)) expect(names).toContain(name);
    for (const name of ['vitest', 'typescript', 'pm2']) expect(names).not.toContain(name);
  });

  it('runs no script of its own at installation, but one that builds what is not needed', () => {
    const { packages } = json('package-lock.json') as unknown as {
      readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly hasInstallScript?: boolean }>>;
    };
    const scripted = Object.entries(packages).filter(([, { dev, hasInstallScript }]) => hasInstallScript && !dev);
    // The first is this package: it looks for a Node that is new enough. The other is optional.
    expect(scripted.map(([path]) => path)).toEqual(['', 'node_modules/msgpackr-extract']);
  });

  it('is under licences that allow it', () => {
    const others = components.flatMap(({ name, version, licenses = [] }) => {
      const ids = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '');
      const isAllowed =
        ids.length > 0 &&
        ids.every((id) =>
          id
            .replace(/[()]/g, '')
            .split(' OR ')
            .some((one) => allowed.has(one)),
        );
      return isAllowed ? [] : [`${name}@${version}: ${ids.join(', ') || 'none'}`];
    });
    expect(others).toEqual([]);
  });
});

interface Manifest {
  readonly server: {
    readonly entry_point: string;
    readonly mcp_config: { readonly command: string; readonly args: readonly string[] };
  };
  readonly user_config: Readonly<Record<string, object>>;
  readonly compatibility: { readonly runtimes: { readonly node: string } };
}

/** The tools that a program offers over its standard input and output. */
async function listTools(
  command: string,
  args: readonly string[],
  cwd: string,
  data: string,
): Promise<readonly string[]> {
  const client = new Client({ name: 'package-test', version: '1.0.0' });
  const settings = { ...env, HOME: folder, DATA_DIR: data, SANDBOX_PORT: '0', LOG_LEVEL: 'warn' };
  await client.connect(new StdioClientTransport({ command, args: [...args], cwd, env: settings, stderr: 'ignore' }));
  try {
    return (await client.listTools()).tools.map(({ name }) => name);
  } finally {
    await client.close();
  }
}
