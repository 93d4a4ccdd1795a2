import { AsyncLocalStorage } from 'node:async_hooks';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import {
  CLIENT_CAPABILITIES_META_KEY,
  classifyInboundRequest,
  createMcpHandler,
  isInitializeRequest,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { tooManyCalls } from '../../../application/authorization/too-many-calls.ts';
import type { AccessGrant } from '../../../application/authorization/verify-access-token.ts';
import { withinGrant } from '../../../application/tasks/exposure.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { Principal } from '../../../domain/model/principal.ts';
import { traceIdOf } from '../../../domain/policy/trace-id.ts';
import type { EventBus } from '../../../domain/ports/event-bus.ts';
import type { OperationCatalogue } from '../../../domain/ports/operation-catalogue.ts';
import type { RateDecision } from '../../../domain/ports/rate-limiter.ts';
import type { IdSource } from '../../../domain/ports/system.ts';
import { createAnnouncer } from './announcer.ts';
import { callerFromHttp, toAuthInfo, type Visitor } from './caller.ts';
import { chooseExposure, toolsetsHeader } from './choose-exposure.ts';
import { createCompleter } from './complete-argument.ts';
import { followChanges } from './follow-changes.ts';
import { rpcCode, sendRpcError } from './json-rpc-error.ts';
import { createLegacySessions, defaultSessionLimits, type SessionEnd, type SessionLimits } from './legacy-sessions.ts';
import type { McpDeps } from './mcp-deps.ts';
import { messagesOf } from './messages.ts';
import { createPending } from './pending.ts';
import { findScopeChallenge, type ScopeChallenge } from './scope-challenge.ts';
import { createMcpServer } from './server.ts';
import { namesTasks, requiredCapabilities, tasksExtension } from './tasks/extension.ts';
import { listenToTasks, type TaskNews, taskReaderOf, watchesTasks } from './tasks/task-news.ts';
import { listenMethod, watchListens } from './watch-listens.ts';

export interface McpEndpointOptions extends McpDeps {
  readonly ids: IdSource;
  readonly events: EventBus;
  /** Who sent the request, as the authentication in front of this endpoint found. */
  readonly identify: (
    request: Request,
    response: Response,
  ) => { readonly grant: AccessGrant; readonly requestId: string };
  readonly catalogue: OperationCatalogue;
  /** Counts the messages of a request against the limit of its user and client, and tells the client what is left. */
  readonly count: (principal: Principal, messages: number, response: Response) => Promise<RateDecision>;
  /** Told of a request that passes the limit, before it is refused. */
  readonly onRateLimited: (response: Response) => void;
  /** Answers a request whose token lacks scopes; in front, because this endpoint does not know its own addresses. */
  readonly refuseForScopes: (challenge: ScopeChallenge, response: Response) => void;
  /** Whether a grant given before still stands; asked while long streams are open. */
  readonly isGrantAlive: (grant: AccessGrant) => Promise<boolean>;
  readonly sessionLimits?: SessionLimits;
  readonly onSessionEnded?: (reason: SessionEnd) => void;
}

/** MCP over Streamable HTTP: revision 2026-07-28 without sessions, 2025-11-25 and before with them. */
export interface McpEndpoint {
  /** For `app.all([...mcpPaths], …)`, after authentication. */
  readonly handlers: readonly (RequestHandler | ErrorRequestHandler)[];
  sessionCount(): number;
  /** Open streams: subscriptions, and those of sessions. */
  streamCounts(): Readonly<Record<StreamKind, number>>;
  /** Ends idle sessions, and streams whose token has expired or was revoked. Runs by itself, too. */
  sweep(): Promise<void>;
  /** Refuses new requests, waits up to `graceMs` for those under way, then ends streams and sessions. */
  close(graceMs: number): Promise<void>;
}

/** The largest edit of an editor's work is far below; a larger request is a mistake or an attack. */
export const bodyBytesMax = 1_048_576;

const sweepIntervalMs = 30_000;
/** Streams of `subscriptions/listen`, per user and client, and in this process. */
const streamsPerOwnerMax = 32;
const streamsMax = 1_024;
/** How soon a client may come back to a server that is going away: its successor is starting. */
const restartSeconds = 5;

export function createMcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { clock, ids, onProblem, onRefusal } = options;
  const announcer = createAnnouncer(options.events);
  const sessions = createLegacySessions(
    clock,
    options.sessionLimits ?? defaultSessionLimits,
    onProblem,
    options.onSessionEnded,
  );
  const completer = createCompleter(options);
  const streams = new Set<Stream>();
  const pending = createPending();
  let closing = false;

  // The SDK's bus is not told who subscribes; the subscription is made inside the request, which knows.
  const subscriber = new AsyncLocalStorage<Subscriber>();
  const modern = createMcpHandler(() => createMcpServer(options, completer, 'modern', callerFromHttp), {
    legacy: 'reject',
    bus: busFor(announcer, subscriber),
    maxSubscriptions: streamsMax,
    onerror: onRefusal,
  });
  const watched = watchListens(modern.fetch, options.watch);
  const tellingTasks: Pick<typeof modern, 'fetch'> = {
    fetch: async (...request) => {
      const answer = await watched(...request);
      return subscriber.getStore()?.news?.through(answer) ?? answer;
    },
  };
  const serveModern = toNodeHandler(tellingTasks, { onerror: (error) => onProblem(error) });

  const endStreams = (isOver: (stream: Stream) => boolean): void => {
    for (const stream of [...streams].filter(isOver)) stream.response.destroy();
  };
  const unsubscribe = options.events.subscribe((event) => {
    if (event.type === 'token_revoked') endStreams(({ grant }) => grant.tokenId === event.tokenId);
    if (event.type === 'grant_revoked') endStreams(({ grant }) => grant.principal.grantId === event.grantId);
  });

  const sweep = async (): Promise<void> => {
    sessions.sweep();
    await Promise.all(
      [...streams].map(async (stream) => {
        // When the store cannot be asked, the stream stays: it is asked again at the next sweep.
        const alive = await options.isGrantAlive(stream.grant).catch(() => true);
        if (!alive) stream.response.destroy();
      }),
    );
  };
  const timer = setInterval(() => void sweep().catch(onProblem), sweepIntervalMs);
  timer.unref();

  const countKind = (kind: StreamKind): number => [...streams].filter((stream) => stream.kind === kind).length;

  /** Counts the request until its connection is done with it. */
  const track = (response: Response, grant: AccessGrant, stream: StreamKind | undefined): void => {
    const done = stream === undefined ? pending.begin() : rememberStream(streams, { kind: stream, response, grant });
    response.once('close', done);
  };

  const openSession = async (request: Request, response: Response, grant: AccessGrant): Promise<void> => {
    const id = ids.id('mcp');
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      maxRequestBodySize: bodyBytesMax,
    });
    const session = { id, owner: ownerOf(grant.principal), transport };
    if (!sessions.admit(session)) {
      response.setHeader('Retry-After', String(restartSeconds));
      sendRpcError(response, 503, rpcCode.internalError, 'Too many sessions are open. Close some, or try again soon.');
      return;
    }
    const release = sessions.use(session);
    response.once('close', release);
    const server = createMcpServer(options, completer, 'legacy', callerFromHttp);
    const unfollow = followChanges(server, 'legacy', announcer, grant.principal);
    server.onerror = onRefusal;
    server.onclose = () => {
      unfollow();
      sessions.remove(id);
    };
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
    // A refused handshake leaves no session behind.
    if (transport.sessionId === undefined) await server.close();
  };

  const serveLegacy = async (request: Request, response: Response, grant: AccessGrant): Promise<void> => {
    const id = request.get('mcp-session-id');
    if (id === undefined) {
      if (request.method === 'POST' && isInitializeRequest(request.body)) return openSession(request, response, grant);
      sendRpcError(response, 400, rpcCode.sessionNeeded, 'This request needs a session: send initialize first.');
      return;
    }
    const session = sessions.find(id, ownerOf(grant.principal));
    if (session === undefined) {
      sendRpcError(response, 404, rpcCode.sessionUnknown, 'Session not found. Send initialize to open a new one.');
      return;
    }
    response.once('close', sessions.use(session));
    await session.transport.handleRequest(request, response, request.body);
  };

  const newsOfTasks = (body: unknown, visitor: Visitor, response: Response): Promise<TaskNews | undefined> => {
    const closed = new AbortController();
    response.once('close', () => closed.abort());
    return listenToTasks(body, taskReaderOf(options, visitor, closed.signal), (error) => {
      if (!closed.signal.aborted) onProblem(error);
    });
  };

  const serve: RequestHandler = async (request, response) => {
    if (closing) {
      response.setHeader('Retry-After', String(restartSeconds));
      response.setHeader('Connection', 'close');
      sendRpcError(response, 503, rpcCode.internalError, 'The server is shutting down. Try again in a moment.');
      return;
    }
    const choice = chooseExposure(request.path, request.get(toolsetsHeader));
    if ('problem' in choice) {
      sendRpcError(response, 404, rpcCode.invalidRequest, choice.problem);
      return;
    }
    const { grant, requestId } = options.identify(request, response);
    const { principal } = grant;
    const exposure = withinGrant(choice.exposure, principal.exposure);
    const traceId = traceIdOf(request.get('traceparent'));
    const visitor = { principal, requestId, exposure, isCounted: true, ...(traceId === undefined ? {} : { traceId }) };
    // The SDK hands this on to its handlers, for each request anew.
    Object.assign(request, { auth: toAuthInfo(visitor, grant.tokenId) });
    const messages = messagesOf(request.body);
    const rate = await options.count(principal, Math.max(messages.length, 1), response);
    if (!rate.allowed) {
      options.onRateLimited(response);
      const error = tooManyCalls(rate);
      sendRpcError(response, 429, rpcCode.rateLimited, error.message, {
        id: messages.length === 1 ? (messages[0]?.id ?? null) : null,
        data: { ...error.toJSON(), request_id: requestId },
      });
      return;
    }
    const challenge = findScopeChallenge(options, request.body, visitor);
    if (challenge !== undefined) {
      options.refuseForScopes(challenge, response);
      return;
    }
    const isListen = request.method === 'POST' && methodOf(request.body) === listenMethod;
    if (isListen && countOf(streams, principal) >= streamsPerOwnerMax) {
      sendRpcError(
        response,
        429,
        rpcCode.rateLimited,
        `More than ${streamsPerOwnerMax} open subscriptions. Close some.`,
      );
      return;
    }
    if (isListen && watchesTasks(request.body) && !declaresTasksIn(request.body)) {
      sendRpcError(response, 400, rpcCode.capabilityMissing, `Following tasks needs the extension ${tasksExtension}.`, {
        id: messages[0]?.id ?? null,
        data: { requiredCapabilities },
      });
      return;
    }
    track(response, grant, isListen ? 'subscription' : request.method === 'GET' ? 'session' : undefined);
    if (isLegacy(request)) return serveLegacy(request, response, grant);
    const news = isListen ? await newsOfTasks(request.body, visitor, response) : undefined;
    const body: unknown = news === undefined ? request.body : news.body;
    const uris = isListen ? subscribedUris(body) : [];
    const subscription = { principal, uris, ...(news === undefined ? {} : { news }) };
    await subscriber.run(subscription, () => serveModern(request, response, body));
  };

  return {
    handlers: [refuseMethods, express.json({ limit: bodyBytesMax, strict: false }), serve, presentBodyError(onProblem)],
    sessionCount: () => sessions.size,
    streamCounts: () => ({ subscription: countKind('subscription'), session: countKind('session') }),
    sweep,
    async close(graceMs) {
      closing = true;
      clearInterval(timer);
      await pending.ended(graceMs);
      unsubscribe();
      // Open subscriptions get their final result here; whatever is still running is cancelled.
      await modern.close();
      await sessions.closeAll();
      announcer.close();
    },
  };
}

