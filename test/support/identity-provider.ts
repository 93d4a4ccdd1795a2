import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface IdentityProviderOptions {
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Claims by subject. */
  readonly people: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface IdentityProvider {
  readonly issuer: string;
  /** As `kill -9`. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('./identity-provider-process.ts', import.meta.url));

/** Starts an identity provider in a process of its own. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = await lines.next();
  if (ready.done === true) throw new Error(`The identity provider did not start.\n${errors.join('\n')}`);
  return {
    issuer: `http://127.0.0.1:${options.port}`,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * What a person's browser does at the provider: follows it, as `person`, until it sends the browser back to us. Answers
 * what it brings back.
 */
export async function signInAtProvider(url: string, person: string, comesBackTo: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let next = url;
  for (let hop = 0; hop < hopsMax; hop++) {
    if (next.startsWith(comesBackTo)) return new URL(next).searchParams;
    const reply = await fetch(next, {
      redirect: 'manual',
      headers: { 'x-person': person, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of reply.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = reply.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${reply.status}: ${await reply.text()}`);
    next = new URL(location, next).href;
  }
  throw new Error('The provider sends the browser in circles.');
}

const hopsMax = 10;
