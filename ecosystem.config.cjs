// PM2: `pm2 start ecosystem.config.cjs --env production`. Settings come from `.env.production` in this folder.
// The server runs in a cluster on one port; workers are apart, so that slow work never holds up an answer.
// With more than one process REDIS_URL is needed: without it each process would have a storage of its own.

/** The heap may grow to this; PM2 restarts a process well above it, where only a leak outside of the heap can bring it. */
const heapMb = 768;
const restartAboveMb = 1280;

const common = {
  cwd: __dirname,
  script: 'dist/main.js',
  node_args: `--max-old-space-size=${heapMb}`,
  max_memory_restart: `${restartAboveMb}M`,
  // A process that fails at once is tried again more and more slowly.
  exp_backoff_restart_delay: 200,
  // Settings that cannot be used stay so: trying again would not help.
  stop_exit_codes: [78],
  // The lines are JSON with a time of their own; PM2 only keeps them.
  merge_logs: true,
  time: false,
  env: { NODE_ENV: 'development' },
  env_production: { NODE_ENV: 'production' },
};

module.exports = {
  apps: [
    {
      ...common,
      name: 'ingeniux-cms-mcp-server',
      args: 'serve',
      exec_mode: 'cluster',
      instances: process.env.WEB_CONCURRENCY || 2,
      // The next process is started before the old one is asked to end, and counts as started when it listens.
      wait_ready: true,
      listen_timeout: 30000,
      // The old one ends its calls first: DRAIN_SECONDS for proxies, 15 s for calls, 2 s for connections, 10 s for an inline
      // worker, 4 s for the last spans.
      kill_timeout: 40000,
      out_file: './logs/server.log',
      error_file: './logs/server.log',
    },
    {
      ...common,
      name: 'ingeniux-cms-mcp-worker',
      args: 'worker',
      exec_mode: 'fork',
      instances: process.env.WORKER_CONCURRENCY || 1,
      // PM2 counts the instances of each program from 0: the metrics pages of workers begin beside those of the server.
      env: { ...common.env, METRICS_PORT: 9474 },
      env_production: { ...common.env_production, METRICS_PORT: 9474 },
      kill_timeout: 40000,
      out_file: './logs/worker.log',
      error_file: './logs/worker.log',
    },
  ],
};
