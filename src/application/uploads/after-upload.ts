import type { z } from 'zod';
import { DomainError, errorTable, type NextCall } from '../../domain/errors.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { uploadQuestion } from '../items/store-file.ts';
import { keepUpload } from './kept-uploads.ts';
import { ticketSeconds, type UploadTicket } from './tickets.ts';

/** A file that was brought under a ticket, which is used up. */
export interface BroughtFile {
  readonly secret: string;
  readonly ticket: UploadTicket;
  /** Absent where the file did not arrive as a whole. */
  readonly bytes?: Uint8Array;
}

type Needs = Pick<Ports, 'records' | 'digest' | 'uploadDoor'>;

/** What whoever brought a file is told when something has to be decided first: the call to make, and whether to send the file again. */
export async function answerQuestion(
  question: z.infer<typeof uploadQuestion>,
  brought: BroughtFile,
  ports: Needs,
): Promise<Readonly<Record<string, unknown>>> {
  const { next, how } = await nextUpload(brought, ports);
  const [first] = question.choices;
  const answer =
    question.about === 'schema'
      ? 'with one of the choices as "schema"'
      : `with "replace": "${first?.id ?? ''}" to give that asset the file, or with another "file_name"`;
  const text =
    question.about === 'schema'
      ? 'Several content types take this kind of file. Nothing was stored.'
      : `The folder holds "${brought.ticket.order.fileName}" already. Nothing was stored.`;
  return {
    state: 'question',
    question: { ...question, text },
    hint: `Call upload_asset as in "next", ${answer}. ${how}`,
    next,
  };
}

/** An error as whoever brought the file has to know it: its address is used up, whatever went wrong. */
export async function errorAfterUpload(error: DomainError, brought: BroughtFile, ports: Needs): Promise<DomainError> {
  const { retry } = errorTable[error.code];
  const { candidates, retryAfterSeconds, details } = error;
  const facts = {
    ...(candidates === undefined ? {} : { candidates }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(details === undefined ? {} : { details }),
    cause: error,
  };
  if (retry === 'never') return new DomainError(error.code, `${error.message} This address is used up.`, facts);
  if (unseenCodes.includes(error.code)) {
    const look = { tool: 'browse_tree', input: { at: brought.ticket.order.folderId } };
    const message = `${error.message} This address is used up. Look whether the folder holds the file before you bring it again.`;
    return new DomainError(error.code, message, { ...facts, next: look });
  }
  const { next, how } = await nextUpload(retry === 'later' ? brought : { ...brought, bytes: undefined }, ports);
  return new DomainError(error.code, `${error.message} To go on, call upload_asset as in "next". ${how}`, {
    ...facts,
    next,
  });
}

/** After these the file may be there. */
const unseenCodes: readonly string[] = ['OUTCOME_UNKNOWN', 'WRITE_UNVERIFIED', 'CMS_UNEXPECTED'];

async function nextUpload(
  {
    secret,
    ticket: { order, principal },
    bytes,
  }: Omit<BroughtFile, 'bytes'> & { readonly bytes?: Uint8Array | undefined },
  ports: Needs,
): Promise<{ readonly next: NextCall; readonly how: string }> {
  const address = ports.uploadDoor.addressOf(secret);
  const isKept = bytes !== undefined && address !== undefined && (await keepUpload(secret, bytes, principal, ports));
  return {
    next: {
      tool: 'upload_asset',
      input: {
        folder: order.folderId,
        file_name: order.fileName,
        ...(order.replaceId === undefined ? {} : { replace: order.replaceId }),
        ...(order.schemaId === undefined ? {} : { schema: order.schemaId }),
        ...(isKept ? { source_url: address } : {}),
      },
    },
    how: isKept
      ? `The file is kept for ${ticketSeconds / 60} minutes: do not send it again.`
      : 'This address is used up and the file is not kept: send it again, to the address that upload_asset answers.',
  };
}
