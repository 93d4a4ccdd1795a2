import { describe, expect, it } from 'vitest';
import { readModules } from '../support/source-tree.ts';

const modules = readModules('src', 'sandbox', 'test', 'benchmarks', 'scripts');
const source = modules.filter((module) => module.path.startsWith('src/'));

/** Calls that have a better place, with the replacement. `allowed` names the few files whose business they are. */
const banned: readonly { readonly call: RegExp; readonly instead: string; readonly allowed: readonly string[] }[] = [
  { call: /\bDate\.now\(|\bnew Date\(\)/, instead: 'the Clock port', allowed: ['src/adapters/outbound/node/'] },
  {
    call: /\bMath\.random\(/,
    instead: 'the IdSource port or an injected source',
    allowed: ['src/adapters/outbound/node/'],
  },
  {
    call: /\bprocess\.env\b/,
    instead: 'the configuration',
    // The last two start programs, which need what programs need.
    allowed: ['src/infrastructure/config/', 'src/infrastructure/sandbox/', 'src/infrastructure/recovery/'],
  },
  {
    call: /\bprocess\.exit\(/,
    instead: 'returning an exit code to src/main.ts',
    allowed: ['src/main.ts', 'src/infrastructure/lifecycle/tell-crashes.ts'],
  },
  { call: /\bconsole\.\w+\(/, instead: 'the logger', allowed: [] },
  {
    call: /\bmkdir(?:Sync)?\(/,
    instead: 'makeFolder, which ends on every file system',
    allowed: ['src/adapters/outbound/node/make-folder.ts'],
  },
  {
    call: /\bprocess\.stdout\b/,
    instead: 'a command line program or the stdio endpoint',
    allowed: ['src/infrastructure/cli/', 'src/infrastructure/recovery/', 'src/adapters/inbound/mcp/std'],
  },
];

describe('the source tree', () => {
  it.each(banned)('uses $instead instead of $call', ({ call, allowed }) => {
    const found = source
      .filter((module) => !allowed.some((prefix) => module.path.startsWith(prefix)))
      .filter((module) => call.test(withoutComments(module.text)));
    expect(found.map((module) => module.path)).toEqual([]);
  });

  it('holds no words of unfinished work', () => {
    // Spelt in parts, so that this file does not find itself.
    const words = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'not (?:yet )?imple' + 'mented', 'for n' + 'ow\\b'].join('|'),
    );
    expect(modules.filter((module) => words.test(module.text)).map((module) => module.path)).toEqual([]);
  });

  it('skips and singles out no test', () => {
    const only = /\b(?:it|test|describe)\.(?:skip|only|todo)\b/;
    expect(
      modules
        .filter((module) => only.test(module.text) && !module.path.endsWith('tidy.test.ts'))
        .map((module) => module.path),
    ).toEqual([]);
  });

  it('has no `any` and no non-null assertion in src', () => {
    const loose = /(?::|<|\bas) any\b|as unknown as any/;
    expect(source.filter((module) => loose.test(withoutComments(module.text))).map((module) => module.path)).toEqual(
      [],
    );
  });

  it('names every file in kebab-case', () => {
    const wrong = modules
      .map((module) => module.path.split('/').at(-1) ?? '')
      .filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.d|\.config)?\.ts$/.test(name));
    expect(wrong).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}
