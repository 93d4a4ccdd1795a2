import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Deployment, openDeployment } from '../../support/deployment.ts';
import { type DocumentServer, startDocumentServer } from '../../support/document-server.ts';
import { freePort } from '../../support/free-port.ts';
import { openOAuthClient } from '../../support/oauth-client.ts';
import { createPerson } from '../../support/person.ts';
import { type ServerProcess, startServer, temporaryFolder } from '../../support/server-process.ts';
import { expectAudited } from './attacks.ts';

const file = 'e2e/oauth/document-attacks.test.ts';
const seam = fileURLToPath(new URL('../../support/reach-this-machine.ts', import.meta.url));
const redirectUri = 'https://agent.example/callback';

/** Clients whose id is the address of a document, on a web server that belongs to the attacker. */
describe.each(['embedded', 'redis'] as const)('documents of clients, %s', (storage) => {
  let documents: DocumentServer;
  let deployment: Deployment;
  let token: string;
  let folder: ReturnType<typeof temporaryFolder>;

  beforeAll(async () => {
    documents = await startDocumentServer();
    folder = temporaryFolder();
    const ca = join(folder.path, 'ca.pem');
    writeFileSync(ca, documents.ca);
    const port = String(await freePort());
    deployment = await openDeployment(storage, {
      CMS_SIGN_IN: 'service',
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ANONYMOUS_RATE_LIMIT_RPM: '100000',
      NODE_EXTRA_CA_CERTS: ca,
      NODE_OPTIONS: `--import=${seam}`,
    });
    token = await deployment.token('cms:read cms:write');
  });
  afterAll(async () => {
    await deployment?.close();
    await documents?.close();
    folder?.remove();
  });

  const addressOf = () => documents.url(`/${randomBytes(6).toString('hex')}.json`);
  const documentOf = (id: string, changes: object = {}) =>
    JSON.stringify({
      client_id: id,
      client_name: 'Agent with a document',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...changes,
    });
  /** The authorization request of such a client, as any other client's. */
  const request = async (id: string, redirect = redirectUri, server: { readonly url: string } = deployment) => {
    const { url } = await (await openOAuthClient(deployment.url)).request({ scope: 'cms:read' });
    url.searchParams.set('client_id', id);
    url.searchParams.set('redirect_uri', redirect);
    url.port = new URL(server.url).port;
    return url;
  };
  const expectRefused = async (id: string) => {
    const page = await createPerson({}).open(await request(id));
    expect([page.status, page.away]).toEqual([400, undefined]);
    return page;
  };

  it.each<[string, object]>([
    ['another id (71)', { client_id: 'https://other.example/client.json' }],
    ['its own address without the path (71)', { client_id: 'https://agent.example' }],
    ['a secret (73)', { client_secret: 'secret' }],
    ['a way to authenticate with a secret (73)', { token_endpoint_auth_method: 'client_secret_post' }],
    ['a script to come back to', { redirect_uris: ['javascript:alert(1)'] }],
    ['plain http to come back to', { redirect_uris: ['http://agent.example/callback'] }],
  ])('are not taken with %s', async (_, changes) => {
    const id = addressOf();
    documents.publish(id, documentOf(id, changes));
    await expectRefused(id);
    expect(documents.requests).toContain(new URL(id).pathname);
  });

  const long = 'x'.repeat(20_000);
  it.each<[string, (response: ServerResponse, id: string) => unknown]>([
    ['a redirect (72)', (response, id) => response.writeHead(302, { location: `${id}?other` }).end()],
    ['a redirect inside (72)', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()],
    ['a great deal of text (73)', (response, id) => response.end(documentOf(id, { software_id: long }))],
    [
      'a great deal of text that does not say how much (73)',
      (response, id) => {
        response.write(' '.repeat(20_000));
        response.end(documentOf(id));
      },
    ],
    [
      'a little text that unpacks to a great deal (73)',
      (response, id) =>
        response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(documentOf(id, { software_id: 'x'.repeat(5_000_000) }))),
    ],
    ['no JSON (73)', (response) => response.end('<html>hello</html>')],
    ['a list (73)', (response, id) => response.end(`[${documentOf(id)}]`)],
    [
      'no UTF-8 (73)',
      (response, id) => response.end(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(documentOf(id))])),
    ],
    ['an error', (response) => response.writeHead(500).end()],
    ['a cut connection', (response) => response.destroy()],
  ])('are not taken from %s', async (_, how) => {
    const id = addressOf();
    documents.answer(id, (response) => void how(response, id));
    await expectRefused(id);
  });

  it('are not waited for: an answer that trickles is given up (73)', async () => {
    const id = addressOf();
    const trickles: NodeJS.Timeout[] = [];
    documents.answer(id, (response) => {
      trickles.push(setInterval(() => response.write(' '), 200));
    });
    onTestFinished(() => {
      for (const trickle of trickles) clearInterval(trickle);
    });
    await expectRefused(id);
  });

  it('keeps no error in place of a document (75)', async () => {
    const id = addressOf();
    documents.answer(id, (response) => response.writeHead(503, { 'cache-control': 'max-age=86400' }).end());
    await expectRefused(id);
    documents.publish(id, documentOf(id, { client_id: 'https://other.example/x' }), {
      'cache-control': 'max-age=86400',
    });
    await expectRefused(id);
    documents.publish(id, documentOf(id));
    expect(await createPerson({}).open(await request(id))).toMatchObject({ heading: 'Sign in' });
  });

  it('fetches a document once for all who ask at the same time (76)', async () => {
    const id = addressOf();
    documents.publish(id, documentOf(id));
    const addresses = await Promise.all(Array.from({ length: 12 }, () => request(id)));
    const pages = await Promise.all(addresses.map((address) => createPerson({}).open(address)));
    expect(new Set(pages.map(({ heading }) => heading))).toEqual(new Set(['Sign in']));
    expect(documents.requests.filter((path) => path === new URL(id).pathname)).toHaveLength(1);
  });

  it('asks again when the document has other addresses than the person agreed to (74)', async () => {
    const id = addressOf();
    documents.publish(id, documentOf(id), { 'cache-control': 'no-store' });
    const person = createPerson({ token });
    expect((await person.authorize(await request(id))).searchParams.has('code')).toBe(true);
    // The same person, program and address: nobody asks.
    expect((await person.open(await request(id))).away?.searchParams.has('code')).toBe(true);
    const evil = 'https://evil.example/callback';
    documents.publish(id, documentOf(id, { redirect_uris: [redirectUri, evil] }), { 'cache-control': 'no-store' });
    // A process that has not seen the old document, for the same browser: a server that was started anew.
    const anew = await restarted();
    onTestFinished(() => anew.close());
    const known = await person.open(await request(id, redirectUri, anew));
    expect([known.away, known.heading]).toEqual([undefined, expect.stringMatching(/Sign in|Allow/)]);
    const elsewhere = await person.open(await request(id, evil, anew));
    expect([elsewhere.away, elsewhere.heading]).toEqual([undefined, expect.stringMatching(/Sign in|Allow/)]);
  });

  /** Ends the server and starts it again at the same address, on the same storage. */
  async function restarted(): Promise<ServerProcess> {
    await deployment.server.close();
    return startServer(deployment.settings);
  }

  it('leaves an audit event of each refusal', () => expectAudited(deployment.settings, file, [70]));
});

describe('a server as it is outside of tests', () => {
  it('is not led to a document at an address that is not public (70)', async () => {
    const deployment = await openDeployment('embedded', {
      CMS_SIGN_IN: 'service',
      ANONYMOUS_RATE_LIMIT_RPM: '100000',
    });
    onTestFinished(() => deployment.close());
    const inside = await startDocumentServer();
    onTestFinished(() => inside.close());
    const port = new URL(inside.url('/')).port;
    const { url } = await (await openOAuthClient(deployment.url)).request();
    const hosts = [
      ...['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '127.1', '0x7f000001', '2130706433', '[::ffff:127.0.0.1]'],
      ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '[fd00::1]', '[fe80::1]', '100.64.0.1'],
    ];
    for (const host of hosts) {
      url.searchParams.set('client_id', `https://${host}:${port}/client.json`);
      const page = await createPerson({}).open(url);
      expect([host, page.status, page.away]).toEqual([host, 400, undefined]);
    }
    expect(inside.requests).toEqual([]);
    await expectAudited(deployment.settings, file, [71, 72, 73, 75]);
  });
});

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
