import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../../src/adapters/inbound/mcp/json-lines.ts';

const run = async (chunks: readonly Buffer[], lineBytesMax = 1000): Promise<{ out: string; broken: number }> => {
  let broken = 0;
  let out = '';
  const lines = jsonLines(lineBytesMax, () => {
    broken += 1;
  });
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
    const lines = jsonLines(10, () => undefined);
    const failed = once(lines, 'error');
    lines.write(Buffer.alloc(6, 'x'));
    lines.write(Buffer.alloc(6, 'x'));
    const [error] = await failed;
    expect(String(error)).toContain('passes 10 bytes');
  });
});
