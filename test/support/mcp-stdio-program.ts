import { guardStdout } from '../../src/adapters/inbound/mcp/stdout-guard.ts';

// First of all, as the real program does: what is written to stdout from here on is not seen by the client.
const output = guardStdout();
process.stdout.write('a library says hello\n');

const { createStdioEndpoint } = await import('../../src/adapters/inbound/mcp/stdio-endpoint.ts');
const { createRegistry } = await import('../../src/adapters/inbound/mcp/registry.ts');
const { createRunTask } = await import('../../src/application/pipeline/run-task.ts');
const { createBareRuntime } = await import('./mcp-bench.ts');
const { createTestTasks, createWitness } = await import('./mcp-tasks.ts');
const { createClock } = await import('../../src/adapters/outbound/node/clock.ts');

/** MCP over stdio with the test tasks: for tests that need a process of its own. Writes to stderr what it reports. */
const clock = createClock();
const runtime = createBareRuntime(clock, 10_000);
const report = (what: string, error: unknown) => process.stderr.write(`${what}: ${String(error)}\n`);
const endpoint = createStdioEndpoint({
  registry: createRegistry(createTestTasks(createWitness())),
  runTask: createRunTask(runtime),
  lockdown: runtime.lockdown,
  server: runtime.ports.server,
  clock,
  ids: runtime.ports.ids,
  events: runtime.events,
  principal: { subject: 'local', clientId: 'stdio', scopes: ['cms:read', 'cms:write'] },
  input: process.stdin,
  output,
  onProblem: (error) => report('problem', error),
  onRefusal: (error) => report('refusal', error),
});
await endpoint.ended;
await endpoint.close();
process.stderr.write('ended\n');
