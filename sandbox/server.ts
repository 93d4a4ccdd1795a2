import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createApi } from './api.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { recordLine } from './cms/system-log.ts';
import { handleControl } from './control.ts';
import { HttpRefusal } from './exceptions.ts';
import { createFaults, type Faults } from './faults.ts';
import { redirect, send, sendHtml, sendJson } from './http.ts';
import { indexPage } from './index-page.ts';
import { defaultKnobs, type Knobs } from './knobs.ts';
import { liveAnswer } from './live-site.ts';
import type { ContentFreeze, PublishingTarget, SandboxState } from './model.ts';
import { handleOAuth } from './oauth.ts';
import { createPersistence, loadState } from './persistence.ts';
import { type PublishByHand, publishByHand } from './publish-by-hand.ts';
import { createPublishingQueue } from './publishing-queue.ts';
import { routeTable } from './route-table.ts';
import { productVersion } from './routes/dashboard.ts';
import { fileAnswer } from './routes/file-answer.ts';
import type { Runtime } from './runtime.ts';
import { createSeedState } from './seed.ts';
import { defaultServiceKnobs, type ServiceKnobs } from './services/service-knobs.ts';
import { createServiceLayer, type ServiceLayer } from './services/service-layer.ts';
import { type ApiDescription, defaultApiDescription, swaggerDocument } from './swagger.ts';
import { createTokens } from './tokens.ts';

export type SandboxOptions = {
  /** 0 = any free port. */
  port?: number;
  host?: string;
  /** Virtual directory, e.g. `/cxp4`; empty = at the root of the host. */
  mount?: string;
  /** File in which the state is kept; without one every start begins with the seed. */
  dataFile?: string;
  /** The state to begin with where there is no data file yet; default the seed. */
  state?: SandboxState;
  knobs?: Partial<Knobs>;
  /** The older service layer, with these manners; absent = this CMS does not serve it. */
  services?: Partial<ServiceKnobs>;
  /** The CMS's description of its own API; default complete and open to everybody. */
  apiDescription?: Partial<ApiDescription>;
  /** The sandbox's clock; default the system's. */
  now?: () => Date;
};

export type Sandbox = {
  /** `http://127.0.0.1:1234` */
  origin: string;
  /** `origin` and the mount, no slash at the end. */
  siteRoot: string;
  port: number;
  /** The live state; a test may look into it and change it. */
  state: SandboxState;
  knobs: Knobs;
  /** Null when the service layer is off. */
  services: ServiceKnobs | null;
  apiDescription: ApiDescription;
  faults: Faults;
  calls: CallLog;
  /** Queues a publish without a workflow, as a person does in the administration area. @returns the task's id. */
  publish(order: PublishByHand): string;
  /** Null ends the freeze. */
  setFreeze(freeze: ContentFreeze | null): void;
  /** Every access token issued so far stops working. */
  revokeTokens(): void;
  /** Every refresh token issued so far stops working. */
  revokeRefreshTokens(): void;
  /** Saves, ends every connection and the queue. */
  close(): Promise<void>;
};

