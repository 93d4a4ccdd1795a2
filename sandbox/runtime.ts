import type { CallLog } from './call-log.ts';
import type { DitaPreview } from './cms/dita-preview.ts';
import type { PreviewTask } from './cms/publish-preview.ts';
import type { ReportSession } from './cms/reports.ts';
import type { Faults } from './faults.ts';
import type { Knobs } from './knobs.ts';
import type { SandboxState } from './model.ts';
import type { PublishingQueue } from './publishing-queue.ts';
import type { Tokens } from './tokens.ts';

/** A running sandbox's parts, shared by all its requests. Nothing of it outlives the process except `state`. */
export type Runtime = {
  state: SandboxState;
  knobs: Knobs;
  now: () => Date;
  /** `http://127.0.0.1:1234/cxp4`, no slash at the end. */
  siteRoot: string;
  /** To be called after every change of the state; schedules a save when there is a data file. */
  changed: () => void;
  queue: PublishingQueue;
  tokens: Tokens;
  faults: Faults;
  calls: CallLog;
  /** In memory only, as on the real server. */
  reports: Map<string, ReportSession>;
  previews: Map<string, PreviewTask>;
  ditaPreviews: Map<string, DitaPreview>;
  /** Device codes that were given out for an analytics service, with their target. */
  analyticsCodes: Map<string, string>;
};
