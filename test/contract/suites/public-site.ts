import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type PublicSite, publicBytesMax, redirectsMax } from '../../../src/domain/ports/public-site.ts';

/** How a driver is opened: which sites the operator has named, and how long a look may take, in milliseconds. */
export type OpenPublicSite = (options: {
  readonly sites: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}) => PublicSite;

/** The laws of the PublicSite port, against web servers of the test on this machine. */
export function publicSiteContract(name: string, open: OpenPublicSite): void {
  describe(`PublicSite on ${name}`, () => {
    const servers: Server[] = [];
    afterEach(async () => {
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    });

    /** A web server, and the requests that it got. */
    const serve = async (listener: RequestListener) => {
      const requests: { readonly method: string; readonly path: string; readonly headers: object }[] = [];
      const server = createServer((request, response) => {
        requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
        listener(request, response);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      // A server that listens on a port has an address of this form.
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
    };

    const look = (site: PublicSite, address: string) => site.look(address, new AbortController().signal);

    it('makes addresses below the site that is named for a target, by its name or its id', () => {
      const site = open({
        sites: { production: 'https://www.example.edu/', 'targets/2': 'https://in.example.edu/home' },
      });
      const production = { id: 'Targets/1', name: 'Production' };
      expect(site.addressOf(production, 'about/contact us')).toBe('https://www.example.edu/about/contact%20us');
      expect(site.addressOf(production, '')).toBe('https://www.example.edu/');
      expect(site.addressOf(production, '/a%20b/ä')).toBe('https://www.example.edu/a%20b/%C3%A4');
      expect(site.addressOf({ id: 'Targets/2', name: 'Intranet' }, 'x')).toBe('https://in.example.edu/home/x');
      expect(site.addressOf({ id: 'Targets/3', name: 'Staging' }, 'x')).toBeUndefined();
    });

    it('tells status, dates, tags, how long caches keep it, and the text', async () => {
      const { url, requests } = await serve((_request, response) => {
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'last-modified': 'Tue, 01 Dec 2026 08:00:00 GMT',
          etag: '"v7"',
          'cache-control': 'public, max-age=300',
        });
        response.end('<p>Fees are $90.</p>');
      });
      const sight = await look(open({ sites: { production: url } }), `${url}/fees`);
      expect(sight).toEqual({
        reached: true,
        address: `${url}/fees`,
        status: 200,
        lastModified: 'Tue, 01 Dec 2026 08:00:00 GMT',
        etag: '"v7"',
        cacheSeconds: 300,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        text: '<p>Fees are $90.</p>',
      });
      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({ method: 'GET', path: '/fees' });
      expect(Object.keys(requests[0]?.headers ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(authorization|cookie)$/)]),
      );
    });

    it.each([404, 410, 401, 503])('tells a status %d like any other', async (status) => {
      const { url } = await serve((_request, response) => void response.writeHead(status).end('no'));
      expect(await look(open({ sites: { production: url } }), `${url}/x`)).toMatchObject({ reached: true, status });
    });

    it('tells bytes that are no text by their digest alone', async () => {
      const { url } = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2, 3]));
      });
      expect(await look(open({ sites: { production: url } }), `${url}/x.png`)).toMatchObject({
        sha256: '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
        text: '',
      });
    });

    it('reads the beginning of an answer without an end', async () => {
      const { url } = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const pour = (): void => {
          while (response.write('x'.repeat(65_536))) {
            // Until the buffer is full; the reader leaves some day.
          }
        };
        response.on('drain', pour);
        pour();
      });
      const sight = await look(open({ sites: { production: url } }), `${url}/`);
      expect(sight.reached && sight.text.length).toBe(publicBytesMax);
    });

    it('follows a few redirects, and tells where they end', async () => {
      const { url } = await serve((request, response) => {
        const hops = Number(request.url?.slice(1));
        if (hops > 0) response.writeHead(302, { location: `/${hops - 1}` }).end();
        else response.writeHead(200).end('there');
      });
      const site = open({ sites: { production: url } });
      expect(await look(site, `${url}/${redirectsMax}`)).toMatchObject({
        reached: true,
        status: 200,
        address: `${url}/0`,
      });
      expect(await look(site, `${url}/${redirectsMax + 1}`)).toEqual({ reached: false, why: 'too_many_redirects' });
    });

    it('asks nothing that lies elsewhere, nor what a redirect leads to inside of the network', async () => {
      const inner = await serve((_request, response) => void response.end('secret'));
      const { url, requests } = await serve((_request, response) => {
        response.writeHead(302, { location: `${inner.url}/metadata` }).end();
      });
      const site = open({ sites: { production: `${url}/www` } });
      const foreign = { reached: false, why: 'foreign_address' };
      expect(await look(site, `${url}/www/leads-away`)).toEqual(foreign);
      expect(requests).toHaveLength(1);
      for (const address of [
        `${inner.url}/`,
        `${url}/other`,
        `${url}/www/../other`,
        'file:///etc/passwd',
        'no address',
      ]) {
        expect(await look(site, address)).toEqual(foreign);
      }
      expect(requests).toHaveLength(1);
      expect(inner.requests).toEqual([]);
    });

    it('tells of a site that is silent, gone or unknown, and throws for none of them', async () => {
      const { url } = await serve(() => undefined);
      expect(await look(open({ sites: { production: url }, timeoutMs: 50 }), `${url}/`)).toEqual({
        reached: false,
        why: 'timed_out',
      });
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      expect(await look(open({ sites: { production: url } }), `${url}/`)).toEqual({
        reached: false,
        why: 'no_connection',
      });
      const nowhere = 'http://nowhere.invalid';
      expect(await look(open({ sites: { production: nowhere } }), `${nowhere}/`)).toEqual({
        reached: false,
        why: 'unknown_host',
      });
    });

    it('does not wait for the end of a body that does not end', async () => {
      const { url } = await serve((_request, response) => void response.writeHead(200).write('begun'));
      expect(await look(open({ sites: { production: url }, timeoutMs: 100 }), `${url}/`)).toEqual({
        reached: false,
        why: 'timed_out',
      });
    });

    it('ends with what the caller gave up with', async () => {
      const { url } = await serve(() => undefined);
      const reason = new Error('enough');
      const given = new AbortController();
      const looking = open({ sites: { production: url } }).look(`${url}/`, given.signal);
      given.abort(reason);
      await expect(looking).rejects.toBe(reason);
    });
  });
}
