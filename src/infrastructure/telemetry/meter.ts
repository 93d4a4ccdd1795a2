import type { Attributes, Counter, Histogram, Meter, ObservableResult } from '@opentelemetry/api';
import {
  initialLabels,
  type LabelsOf,
  type MetricName,
  type MetricNameOf,
  type MetricRow,
  type Metrics,
  metricTable,
  type Reading,
} from './metrics.ts';

/**
 * Makes an instrument for each row of the table. The unit stands in the name alone: the exporter adds no suffix, and a
 * UNIT comment is no part of the text format that Prometheus reads.
 */
export function createMetrics(meter: Meter): Metrics {
  const counters = new Map<MetricName, Counter>();
  const histograms = new Map<MetricName, Histogram>();
  for (const [name, row] of rows) {
    if (row.kind === 'counter') {
      const counter = meter.createCounter(name, { description: row.help });
      for (const labels of initialLabels(row)) counter.add(0, labels);
      counters.set(name, counter);
    }
    if (row.kind === 'histogram') {
      const { buckets = [] } = row;
      histograms.set(
        name,
        meter.createHistogram(name, { description: row.help, advice: { explicitBucketBoundaries: [...buckets] } }),
      );
    }
  }
  return {
    count: (name, labels, by = 1) => counters.get(name)?.add(by, toAttributes(labels)),
    record: (name, value, labels) => histograms.get(name)?.record(value, toAttributes(labels)),
    observe: (name, read) => {
      const { kind, help: description }: MetricRow = metricTable[name];
      const instrument =
        kind === 'gauge'
          ? meter.createObservableGauge(name, { description })
          : meter.createObservableCounter(name, { description });
      instrument.addCallback((result) => observeInto(result, read));
    },
  };
}

// `Object.entries` forgets that every key is a name of the table.
const rows = Object.entries(metricTable) as readonly (readonly [MetricName, MetricRow])[];

async function observeInto<Name extends MetricNameOf<'gauge' | 'observed_counter'>>(
  result: ObservableResult,
  read: () => readonly Reading<Name>[] | Promise<readonly Reading<Name>[]>,
): Promise<void> {
  try {
    for (const { value, labels } of await read()) result.observe(value, toAttributes(labels));
  } catch {
    // What cannot be read now is missing on this page, which is what alerts look for; whoever was asked tells of it.
  }
}

/** The labels of a row are texts, by the type of the table. */
function toAttributes<Name extends MetricName>(labels: LabelsOf<Name>): Attributes {
  return labels as Attributes;
}
