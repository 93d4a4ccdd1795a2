import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, DiagLogLevel, diag } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler, type Sampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Config } from '../config/schema.ts';
import { commit, version } from '../version.ts';
import { createMetrics } from './meter.ts';
import { type Metrics, noMetrics } from './metrics.ts';
import { measureRuntime } from './runtime-metrics.ts';
import { samplerOf } from './sampler.ts';
import { createSpanSender } from './send-spans.ts';
import { createTracing, noTracing, type Tracing } from './tracing.ts';

/** What a process measures and traces with, until it is closed. */
export interface Telemetry {
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** The metrics page in the text format of Prometheus; `undefined` where nothing is measured. */
  readonly renderPage: (() => Promise<string>) | undefined;
  /** Sends what is left, for `closeMsMax` at most. */
  close(): Promise<void>;
}

/** For commands that end at once, and for OTEL_SDK_DISABLED. */
export const noTelemetry: Telemetry = {
  metrics: noMetrics,
  tracing: noTracing,
  renderPage: undefined,
  close: async () => undefined,
};

export interface TelemetryOptions {
  readonly config: Pick<
    Config,
    'serviceName' | 'telemetryDisabled' | 'otlpEndpoint' | 'otlpProtocol' | 'tracesSampler' | 'tracesSamplerArg'
  >;
  /** Told of what the telemetry itself has trouble with; never more than a line for each. */
  readonly onProblem: (message: string) => void;
}

/**
 * Starts to measure and to trace. Without a collector no span is kept, and only the ids are made that log lines carry.
 * What is set globally is the carrier of the active span alone: the rest is handed to whoever needs it.
 */
export function startTelemetry({ config, onProblem }: TelemetryOptions): Telemetry {
  if (config.telemetryDisabled) return noTelemetry;
  tellTroubles(onProblem);
  const resource = resourceOf(config.serviceName);
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const metrics = createMetrics(provider.getMeter(scope, version));
  metrics.observe('build_info', () => [
    {
      value: 1,
      labels: { version, commit, node: process.versions.node },
    },
  ]);
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  const sender = config.otlpEndpoint === undefined ? undefined : createSpanSender(config.otlpProtocol, metrics);
  const sampler: Sampler = sender === undefined ? new AlwaysOffSampler() : samplerOf(config);
  const tracer = new TracerProvider({
    resource,
    sampler,
    // Whatever finds its way into an attribute by mistake is short.
    spanLimits: { attributeValueLengthLimit: attributeCharactersMax },
    spanProcessors: sender === undefined ? [] : [sender],
  });
  const stopMeasuring = measureRuntime(metrics);
  // The scope is the same for every metric, and a label for it would only lengthen each line.
  const serializer = new PrometheusSerializer(undefined, false, undefined, false, true);
  return {
    metrics,
    tracing: createTracing(tracer.getTracer(scope, version)),
    renderPage: async () => `${serializer.serialize((await reader.collect()).resourceMetrics)}\n`,
    close: async () => {
      stopMeasuring();
      await Promise.race([tracer.shutdown().catch(() => undefined), wait(closeMsMax)]);
      await provider.shutdown();
      context.disable();
      diag.disable();
    },
  };
}

/** How long the end may wait for the collector. */
const closeMsMax = 4_000;

const attributeCharactersMax = 256;

/** The name under which everything is measured. */
const scope = 'ingeniux-cms-mcp-server';

/** OTEL_RESOURCE_ATTRIBUTES go before what is known here. */
function resourceOf(serviceName: string): Resource {
  const known = resourceFromAttributes({
    'service.name': serviceName,
    'service.version': version,
    'service.instance.id': randomUUID(),
  });
  return known.merge(detectResources({ detectors: [envDetector] }));
}

const wait = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });

function tellTroubles(onProblem: (message: string) => void): void {
  const tell = (message: string): void => onProblem(message);
  const silent = (): void => undefined;
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
