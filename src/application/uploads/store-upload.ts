import { z } from 'zod';
import { uploadBytesMax } from '../../domain/ports/files.ts';
import { defineTask } from '../define-task.ts';
import { storedFile, storeFile } from '../items/store-file.ts';

/** What a ticket says about the file that may be brought once. */
export const uploadOrder = z.object({
  folderId: z.string(),
  fileName: z.string(),
  replaceId: z.string().optional(),
  schemaId: z.string().optional(),
});
export type UploadOrder = z.infer<typeof uploadOrder>;

/**
 * Stores a file that was brought to the upload door. A task, so that it passes the same steps as every call (rate,
 * freeze, events), but none that agents see: the bytes do not come from them.
 */
export const storeUpload = defineTask({
  name: 'store_upload',
  title: 'Store an uploaded file',
  summary: 'Store the bytes that were brought to a one-time upload address.',
  toolset: 'assets',
  effect: 'additive',
  idempotent: false,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: ['assets', 'pages', 'drafts'],
  input: uploadOrder
    .extend({ bytes: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= uploadBytesMax) })
    .strict(),
  output: storedFile,
  publishesOutputSchema: false,
  deadlineMs: 180_000,
  execute: ({ folderId, fileName, bytes, replaceId, schemaId }, ports, call) =>
    storeFile(
      {
        folderId,
        fileName,
        bytes,
        ...(replaceId === undefined ? {} : { replaceId }),
        ...(schemaId === undefined ? {} : { schemaId }),
      },
      ports,
      call,
    ),
});
