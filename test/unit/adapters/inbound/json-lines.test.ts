import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../../src/adapters/inbound/mcp/json-lines.ts';
import { poll } from '../../../support/poll.ts';

const run = async (chunks: readonly Buffer[], lineBytesMax = 1000): Promise<{ out: string; broken: number }> => {
  let broken = 0;
  let out = '';
  const onBroken = () => {
    broken += 1;
  };
  const lines = jsonLines(lineBytesMax, onBroken, async () => undefined);
  lines.on('data', (chunk) => {
    out += chunk;
  });
  for (const chunk of chunks) lines.write(chunk);
  lines.end();
  await once(lines, 'end');
  return { out, broken };
};

describe('jsonLines', () => {
  it('lets JSON through and reports the rest, however the bytes are cut', async () => {
    const text = '{"a":"ü"}\nbroken\n\n[1,2]\r\n{"b":\n"€"\n';
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }), async (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        const { out, broken } = await run(chunks);
        expect(
          out
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line)),
        ).toEqual([{ a: 'ü' }, [1, 2], '€']);
        expect(broken).toBe(2);
      }),
    );
  });

  it('gives up on a line that does not end', async () => {
    const lines = jsonLines(
      10,
      () => undefined,
      async () => undefined,
    );
    const failed = once(lines, 'error');
    lines.write(Buffer.alloc(6, 'x'));
    lines.write(Buffer.alloc(6, 'x'));
    const [error] = await failed;
    expect(String(error)).toContain('passes 10 bytes');
  });

  it('passes the end on when its reader has had the time it needs', async () => {
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const lines = jsonLines(
      100,
      () => undefined,
      async () => {
        order.push('asked');
        await gate.promise;
      },
    );
    lines.on('data', (chunk) => order.push(String(chunk))).on('end', () => order.push('ended'));
    lines.end('{"a":1}\n');
    await poll('the question', () => order.includes('asked'));
    expect(order).toContain('{"a":1}\n');
    expect(order).not.toContain('ended');
    gate.resolve();
    await once(lines, 'end');
  });
});
