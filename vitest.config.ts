import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** A suite is a folder below test/; the slow ones run few files at a time, because each starts processes of its own. */
const suite = (name: string, testTimeout: number, maxWorkers: number) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, maxWorkers },
});

export default defineConfig({
  test: {
    pool: 'forks',
    // The same sources are started hundreds of times: Node keeps what it compiled of them, which halves each start.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node-compile', import.meta.url)) },
    projects: [
      suite('unit', 20_000, 2),
      suite('contract', 60_000, 2),
      suite('integration', 60_000, 2),
      suite('e2e', 180_000, 2),
      suite('operations', 120_000, 1),
      suite('architecture', 60_000, 2),
    ],
  },
});
