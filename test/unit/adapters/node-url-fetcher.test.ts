import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/adapters/outbound/node/public-address.ts';
import { createUrlFetcher, type UrlFetcherOptions } from '../../../src/adapters/outbound/node/url-fetcher.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this form.
  return (server.address() as AddressInfo).port;
}

const signal = () => new AbortController().signal;

/** A fetcher for which the test's own server counts as public. */
const fetcher = (port: number, over: Partial<UrlFetcherOptions> = {}) =>
  createUrlFetcher({
    allowedOrigins: [`http://files.test:${port}`],
    resolve: async () => ['127.0.0.1'],
    mayConnect: (address) => address === '127.0.0.1',
    ...over,
  });

describe('isPublicAddress', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'localhost',
    '',
    '127.1',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
    'takes %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('the URL fetcher', () => {
  it('fetches a file from an allowed origin and sends nothing of ours', async () => {
    let headers: unknown;
    const port = await serve((request, response) => {
      headers = request.headers;
      response.end('hello');
    });
    const bytes = await fetcher(port).fetch(`http://files.test:${port}/a.txt`, signal());
    expect(Buffer.from(bytes).toString()).toBe('hello');
    expect(headers).toMatchObject({ host: `files.test:${port}` });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).not.toHaveProperty('cookie');
  });

  it.each([
    ['no web address', 'file:///etc/passwd', 'BAD_INPUT'],
    ['nonsense', 'not a url', 'BAD_INPUT'],
    ['credentials in it', 'http://user:pass@files.test/a', 'BAD_INPUT'],
    ['a name for the user that looks like the host', 'http://files.test@127.0.0.1/a', 'BAD_INPUT'],
    ['a zone, which names an interface of ours', 'http://[fe80::1%25eth0]/a', 'BAD_INPUT'],
    ['another origin', 'http://other.test/a', 'FORBIDDEN'],
    ['the host with a dot behind it', 'http://files.test./a', 'FORBIDDEN'],
    ['another port', 'http://files.test:8080/a', 'FORBIDDEN'],
    ['another scheme', 'https://files.test/a', 'FORBIDDEN'],
  ])('refuses %s', async (_why, url, code) => {
    const refused = createUrlFetcher({ allowedOrigins: ['http://files.test'] }).fetch(url, signal());
    await expect(refused).rejects.toMatchObject({ code });
  });

  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest',
    'http://0/',
    'http://0x7f.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://①②⑦.⓪.⓪.①/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[fd00:ec2::254]/',
  ])('refuses %s even when its origin was allowed', async (url) => {
    const refused = createUrlFetcher({ allowedOrigins: [new URL(url).origin] }).fetch(url, signal());
    await expect(refused).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('not on the public'),
    });
  });

  it('refuses a name when any of its addresses is not public', async () => {
    const resolve = async () => ['8.8.8.8', '10.0.0.1'];
    const guarded = createUrlFetcher({ allowedOrigins: ['http://files.test'], resolve });
    await expect(guarded.fetch('http://files.test/a', signal())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('connects to the very address that was checked: a name that answers otherwise later is not asked again', async () => {
    let asked = 0;
    const port = await serve((_request, response) => response.end('public'));
    const rebinding = fetcher(port, { resolve: async () => [asked++ === 0 ? '127.0.0.1' : '10.0.0.1'] });
    const bytes = await rebinding.fetch(`http://files.test:${port}/`, signal());
    expect([Buffer.from(bytes).toString(), asked]).toEqual(['public', 1]);
  });

  it('checks every redirect anew', async () => {
    const port = await serve((request, response) => {
      const to: Record<string, string> = {
        '/in': '/file',
        '/out': 'http://169.254.169.254/latest',
        '/hidden': 'http://0x7f000001/',
        '/scheme': 'file:///etc/passwd',
        '/user': `http://me:secret@files.test/`,
        '/loop': '/loop',
      };
      const location = to[request.url ?? ''];
      if (location === undefined) response.end('there');
      else response.writeHead(302, { location }).end();
    });
    const at = (path: string) => fetcher(port).fetch(`http://files.test:${port}${path}`, signal());
    expect(Buffer.from(await at('/in')).toString()).toBe('there');
    await expect(at('/out')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(at('/hidden')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(at('/scheme')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(at('/user')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(at('/loop')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('resolves the name for a redirect again: a name that has turned inward is refused', async () => {
    let asked = 0;
    const port = await serve((_request, response) => response.writeHead(302, { location: '/next' }).end());
    const turning = fetcher(port, { resolve: async () => [asked++ === 0 ? '127.0.0.1' : '10.0.0.1'] });
    await expect(turning.fetch(`http://files.test:${port}/`, signal())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(asked).toBe(2);
  });

  it('bounds size, with and without an announced length, and time', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': '999999' }).end();
      else if (request.url === '/chunked') response.end(Buffer.alloc(5_000));
    });
    const small = fetcher(port, { bytesMax: 1_000, timeoutMs: 200 });
    const at = (path: string) => small.fetch(`http://files.test:${port}${path}`, signal());
    await expect(at('/announced')).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(at('/chunked')).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(at('/never')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('too long'),
    });
  });

  it('tells a missing file and other answers, and ends when the caller does', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/hang') return;
      response.writeHead(request.url === '/gone' ? 404 : 500).end();
    });
    const at = (path: string, given = signal()) => fetcher(port).fetch(`http://files.test:${port}${path}`, given);
    await expect(at('/gone')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(at('/broken')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(at('/hang', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