/** Starts a sandbox CMS. @throws Error when the port is taken or the data file is not one of the sandbox. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const mount = normaliseMount(options.mount ?? '/cxp4');
  const host = options.host ?? '127.0.0.1';
  const dataFile = options.dataFile ?? null;
  const state = (dataFile === null ? null : loadState(dataFile)) ?? options.state ?? createSeedState();
  const knobs: Knobs = { ...defaultKnobs, ...options.knobs };
  const now = options.now ?? (() => new Date());
  const persistence = createPersistence(dataFile, state);
  const { changed } = persistence;
  const runtime: Runtime = {
    state,
    knobs,
    now,
    siteRoot: '',
    changed,
    queue: createPublishingQueue({ state, tickMs: () => knobs.publishTickMs, now, changed }),
    tokens: createTokens({
      state,
      lifetimeSeconds: () => knobs.accessTokenLifetimeSeconds,
      form: () => knobs.accessTokenForm,
      now,
      changed,
    }),
    faults: createFaults(state),
    calls: createCallLog(),
    reports: new Map(),
    previews: new Map(),
    ditaPreviews: new Map(),
    analyticsCodes: new Map(),
  };
  const services = options.services === undefined ? null : { ...defaultServiceKnobs, ...options.services };
  const apiDescription = { ...defaultApiDescription, ...options.apiDescription };
  const answer = createAnswer(runtime, mount, {
    services: services === null ? null : createServiceLayer(runtime, services),
    apiDescription,
  });
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => sendFailure(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  runtime.siteRoot = `${origin}${mount}`;
  recordLine(state, now().toISOString(), 'Info', `The CMS started, version ${productVersion}.`);
  runtime.queue.wake();
  return {
    origin,
    siteRoot: runtime.siteRoot,
    port,
    state,
    knobs,
    services,
    apiDescription,
    faults: runtime.faults,
    calls: runtime.calls,
    publish: (order) => publishByHand(runtime, order),
    setFreeze(freeze) {
      state.contentFreeze = freeze;
      changed();
    },
    revokeTokens: () => runtime.tokens.revokeIssued(),
    revokeRefreshTokens: () => runtime.tokens.revokeRefreshTokens(),
    async close() {
      runtime.queue.stop();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
      persistence.flush();
    },
  };
}

/** Everything the server answers, by the part of the address behind the mount. */
function createAnswer(
  runtime: Runtime,
  mount: string,
  { services, apiDescription }: { services: ServiceLayer | null; apiDescription: ApiDescription },
) {
  const routes = routeTable();
  const api = createApi(runtime, routes);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
    url.host = request.headers.host ?? url.host;
    const path = pathBehind(mount, url.pathname);
    if (path === null) return sendJson(response, 404, { Message: `Nothing is mounted at ${url.pathname}.` });
    const apiPath = pathBehind('/api/v1', path);
    if (apiPath !== null) return api(request, response, url, apiPath);
    if (await handleOAuth(runtime, request, response, url, path)) return;
    if (await handleControl(runtime, request, response, path)) return;
    if (services !== null && (await services(request, response, url, path))) return;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return sendJson(response, 404, { Message: 'Not found.' });
    if (path === '' || path === '/') return sendHtml(response, 200, indexPage(runtime.state, runtime.siteRoot));
    if (path === '/swagger/v1/swagger.json' && apiDescription.access !== 'none') {
      const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      const isKnown = token !== undefined && (await runtime.tokens.verify(token)) !== null;
      return apiDescription.access === 'token' && !isKnown
        ? sendJson(response, 401, { Message: 'Authorization has been denied for this request.' })
        : sendJson(response, 200, swaggerDocument(mount, apiDescription));
    }
    const live = /^\/live\/([^/]+)(\/.*)?$/.exec(path);
    const target = runtime.state.publishingTargets.find((candidate) => candidate.slug === live?.[1]);
    if (!live || !target) return sendJson(response, 404, { Message: 'Not found.' });
    sendLive(runtime, response, target, (live[2] ?? '').replace(/^\//, ''));
  };
}

function sendLive(runtime: Runtime, response: ServerResponse, target: PublishingTarget, path: string): void {
  const { state, siteRoot } = runtime;
  const answer = liveAnswer(state, target, path, `${siteRoot}/live/${target.slug}/`);
  switch (answer.kind) {
    case 'html':
      sendHtml(response, answer.status, answer.html);
      break;
    case 'redirect':
      redirect(response, encodeURI(answer.path), 301);
      break;
    case 'file': {
      const { contentType, bytes } = fileAnswer(answer.name, answer.file, false);
      send(response, 200, contentType, bytes, {});
    }
  }
}

/** The rest of a path behind a prefix, compared as IIS does without regard to case; null when it is elsewhere. */
function pathBehind(prefix: string, path: string): string | null {
  if (path.toLowerCase() === prefix.toLowerCase()) return '';
  return path.toLowerCase().startsWith(`${prefix.toLowerCase()}/`) ? path.slice(prefix.length) : null;
}

function normaliseMount(mount: string): string {
  const bare = mount.replace(/^\/+|\/+$/g, '');
  return bare === '' ? '' : `/${bare}`;
}

function sendFailure(response: ServerResponse, error: unknown): void {
  if (error instanceof HttpRefusal) sendJson(response, error.status, error.body);
  else
    sendJson(response, 500, {
      Message: `The sandbox itself failed: ${error instanceof Error ? error.message : error}`,
    });
}