/** `subscription`: a `subscriptions/listen`; `session`: the GET of a session. */
export type StreamKind = 'subscription' | 'session';

interface Stream {
  readonly kind: StreamKind;
  readonly response: Response;
  readonly grant: AccessGrant;
}

function rememberStream(streams: Set<Stream>, stream: Stream): () => void {
  streams.add(stream);
  return () => streams.delete(stream);
}

function countOf(streams: ReadonlySet<Stream>, principal: Principal): number {
  return [...streams].filter(({ grant }) => ownerOf(grant.principal) === ownerOf(principal)).length;
}

function ownerOf(principal: Principal): string {
  return JSON.stringify([principal.subject, principal.clientId, principal.grantId ?? null]);
}

function methodOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'method' in body ? body.method : undefined;
}

/** The SDK's own decision. A POST without a JSON body goes to the modern side, which knows how to refuse it. */
function isLegacy(request: Request): boolean {
  if (request.method !== 'POST') return true;
  if (request.body === undefined) return false;
  const protocolVersionHeader = request.get('mcp-protocol-version');
  const mcpMethodHeader = request.get('mcp-method');
  const outcome = classifyInboundRequest({
    httpMethod: request.method,
    ...(protocolVersionHeader === undefined ? {} : { protocolVersionHeader }),
    ...(mcpMethodHeader === undefined ? {} : { mcpMethodHeader }),
    body: request.body,
  });
  return outcome.kind === 'legacy';
}

