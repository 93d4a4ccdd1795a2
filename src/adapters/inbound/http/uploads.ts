import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { RunTask } from '../../../application/pipeline/run-task.ts';
import { answerQuestion, type BroughtFile, errorAfterUpload } from '../../../application/uploads/after-upload.ts';
import { storeUpload } from '../../../application/uploads/store-upload.ts';
import type { UploadTicket } from '../../../application/uploads/tickets.ts';
import { DomainError, toDomainError } from '../../../domain/errors.ts';
import { uploadBytesMax } from '../../../domain/ports/files.ts';
import { presentHttpError } from './present-http-error.ts';

export interface UploadsOptions {
  readonly redeem: (secret: string) => Promise<UploadTicket | undefined>;
  readonly runTask: RunTask;
  readonly requestIdOf: (response: Response) => string;
  /** Where files that wait for an answer are kept. */
  readonly ports: Parameters<typeof answerQuestion>[2];
  /** For a whole body to arrive. */
  readonly bodyTimeoutMs?: number;
}

/**
 * `PUT /uploads/<ticket>`: the bytes of one file, for whoever holds the ticket that `upload_asset` gave out. The ticket is
 * the credential; it is used up by the first request that brings it, whatever becomes of that. A file that cannot be
 * stored yet is kept for its owner, who names the used address as the source of the next call.
 */
export function uploads(options: UploadsOptions): Router {
  const router = Router();
  router.put('/uploads/:ticket', receive(options));
  return router;
}

/** Each body is held in memory while it travels on. */
const bodiesMax = 4;
const bodyTimeoutDefaultMs = 120_000;
const ticketForm = /^up_[\w-]{20,100}$/;

function receive(options: UploadsOptions): RequestHandler {
  let bodies = 0;
  return async (request, response) => {
    const requestId = options.requestIdOf(response);
    // Proxies and browsers must keep neither the address nor the answer.
    response.setHeader('Cache-Control', 'no-store');
    const closed = new AbortController();
    response.once('close', () => closed.abort());
    bodies += 1;
    let brought: BroughtFile | undefined;
    try {
      if (bodies > bodiesMax)
        throw new DomainError('RATE_LIMITED', 'Too many uploads at once; this address is good still.', {
          retryAfterSeconds: 5,
        });
      if (Number(request.headers['content-length'] ?? 0) > uploadBytesMax) throw tooLarge();
      const secret = String(request.params['ticket'] ?? '');
      const ticket = ticketForm.test(secret) ? await options.redeem(secret) : undefined;
      if (ticket === undefined) {
        throw new DomainError(
          'NOT_FOUND',
          'This upload address is unknown, was used, or has expired. Call upload_asset for a new one.',
        );
      }
      brought = { secret, ticket };
      const bytes = await readBody(request, options.bodyTimeoutMs ?? bodyTimeoutDefaultMs);
      brought = { ...brought, bytes };
      const { output } = await options.runTask(
        storeUpload,
        { ...ticket.order, bytes },
        { principal: ticket.principal, requestId, signal: closed.signal },
      );
      const { question } = storeUpload.output.parse(output);
      if (question === undefined) response.status(201).json(output);
      else response.status(409).json(await answerQuestion(question, brought, options.ports));
    } catch (thrown) {
      // Refusals of ours and of the CMS have their row in the table; anything else becomes INTERNAL there.
      if (!request.complete) response.setHeader('Connection', 'close');
      const error = toDomainError(thrown);
      const told = brought === undefined ? error : await errorAfterUpload(error, brought, options.ports);
      presentHttpError(response, told, requestId);
    } finally {
      bodies -= 1;
    }
  };
}

async function readBody(request: Request, timeoutMs: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const timer = setTimeout(() => request.destroy(new DomainError('TIMED_OUT', 'The file took too long.')), timeoutMs);
  try {
    // An answer has to follow, so that the connection stays open when too much comes.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      // A request without an encoding yields buffers.
      const bytes = chunk as Uint8Array;
      length += bytes.byteLength;
      if (length > uploadBytesMax) throw tooLarge();
      chunks.push(bytes);
    }
  } finally {
    clearTimeout(timer);
  }
  if (length === 0) throw new DomainError('BAD_INPUT', 'The body is empty: send the raw bytes of the file.');
  return Buffer.concat(chunks);
}

const tooLarge = (): DomainError =>
  new DomainError('TOO_LARGE', `A file may have ${uploadBytesMax} bytes. Bring a smaller one to a new upload address.`);
