import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { freePort } from './free-port.ts';
import { type RunningProgram, runProgram, startProgram } from './programs.ts';
import { projectRoot } from './source-tree.ts';

/** The two proxies as they are shipped; only ports, host name and certificate are the test's own. */
const proxies = {
  nginx: {
    file: 'ops/nginx/nginx.conf',
    check: (file: string) => ['nginx', '-t', '-c', file],
    start: (file: string) => startProgram('nginx', ['-c', file, '-g', 'daemon off;']),
  },
  HAProxy: {
    file: 'ops/haproxy/haproxy.cfg',
    check: (file: string) => ['haproxy', '-c', '-f', file],
    start: (file: string) => startProgram('haproxy', ['-db', '-f', file]),
  },
} as const;

export type ProxyName = keyof typeof proxies;
export const proxyNames = Object.keys(proxies) as readonly ProxyName[];

export interface RunningProxy {
  /** What people and agents know: `https://localhost:…`. */
  readonly publicUrl: string;
  /** The certificate, for clients that `fetch` is not. */
  readonly certificate: string;
  readonly running: RunningProgram;
  /**
   * Takes a server out, or puts it back, as the configuration says: nginx is told and reloaded. HAProxy notices by itself
   * that a server is not ready any more, so that nothing happens.
   */
  setDown(port: number, isDown: boolean): void;
  /** Also gives `fetch` back the certificates that it knew before. */
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of two ports of this machine. From then on `fetch` trusts its certificate, and makes a
 * connection for each request: a proxy that is reloaded closes idle ones, and a client cannot know that in time.
 */
export async function startProxy(name: ProxyName, ports: readonly [number, number]): Promise<RunningProxy> {
  const { file: shipped, check, start } = proxies[name];
  const folder = mkdtempSync(join(tmpdir(), 'igx-proxy-'));
  const certificate = await makeCertificate(folder);
  const publicPort = await freePort();
  const file = join(folder, name);
  writeFileSync(file, await configuration(shipped, folder, publicPort, ports));
  const [program = '', ...args] = check(file);
  const checked = await runProgram(program, args);
  if (checked.exitCode !== 0) throw new Error(checked.output);
  const running = start(file);
  const dispatcher = getGlobalDispatcher();
  setGlobalDispatcher(new Agent({ connect: { ca: certificate }, pipelining: 0 }));
  return {
    publicUrl: `https://localhost:${publicPort}`,
    certificate,
    running,
    setDown(port, isDown) {
      if (name !== 'nginx') return;
      const line = new RegExp(`(server 127\\.0\\.0\\.1:${port})( down)?`);
      writeFileSync(file, readFileSync(file, 'utf8').replace(line, isDown ? '$1 down' : '$1'));
      running.process.kill('SIGHUP');
    },
    async close() {
      setGlobalDispatcher(dispatcher);
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeCertificate(folder: string): Promise<string> {
  const made = await runProgram('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', join(folder, 'privkey.pem')],
    ...['-out', join(folder, 'fullchain.pem')],
  ]);
  if (made.exitCode !== 0) throw new Error(made.output);
  const certificate = readFileSync(join(folder, 'fullchain.pem'), 'utf8');
  writeFileSync(join(folder, 'mcp.pem'), readFileSync(join(folder, 'privkey.pem'), 'utf8') + certificate);
  return certificate;
}

async function configuration(
  path: string,
  folder: string,
  publicPort: number,
  ports: readonly [number, number],
): Promise<string> {
  const plainPort = await freePort();
  return (
    readFileSync(join(projectRoot, path), 'utf8')
      .replaceAll(/\/etc\/(nginx|haproxy)\/tls/g, folder)
      .replaceAll('/run/nginx.pid', join(folder, 'nginx.pid'))
      // Where standard output is no file, as here, nginx cannot open it.
      .replace('access_log /dev/stdout', `access_log ${join(folder, 'access.log')}`)
      .replaceAll('mcp.example.edu', 'localhost')
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${ports[0]}`)
      .replaceAll('127.0.0.1:3010', `127.0.0.1:${ports[1]}`)
      .replace('listen 443 ssl', `listen 127.0.0.1:${publicPort} ssl`)
      .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
      .replace('bind :443', `bind 127.0.0.1:${publicPort}`)
      .replace('bind :80', `bind 127.0.0.1:${plainPort}`)
  );
}
