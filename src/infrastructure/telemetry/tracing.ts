import {
  type Attributes,
  context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { SpanAttributes } from './attributes.ts';

/** Makes spans. Nothing here throws. */
export interface Tracing {
  /** Begins a span below the one that is active, or below `remote` where that is given. */
  start(facts: SpanFacts): OpenSpan;
  /** The active span as another process needs it (W3C Trace Context); `undefined` without one. */
  traceparent(): string | undefined;
  /** Whether the active span is kept: where it is not, spans below it are not worth their making. */
  isRecording(): boolean;
}

export interface SpanFacts {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly attributes: SpanAttributes;
  /** The caller's own context. The span that is active here becomes a link. */
  readonly remote?: TraceCarrier | undefined;
}

/** https://www.w3.org/TR/trace-context/ */
export interface TraceCarrier {
  readonly traceparent: string;
  readonly tracestate?: string;
}

export interface OpenSpan {
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** Marks it as failed. `message` must be a text of our own. */
  fail(message?: string): void;
  /** Runs `work` with this span as the active one. */
  within<T>(work: () => T): T;
  end(): void;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

export function createTracing(tracer: Tracer): Tracing {
  return {
    start: ({ name, kind, attributes, remote }) => {
      const here = context.active();
      const parent = remote === undefined ? here : propagator.extract(ROOT_CONTEXT, remote, defaultTextMapGetter);
      const carrier = remote === undefined ? undefined : trace.getSpanContext(here);
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes: toAttributes(attributes),
          ...(carrier === undefined ? {} : { links: [{ context: carrier }] }),
        },
        parent,
      );
      return openSpan(span, trace.setSpan(here, span));
    },
    traceparent: () => {
      const headers: Record<string, string> = {};
      propagator.inject(context.active(), headers, {
        set: (carrier, key, value) => Object.assign(carrier, { [key]: value }),
      });
      return headers['traceparent'];
    },
    isRecording: () => trace.getActiveSpan()?.isRecording() ?? false,
  };
}

/** Makes no spans. */
export const noTracing: Tracing = {
  start: () => noSpan,
  traceparent: () => undefined,
  isRecording: () => false,
};

const noSpan: OpenSpan = {
  set: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
  within: (work) => work(),
  end: () => undefined,
};

/** The ids of the active span, for log lines; empty without one. */
export function activeTraceIds(): { readonly trace_id?: string; readonly span_id?: string } {
  const active = trace.getSpanContext(context.active());
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
}

/** The context in what a message or a stored job carries; `undefined` where there is none. */
export function carrierIn(holder: unknown): TraceCarrier | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const { traceparent, tracestate } = holder as { readonly traceparent?: unknown; readonly tracestate?: unknown };
  if (typeof traceparent !== 'string' || !traceparentForm.test(traceparent)) return undefined;
  const isState = typeof tracestate === 'string' && tracestate.length <= tracestateCharactersMax;
  return { traceparent, ...(isState ? { tracestate } : {}) };
}

const traceparentForm = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What the standard asks to pass on at least. */
const tracestateCharactersMax = 512;

const propagator = new W3CTraceContextPropagator();

function openSpan(span: Span, within: ReturnType<typeof context.active>): OpenSpan {
  return {
    set: (attributes) => {
      span.setAttributes(toAttributes(attributes));
    },
    rename: (name) => {
      span.updateName(name);
    },
    fail: (message) => {
      span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
    },
    within: (work) => context.with(within, work),
    end: () => span.end(),
  };
}

/** Texts and numbers, by their type. */
function toAttributes(attributes: SpanAttributes): Attributes {
  return { ...attributes };
}
