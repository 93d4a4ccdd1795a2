import type { AnyJob } from '../define-job.ts';
import { publishContentJob } from './publish-content.ts';

/** Every kind of slow work that the queues can hold. One kind, one file, one line. */
export const jobs = [publishContentJob] as const satisfies readonly AnyJob[];
