import { z } from 'zod';
import type { Job, Json } from '../../domain/model/job.ts';
import type { MissedRunPolicy, Schedule, ScheduleTime } from '../../domain/model/schedule.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import type { JobDefinition } from '../define-job.ts';
import { storedPrincipal, storePrincipal } from '../stored-principal.ts';

/** What is stored with a job: in whose name it runs, and what it was asked. Holds no credential. */
export const storedJob = z.object({
  principal: storedPrincipal,
  /** Of the call that started it: the same id is found in the log lines of both. */
  requestId: z.string(),
  /** The task that the call was for. */
  task: z.string().exactOptional(),
  input: z.json(),
  /** The trace that it goes on with; written beside the others by whoever watches the queue. */
  traceparent: z.string().optional(),
});

/**
 * Hands work to the queue, in the name of the caller. Under an idempotency key the job's id follows from the key, so
 * that the same call again finds the same job. When this answers, the job survives every crash.
 *
 * @throws DomainError STORAGE_UNAVAILABLE.
 */
export async function startJob<I extends z.ZodObject, O extends z.ZodObject, N extends PortName>(
  definition: JobDefinition<I, O, N>,
  input: z.output<I>,
  ports: Pick<Ports, 'jobs' | 'ids'>,
  call: Call,
): Promise<Job> {
  const job = await ports.jobs.add({
    id: call.idempotencyKey === undefined ? ports.ids.id('job') : `job_${call.idempotencyKey.slice(0, keyCharacters)}`,
    queue: definition.queue,
    kind: definition.kind,
    owner: call.principal.subject,
    input: storeJobInput(input, call),
    attemptsMax: definition.attemptsMax,
    backoffMs: definition.backoffMs,
    ...lanesOf(definition, input),
  });
  call.started(job.id);
  return job;
}

/**
 * Has work done at a time, once or again and again, in the name of the caller. The same id replaces what it held; the
 * same schedule again changes nothing, so that a program may put its own at every start.
 *
 * @throws DomainError BAD_INPUT for a time that cannot be read, TOO_LARGE, STORAGE_UNAVAILABLE.
 */
export async function scheduleJob<I extends z.ZodObject, O extends z.ZodObject, N extends PortName>(
  definition: JobDefinition<I, O, N>,
  input: z.output<I>,
  when: ScheduledFor,
  ports: Pick<Ports, 'schedules'>,
  call: Pick<Call, 'principal' | 'task'>,
): Promise<Schedule> {
  const { queue, kind, attemptsMax, backoffMs } = definition;
  return ports.schedules.put({
    id: when.id,
    owner: call.principal.subject,
    time: when.time,
    missed: when.missed,
    toleranceMs: when.toleranceMs ?? toleranceMsDefault,
    // Log lines of its runs are found by the schedule: the call that put it may be long ago, and changes nothing.
    job: {
      ...{ queue, kind, attemptsMax, backoffMs, ...lanesOf(definition, input) },
      input: storeJobInput(input, { ...call, requestId: when.id }),
    },
  });
}

export interface ScheduledFor {
  readonly id: string;
  readonly time: ScheduleTime;
  readonly missed: MissedRunPolicy;
  /** A due time that is noticed later than this counts as missed. The default is a minute: longer than a restart. */
  readonly toleranceMs?: number;
}

const toleranceMsDefault = 60_000;

function lanesOf<I extends z.ZodObject>(
  { lanes }: { readonly lanes?: (input: z.output<I>) => readonly string[] },
  input: z.output<I>,
): { readonly lanes?: readonly string[] } {
  return lanes === undefined ? {} : { lanes: lanes(input) };
}

/** The stored form of what a job was asked, for the queue or a schedule. */
export function storeJobInput(input: unknown, call: Pick<Call, 'principal' | 'requestId' | 'task'>): Json {
  const stored: Omit<z.input<typeof storedJob>, 'traceparent'> = {
    principal: storePrincipal(call.principal),
    requestId: call.requestId,
    ...(call.task === undefined ? {} : { task: call.task }),
    // Definitions promise plain JSON; parsing what JSON makes of it proves it, and drops what is undefined.
    input: z.json().parse(JSON.parse(JSON.stringify(input))),
  };
  return stored;
}

/** 128 bits of the key's hash, as many as a random id has. */
const keyCharacters = 32;
