import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWebDocuments } from '../../../src/adapters/outbound/node/web-documents.ts';
import { documentBytesMax } from '../../../src/domain/ports/files.ts';

/** A web server of somebody else's, with a certificate that only this test trusts. */
let server: Server;
let ca: string;
let url: string;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'igx-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
    ...['-subj', '/CN=agent.example', '-addext', 'subjectAltName=DNS:agent.example', '-keyout', key, '-out', cert],
  ]);
  ca = readFileSync(cert, 'utf8');
  server = createServer({ key: readFileSync(key), cert: ca }, (_request, response) => answer(response));
  rmSync(folder, { recursive: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `https://agent.example:${typeof address === 'object' ? address?.port : ''}/client.json`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  answer = (response) => response.setHeader('Cache-Control', 'max-age=60').end('{"client_id":"x"}');
});

const open = () => createWebDocuments({ ca, resolve: async () => ['127.0.0.1'], mayConnect: () => true });
const get = (address = url, documents = open()) => documents.get(address, AbortSignal.timeout(10_000));

describe('documents about clients', () => {
  it('are fetched over https, with what tells how long they may be kept', async () => {
    const { bytes, cacheControl } = await get();
    expect(Buffer.from(bytes).toString()).toBe('{"client_id":"x"}');
    expect(cacheControl).toBe('max-age=60');
  });

  it.each(['http://agent.example/client.json', 'ftp://agent.example/x', 'https://u:p@agent.example/x', 'nothing'])(
    'are not fetched from %s',
    async (address) => {
      await expect(get(address)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );

  it.each(['127.0.0.1', '10.0.0.7', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'fd00::1'])(
    'are not fetched where the name leads to %s',
    async (address) => {
      const guarded = createWebDocuments({ ca, resolve: async () => ['93.184.215.14', address] });
      await expect(get(url, guarded)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    },
  );

  it('are not fetched from an address that only looks like a name', async () => {
    for (const host of ['127.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]']) {
      await expect(get(`https://${host}/x`, createWebDocuments({ ca }))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'https://agent.example/other' }).end(),
      'CONFLICT',
    ],
    ['an error', (response) => response.writeHead(500).end('no'), 'CONFLICT'],
    ['a compressed answer', (response) => response.setHeader('Content-Encoding', 'gzip').end('x'), 'CONFLICT'],
    ['a long answer', (response) => response.end('x'.repeat(documentBytesMax + 1)), 'TOO_LARGE'],
    [
      'a long answer without its length',
      (response) => {
        response.write('x'.repeat(documentBytesMax));
        response.end('more');
      },
      'TOO_LARGE',
    ],
  ])('are not made of %s', async (_, how, code) => {
    answer = how;
    await expect(get()).rejects.toMatchObject({ code });
  });

  it('are not waited for without end', async () => {
    answer = (response) => response.write('{');
    await expect(open().get(url, AbortSignal.timeout(200))).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('are not taken from a server whose certificate is not trusted', async () => {
    const stranger = createWebDocuments({ resolve: async () => ['127.0.0.1'], mayConnect: () => true });
    await expect(get(url, stranger)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
