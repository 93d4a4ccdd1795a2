// Runs another program as if it stood in our place. Stays readable by old Nodes: that is who runs it first.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodePath } from './ensure-node.mjs';

/** The folder of the project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs `node` with the arguments in the project's folder, passes signals on to it, and answers its exit code when it
 * has ended. Standard input, output and error are ours; `stdout: 2` sends what it prints to standard error.
 */
export function runNode(args, options = {}) {
  return runProgram(nodePath(), args, options);
}

/** Runs any program likewise. */
export function runProgram(program, args, { env = {}, cwd = root, stdout = 1, shell = false } = {}) {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env, PATH: pathWithTools() },
    stdio: [0, stdout, 2],
    shell,
  });
  const stopPassing = passSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', (failure) => {
      stopPassing();
      reject(failure);
    });
    child.once('exit', (code, signal) => {
      stopPassing();
      resolve(code ?? SIGNAL_EXIT_CODE + (constants.signals[signal] ?? 0));
    });
  });
}

/** Does the work of a script and answers its exit code; of what stops it, people need to see the message only. */
export async function tell(work) {
  try {
    return await work();
  } catch (failure) {
    console.error(failure.message);
    return 1;
  }
}

/** What shells answer for a program that a signal ended: this and the number of the signal. */
const SIGNAL_EXIT_CODE = 128;

/** npm may pass on a signal that the whole group of processes has received already: the second is no second wish. */
const SAME_SIGNAL_MS = 1000;

function passSignals(child) {
  const lastAt = new Map();
  const pass = (signal) => {
    // From a terminal, Ctrl+C reaches the child by itself.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    const now = Date.now();
    if (now - (lastAt.get(signal) ?? 0) < SAME_SIGNAL_MS) return;
    lastAt.set(signal, now);
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const stopWatching = watchShell(() => pass('SIGTERM'));
  return () => {
    stopWatching();
    for (const signal of signals) process.off(signal, pass);
  };
}

/** npm sends its own end only as far as the shell that it starts us in; when that is gone, we are meant to end. */
function watchShell(onGone) {
  const shell = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    onGone();
  }, SHELL_WATCH_MS);
  return () => clearInterval(timer);
}

const SHELL_WATCH_MS = 250;

/** npm puts the tools of the project first on the PATH; who calls a script by hand gets the same. */
function pathWithTools() {
  const tools = join(root, 'node_modules', '.bin');
  const separator = process.platform === 'win32' ? ';' : ':';
  return [tools, process.env.PATH ?? ''].join(separator);
}
