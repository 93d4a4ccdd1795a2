import type { AnyTask } from '../define-task.ts';

/** The catalogue: every task, in the order that clients see. One task, one file, one line. */
export const tasks = [] as const satisfies readonly AnyTask[];
