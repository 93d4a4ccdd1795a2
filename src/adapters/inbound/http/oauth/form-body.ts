import express, { type Request, type RequestHandler } from 'express';

/** More than any form of ours sends. */
const formBytesMax = '32kb';

/** Reads what a form sent, as text; nothing else is accepted as a form. */
export const formBody: RequestHandler = express.text({
  type: 'application/x-www-form-urlencoded',
  limit: formBytesMax,
});

/** The fields of the form, in order and with repetitions. None where no form was sent. */
export function fieldsOf(request: Request): URLSearchParams {
  const body: unknown = request.body;
  return new URLSearchParams(typeof body === 'string' ? body : '');
}
