import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOperationCatalogue } from '../../../src/adapters/outbound/ingeniux/catalogue/operation-catalogue.ts';

/**
 * A door in front of the CMS that stops writes at a chosen point: `before` the CMS hears of one, or when the CMS has
 * `acted` and the answer is on its way. A write belongs to whatever mark its address or body holds.
 */
export interface CmsGate {
  /** Stands for the origin of the CMS. */
  readonly origin: string;
  /** How many writes of each mark have come so far. */
  writes(mark: string): number;
  /** Stops the given writes from now on, and counts anew. */
  stopAt(stops: readonly Stop[]): void;
  /** The marks whose write has come to its stop. */
  stopped(): readonly string[];
  /** Cuts the connections of what was stopped, and stops nothing any more. */
  cut(): void;
  close(): Promise<void>;
}

export interface Stop {
  readonly mark: string;
  /** Which write of the mark: 1 is the first. */
  readonly write: number;
  readonly at: 'before' | 'acted';
}

export async function startCmsGate(cmsOrigin: string, marks: readonly string[]): Promise<CmsGate> {
  let stops: readonly Stop[] = [];
  const counts = new Map<string, number>();
  const held = new Map<string, ServerResponse>();

  const server = createServer((incoming, answer) => {
    // Whoever is cut off here may have ended meanwhile.
    pass(incoming, answer).catch(() => answer.destroy());
  });

  const pass = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const stop = isWrite(incoming) ? stopOf(`${decodeURIComponent(incoming.url ?? '')} ${body}`) : undefined;
    const hold = (): void => {
      held.set(stop?.mark ?? '', answer);
    };
    if (stop?.at === 'before') return hold();
    const upstream = await forward(cmsOrigin, incoming, body);
    const answered: Buffer[] = [];
    for await (const chunk of upstream) answered.push(Buffer.from(chunk));
    if (stop?.at === 'acted') return hold();
    answer.writeHead(upstream.statusCode ?? 502, upstream.headers).end(Buffer.concat(answered));
  };

  const stopOf = (text: string): Stop | undefined => {
    const mark = marks.find((candidate) => text.includes(candidate));
    if (mark === undefined) return undefined;
    const write = (counts.get(mark) ?? 0) + 1;
    counts.set(mark, write);
    return stops.find((stop) => stop.mark === mark && stop.write === write);
  };

  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  // A TCP server has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    writes: (mark) => counts.get(mark) ?? 0,
    stopAt: (given) => {
      stops = given;
      counts.clear();
    },
    stopped: () => [...held.keys()],
    cut: () => {
      stops = [];
      for (const answer of held.values()) answer.destroy();
      held.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What changes the CMS, by method and the end of the path. */
const writeRoutes = createOperationCatalogue()
  .all()
  .filter(({ effect }) => effect !== 'read')
  .map(({ method, path }) => ({ method, path: new RegExp(`/api/v1${path.replace(/\{[^}]*\}/g, '[^/]+')}$`, 'i') }));

function isWrite({ method, url = '' }: IncomingMessage): boolean {
  const [path = ''] = url.split('?');
  return writeRoutes.some((route) => route.method === method && route.path.test(path));
}

function forward(cmsOrigin: string, incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { host: _host, ...headers } = incoming.headers;
    const { method = 'GET', url = '/' } = incoming;
    request(new URL(url, cmsOrigin), { method, headers }, resolve).once('error', reject).end(body);
  });
}
