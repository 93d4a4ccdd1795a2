import { z } from 'zod';
import type { Job } from '../../domain/model/job.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import type { JobDefinition } from '../define-job.ts';
import { storedPrincipal, storePrincipal } from '../stored-principal.ts';

/** What is stored with a job: in whose name it runs, and what it was asked. Holds no credential. */
export const storedJob = z.object({
  principal: storedPrincipal,
  /** Of the call that started it: the same id is found in the log lines of both. */
  requestId: z.string(),
  input: z.json(),
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
  const stored: z.input<typeof storedJob> = {
    principal: storePrincipal(call.principal),
    requestId: call.requestId,
    // Definitions promise plain JSON; parsing what JSON makes of it proves it, and drops what is undefined.
    input: z.json().parse(JSON.parse(JSON.stringify(input))),
  };
  return ports.jobs.add({
    id: call.idempotencyKey === undefined ? ports.ids.id('job') : `job_${call.idempotencyKey.slice(0, keyCharacters)}`,
    queue: definition.queue,
    kind: definition.kind,
    owner: call.principal.subject,
    input: stored,
    attemptsMax: definition.attemptsMax,
    backoffMs: definition.backoffMs,
  });
}

/** 128 bits of the key's hash, as many as a random id has. */
const keyCharacters = 32;
