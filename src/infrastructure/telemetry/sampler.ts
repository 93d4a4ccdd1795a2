import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Config } from '../config/schema.ts';

/** The sampler that OTEL_TRACES_SAMPLER names (OpenTelemetry, SDK environment variables). */
export function samplerOf({ tracesSampler, tracesSamplerArg }: SamplerSettings): Sampler {
  return samplers[tracesSampler](tracesSamplerArg);
}

type SamplerSettings = Pick<Config, 'tracesSampler' | 'tracesSamplerArg'>;

const samplers: Readonly<Record<Config['tracesSampler'], (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
};
