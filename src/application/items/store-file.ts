import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';
import type { ContentItem } from '../../domain/model/content-item.ts';
import type { FileUpload } from '../../domain/ports/cms/assets.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Call } from '../call.ts';
import { itemView, viewItem } from '../tasks/views.ts';
import { contextOf, refuseForeignLock, reread } from './write-guard.ts';

/** What the caller has to decide before a file can be stored. */
export const uploadQuestion = z.object({
  about: z.enum(['name', 'schema']),
  text: z.string(),
  choices: z.array(z.object({ id: z.string(), name: z.string() })),
});

export const storedFile = z.object({
  state: z.enum(['stored', 'question']),
  asset: itemView.optional(),
  bytes: z.int().optional(),
  replaced: z.boolean().optional(),
  question: uploadQuestion.optional(),
  hint: z.string().optional(),
});
type StoredFile = z.infer<typeof storedFile>;

/**
 * Gives a file to the CMS and reads back what became of it. An asset that is replaced is checked out for it, unless the
 * caller holds it already, and left so: checking in makes the new file a version.
 *
 * @throws DomainError LOCKED, FORBIDDEN, CMS_REFUSED, WRITE_UNVERIFIED, OUTCOME_UNKNOWN.
 */
export async function storeFile(
  file: FileUpload,
  ports: Pick<Ports, 'assets' | 'pages' | 'drafts'>,
  call: Call,
): Promise<StoredFile> {
  const { replaceId } = file;
  const isOurs = replaceId === undefined ? false : await checkOutForUpload(replaceId, ports, call);
  const outcome = await ports.assets.upload(file).catch(async (error: unknown) => {
    await giveBack(isOurs ? replaceId : undefined, ports);
    throw error;
  });
  switch (outcome.kind) {
    case 'stored': {
      const [assetId = ''] = outcome.assetIds;
      const change = replaceId === undefined ? 'structure' : 'fields';
      const itemIds = [file.folderId, ...outcome.assetIds];
      call.emit({ type: 'content_changed', itemIds, change, subject: call.principal.subject });
      const asset = await reread(assetId, ports);
      if (asset.file?.byteSize !== file.bytes.byteLength) throw notStored(asset, file);
      return { ...storedAsset(asset), ...(replaceId === undefined ? {} : { replaced: true }) };
    }
    case 'name_taken':
      await giveBack(isOurs ? replaceId : undefined, ports);
      return { state: 'question', question: nameQuestion(file.fileName, await reread(outcome.assetId, ports)) };
    case 'choose_schema':
      await giveBack(isOurs ? replaceId : undefined, ports);
      return {
        state: 'question',
        question: {
          about: 'schema',
          text: `Several content types take this kind of file. Repeat with "schema". Nothing was stored.`,
          choices: outcome.choices.map(({ id, name }) => ({ id, name })),
        },
      };
    case 'refused':
      await giveBack(isOurs ? replaceId : undefined, ports);
      throw new DomainError(
        'CMS_REFUSED',
        `The CMS did not take the file: ${outcome.reasons.join(' ').slice(0, reasonCharactersMax) || 'it gave no reason.'} Nothing was stored. Another type or name of file, or another folder, may be taken.`,
      );
  }
}

const reasonCharactersMax = 300;

/** How an answer tells of a file that the CMS holds. */
export function storedAsset(asset: ContentItem): StoredFile {
  return {
    state: 'stored',
    asset: viewItem(asset),
    ...(asset.file === undefined ? {} : { bytes: asset.file.byteSize }),
    ...(asset.checkedOut ? { hint: 'The asset is checked out to you; check it in to make the file a version.' } : {}),
  };
}

/** A name that is taken: replace that asset, or take another name. */
export function nameQuestion(fileName: string, existing: ContentItem): z.infer<typeof uploadQuestion> {
  return {
    about: 'name',
    text: `The folder holds "${fileName}" already. Repeat with "replace" to give that asset the new file, or with another "file_name". Nothing was stored.`,
    choices: [{ id: existing.id, name: existing.name }],
  };
}

/** True when the check-out was made here. */
async function checkOutForUpload(id: string, ports: Pick<Ports, 'assets' | 'pages'>, call: Call): Promise<boolean> {
  const asset = await reread(id, ports);
  const context = await contextOf(id, ports);
  refuseForeignLock(asset, context);
  if (asset.checkedOut) return false;
  await ports.assets.checkOut(id);
  call.emit({ type: 'content_changed', itemIds: [id], change: 'lock', subject: call.principal.subject });
  return true;
}

/** Undoes a check-out that was made for nothing. */
async function giveBack(id: string | undefined, { drafts }: Pick<Ports, 'drafts'>): Promise<void> {
  if (id === undefined) return;
  try {
    await drafts.discard(id);
  } catch (thrown) {
    // Why the upload failed is what the caller has to hear; a lock that stays is seen in the item.
    if (!(thrown instanceof DomainError)) throw thrown;
  }
}

function notStored(asset: ContentItem, file: FileUpload): DomainError {
  return new DomainError(
    'WRITE_UNVERIFIED',
    `The CMS says that it has stored "${file.fileName}" as ${asset.id}, but shows ${asset.file?.byteSize ?? 0} bytes instead of ${file.bytes.byteLength}. Look at it before you bring the file again.`,
    { next: { tool: 'get_content', input: { items: [asset.id] } } },
  );
}