/** Resource changes as the SDK's streams want to hear them. */
function busFor(
  announcer: ReturnType<typeof createAnnouncer>,
  subscriber: AsyncLocalStorage<Subscriber>,
): ServerEventBus {
  return {
    // Changes come from the domain's event bus alone.
    publish: () => undefined,
    subscribe(listener) {
      const subscribed = subscriber.getStore();
      if (subscribed === undefined) throw new Error('A subscription was made outside a request.');
      const onChanged = (uri: string) => listener({ kind: 'resource_updated', uri });
      return announcer.listen(subscribed.principal, {
        onChanged,
        onMissed: () => subscribed.uris.forEach(onChanged),
      });
    },
  };
}

/** Who listens, and to which resources. */
interface Subscriber {
  readonly principal: Principal;
  readonly uris: readonly string[];
  /** Where it asked for news of tasks. */
  readonly news?: TaskNews;
}

const listenRequest = z.object({
  params: z.object({ notifications: z.object({ resourceSubscriptions: z.array(z.string()) }) }),
});

/** What a `subscriptions/listen` asks for; the SDK, which reads it too, answers one that it cannot read. */
function subscribedUris(body: unknown): readonly string[] {
  return listenRequest.safeParse(body).data?.params.notifications.resourceSubscriptions ?? [];
}

