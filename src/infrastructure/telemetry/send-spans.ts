import { type ExportResult, ExportResultCode, globalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Config } from '../config/schema.ts';
import type { Metrics } from './metrics.ts';

/**
 * Sends spans to the collector in the background, in batches. Memory is bounded: at most `queueMax` spans wait, and what
 * comes while they do is dropped and counted, as is each batch that the collector did not take. Nobody waits for it.
 *
 * Address, headers, time-out and compression are those of the OTEL_EXPORTER_OTLP names, which the exporter reads itself.
 */
export function createSpanSender(protocol: Config['otlpProtocol'], metrics: Metrics): SpanProcessor {
  let waiting = 0;
  const exporter = exporters[protocol]();
  const counting: SpanExporter = {
    export: (spans: ReadableSpan[], done: (result: ExportResult) => void) => {
      waiting -= spans.length;
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) {
          metrics.count('otel_export_failures_total', { signal: 'traces' });
          globalErrorHandler(result.error ?? new Error('The collector did not take the spans.'));
        }
        // The processor is told of no failure: after each it would send one batch more at a time than before, since it
        // forgets then that it has begun the next. One that never answers would be sent thirty, and all would be kept.
        done({ code: ExportResultCode.SUCCESS });
      });
    },
    shutdown: () => exporter.shutdown(),
  };
  const batches = new BatchSpanProcessor({ exporter: counting, maxQueueSize: queueMax, scheduledDelayMillis: delayMs });
  return {
    onStart: (span, parent) => batches.onStart(span, parent),
    onEnd: (span) => {
      // The processor would drop it as well, but only tell its log.
      if (waiting >= queueMax) {
        metrics.count('otel_spans_dropped_total', {});
        return;
      }
      waiting += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
}

/** The default of the SDK. */
const queueMax = 2_048;

/** How long a span waits for others to be sent with. */
const delayMs = 2_000;

const exporters: Readonly<Record<Config['otlpProtocol'], () => SpanExporter>> = {
  'http/protobuf': () => new ProtobufExporter(),
  'http/json': () => new JsonExporter(),
};
