import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import { pageAssets } from '../../src/adapters/inbound/http/oauth/pages/assets.ts';
import { sendPage } from '../../src/adapters/inbound/http/oauth/pages/send-page.ts';
import type { View } from '../../src/adapters/inbound/http/oauth/pages/views.ts';

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves pages by name at `/oauth/{name}`, as the product would send them, without anything behind. */
export async function servePages(find: (name: string) => View | undefined): Promise<PageServer> {
  const app = express();
  app.use(pageAssets());
  app.get('/oauth/:name', (request, response) => {
    const view = find(request.params.name);
    if (view === undefined) response.status(404).end();
    else sendPage(response, view);
  });
  return serveAtFreePort(app);
}

/** A web server of the test on a free port of this machine. */
export async function serveAtFreePort(listener: RequestListener): Promise<PageServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