const declaringRequest = z.object({
  params: z.object({ _meta: z.looseObject({ [CLIENT_CAPABILITIES_META_KEY]: z.unknown() }) }),
});

function declaresTasksIn(body: unknown): boolean {
  return namesTasks(declaringRequest.safeParse(body).data?.params._meta[CLIENT_CAPABILITIES_META_KEY]);
}

const methods: readonly string[] = ['POST', 'GET', 'DELETE'];

const refuseMethods: RequestHandler = (request, response, next) => {
  if (methods.includes(request.method)) {
    next();
    return;
  }
  response.setHeader('Allow', methods.join(', '));
  sendRpcError(response, 405, rpcCode.invalidRequest, `${request.method} is not a method of this endpoint.`);
};

/** What went wrong before or beside the SDK, as JSON-RPC: never HTML, never a stack. */
function presentBodyError(onProblem: McpDeps['onProblem']): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, _request, response, next) => {
    // The authentication in front could not ask its storage: no defect, and not this endpoint's to word.
    if (thrown instanceof DomainError) {
      next(thrown);
      return;
    }
    const { status, type } = bodyFault(thrown);
    if (type === 'request.aborted') {
      response.destroy();
    } else if (status === 413) {
      sendRpcError(response, 413, rpcCode.invalidRequest, `The request passes ${bodyBytesMax} bytes.`);
    } else if (status !== undefined) {
      sendRpcError(response, 400, rpcCode.parseError, 'Parse error: the request body is not valid JSON in UTF-8.');
    } else {
      onProblem(thrown);
      sendRpcError(response, 500, rpcCode.internalError, 'Internal server error');
    }
  };
}

/** The reader of bodies gives a 4xx status to whatever a sender did wrong, and a type to most of it. */
function bodyFault(thrown: unknown): { readonly status?: number; readonly type?: unknown } {
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) return {};
  const { status } = thrown;
  if (typeof status !== 'number' || status < 400 || status > 499) return {};
  return { status, ...('type' in thrown ? { type: thrown.type } : {}) };
}
