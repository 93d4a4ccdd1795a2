import { DomainError } from '../../../domain/errors.ts';
import { askingCallJob } from '../../jobs/asking-call.ts';
import { startJob } from '../../jobs/start-job.ts';
import type { Flow, Step, TaskAnswer } from '../flow.ts';
import { callOf } from '../ports-of.ts';

/**
 * A call that has to ask its user goes on as a job, which asks and then makes the call. Whoever cannot be asked is
 * answered with what is needed, as is one whose arguments are too large to be kept.
 */
export const askInJob: Step = async (flow, next) => {
  try {
    return await next(flow);
  } catch (thrown) {
    // A job's own call rises to its queue, which sets the job aside.
    if (!hasToAsk(thrown) || flow.request.ask !== undefined) throw thrown;
    return (await handOver(flow)) ?? next({ ...flow, request: { ...flow.request, showsQuestions: false } });
  }
};

const hasToAsk = (thrown: unknown): boolean => thrown instanceof DomainError && thrown.code === 'HELD';

async function handOver(flow: Flow): Promise<TaskAnswer | undefined> {
  const { task, rawInput, runtime } = flow;
  try {
    const job = await startJob(askingCallJob, { task: task.name, input: rawInput }, runtime.ports, callOf(flow));
    return { kind: 'asking', output: { job: job.id }, replayed: false, startedJob: job.id };
  } catch (thrown) {
    if (thrown instanceof DomainError && thrown.code === 'TOO_LARGE') return undefined;
    throw thrown;
  }
}
