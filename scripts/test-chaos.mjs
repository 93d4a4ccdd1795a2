// npm run test:chaos: workers killed with -9, 200 times, at every point of every kind of job and at random moments; servers
// killed, and clients that give up, at every point of every write of an agent.
process.env['CHAOS_KILLS'] ??= '200';
process.argv.splice(2, process.argv.length, 'e2e', 'test/e2e/chaos');
await import('./test.mjs');
