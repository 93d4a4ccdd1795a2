import { z } from 'zod';
import { DomainError } from '../../../domain/errors.ts';
import type { ContentItem } from '../../../domain/model/content-item.ts';
import type { FileUpload } from '../../../domain/ports/cms/assets.ts';
import { uploadBytesMax } from '../../../domain/ports/files.ts';
import type { Ports } from '../../../domain/ports/index.ts';
import type { Call } from '../../call.ts';
import { defineTask } from '../../define-task.ts';
import { allPages } from '../../items/all-pages.ts';
import { resolveItem } from '../../items/resolve-item.ts';
import { resolveSchema } from '../../items/resolve-schema.ts';
import { nameQuestion, storedAsset, storedFile, storeFile } from '../../items/store-file.ts';
import { type AskAboutUpload, askingAboutUpload, fileNameForm, fileNameHint } from '../../items/upload-questions.ts';
import { contextOf, guardWrite, refuseForeignLock } from '../../items/write-guard.ts';
import { readKeptFile } from '../../snapshots/visible-snapshot.ts';
import { readKeptUpload, ticketOfAddress } from '../../uploads/kept-uploads.ts';
import { issueTicket, ticketSeconds } from '../../uploads/tickets.ts';
import { dryRunParameter, itemParameter } from '../parameters.ts';

const fileNameMax = 200;
const textMax = 100_000;
const foldersMax = 10;

const input = z
  .object({
    folder: z.string().trim().min(1).max(2000).optional().describe('Asset folder: id, path or name; made when missing'),
    file_name: z
      .string()
      .trim()
      .max(fileNameMax)
      .refine((name) => fileNameForm.test(name), fileNameHint)
      .describe('With extension'),
    source_url: z.string().max(2000).optional().describe('Import from this address, if its origin is allowed'),
    source_snapshot: z.string().max(200).optional().describe('<snapshot>:<asset id>'),
    text: z.string().max(textMax).optional().describe('Content of a small text file'),
    replace: itemParameter.optional().describe('Asset to give the new file'),
    schema: z.string().max(200).optional().describe('Content type, where several take such files'),
    dry_run: dryRunParameter,
  })
  .strict();
type Input = z.output<typeof input>;

const uploadAnswer = storedFile.extend({
  state: z.enum(['stored', 'question', 'planned', 'waiting', 'cancelled']),
  folder: z.object({ id: z.string().optional(), name: z.string() }).optional(),
  folders_made: z.array(z.string()).optional(),
  upload: z
    .object({ url: z.string(), method: z.literal('PUT'), expires_in_seconds: z.int(), bytes_max: z.int() })
    .optional()
    .describe('Send the raw bytes there, once'),
});
type UploadAnswer = z.input<typeof uploadAnswer>;

/** Brings a file into the CMS. */
export const uploadAsset = defineTask({
  name: 'upload_asset',
  title: 'Upload a file',
  summary:
    'Upload an image or document, or replace the file of an asset. Answers a one-time address for the bytes, imports from an allowed address, or takes a small text. A taken name or several fitting content types come back as a question.',
  toolset: 'assets',
  effect: 'additive',
  // A name that is taken is never taken again, and a replaced file is replaced by the same.
  idempotent: true,
  heedsFreeze: true,
  scopes: ['cms:read', 'cms:write'],
  needs: [
    'assets',
    'pages',
    'search',
    'publishing',
    'schemas',
    'drafts',
    'fetcher',
    'uploadDoor',
    'records',
    'ids',
    'digest',
    'snapshots',
  ],
  input,
  output: uploadAnswer,
  publishesOutputSchema: false,

  async execute(given, ports, call) {
    if (sourcesOf(given).length > 1) {
      throw new DomainError(
        'BAD_INPUT',
        'Give one of "text", "source_url" and "source_snapshot"; without them there is an upload address.',
      );
    }
    const named = given.replace === undefined ? undefined : await assetToReplace(given.replace, ports);
    const place = await findPlace(given, named, ports);
    const schemaId = given.schema === undefined ? undefined : (await resolveSchema(given.schema, ports.schemas)).id;
    const bytes = rememberedBytes(given, ports, call);
    const first = { fileName: given.file_name, replaced: named, schemaId };
    // Whoever brings the bytes later is there to answer, and an address for them must not be kept with a job.
    const ask = call.ask === undefined || !bringsBytes(given) ? undefined : askingAboutUpload(call.ask);
    const lost = call.mayHaveRun === true && bringsBytes(given) ? await bytes() : undefined;
    const settled = await settleName(first, place, { ask, lost }, ports);
    if ('answer' in settled) return settled.answer;
    const { wanted } = settled;
    if (given.dry_run) {
      return {
        state: 'planned' as const,
        folder: viewFolder(place.folder ?? place.base, place.missing),
        ...(place.missing.length === 0 ? {} : { folders_made: [...place.missing] }),
        ...(wanted.replaced === undefined ? {} : { replaced: true }),
      };
    }
    if (!bringsBytes(given) && ports.uploadDoor.addressOf('') === undefined) {
      throw new DomainError(
        'CAPABILITY_MISSING',
        'This connection has no upload address: the server runs without HTTP. Give "source_url" or, for a small text file, "text".',
      );
    }
    // An address that is refused must not leave new folders behind, so that the bytes come first.
    if (bringsBytes(given)) await bytes();
    const folder = await makeFolders(place, ports);
    if (place.missing.length > 0) {
      const itemIds = [place.base.id, folder.id];
      call.emit({ type: 'content_changed', itemIds, change: 'structure', subject: call.principal.subject });
    }
    const made = place.missing.length === 0 ? {} : { folders_made: [...place.missing] };
    if (bringsBytes(given))
      return { ...(await store({ ...orderOf(wanted, folder), bytes: await bytes() }, ask, ports, call)), ...made };
    const secret = await issueTicket(orderOf(wanted, folder), call.principal, ports);
    return {
      state: 'waiting' as const,
      folder: viewFolder(folder, []),
      ...made,
      upload: {
        url: ports.uploadDoor.addressOf(secret) ?? '',
        method: 'PUT' as const,
        expires_in_seconds: ticketSeconds,
        bytes_max: uploadBytesMax,
      },
      hint: 'For example: curl -T FILE URL. Its answer tells what was stored, or what to decide and how to go on. Whoever has the address can use it once.',
    };
  },
});

type Needs = Pick<Ports, 'assets' | 'pages' | 'search' | 'publishing'>;

/** Where a file goes: an existing folder, or one that is to be made below `base`. */
interface Place {
  readonly folder: ContentItem | undefined;
  readonly base: ContentItem;
  /** Names of the folders to make, outermost first. */
  readonly missing: readonly string[];
}

async function assetToReplace(text: string, ports: Needs): Promise<ContentItem> {
  const asset = await resolveItem(text, ports);
  if (asset.kind !== 'asset')
    throw new DomainError(
      'BAD_INPUT',
      `"${asset.name}" (${asset.id}) is no asset with a file. "replace" takes the asset that gets the new one. Nothing was stored.`,
    );
  await guardWrite(asset, ports);
  refuseForeignLock(asset, await contextOf(asset.id, ports));
  return asset;
}

async function findPlace(given: Input, replaced: ContentItem | undefined, ports: Needs): Promise<Place> {
  if (replaced?.parentId !== undefined) {
    const folder = await ports.assets.get(replaced.parentId);
    if (folder !== undefined) return { folder, base: folder, missing: [] };
  }
  if (given.folder === undefined) {
    const roots = await allPages((page) => ports.assets.rootFolders(page));
    throw new DomainError('BAD_INPUT', 'Say where the file goes: "folder" is missing.', {
      candidates: roots.slice(0, foldersMax).map(({ id, name }) => ({ id, name })),
    });
  }
  if (/^af\/\d+$/.test(given.folder)) {
    const folder = await resolveItem(given.folder, ports);
    return { folder, base: folder, missing: [] };
  }
  return walkFolders(given.folder, ports);
}

/** Down a path of names: the CMS finds assets by path, folders only by their parents. */
async function walkFolders(path: string, ports: Needs): Promise<Place> {
  const names = path
    .split('/')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const [first] = names;
  if (first === undefined || names.length > foldersMax) {
    throw new DomainError('BAD_INPUT', `"folder" is a path of 1 to ${foldersMax} names.`);
  }
  const roots = await allPages((page) => ports.assets.rootFolders(page));
  let base = roots.find((root) => isNamed(root, first));
  if (base === undefined) {
    throw new DomainError(
      'NOT_FOUND',
      `There is no root folder "${first.slice(0, 80)}"; root folders are made in the CMS.`,
      {
        candidates: roots.slice(0, foldersMax).map(({ id, name }) => ({ id, name })),
      },
    );
  }
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    const parentId: string = base.id;
    const children = await allPages((page) => ports.assets.children(parentId, page));
    const next = children.find((child) => child.kind === 'asset_folder' && isNamed(child, name));
    if (next === undefined) return { folder: undefined, base, missing: names.slice(index) };
    base = next;
  }
  return { folder: base, base, missing: [] };
}

const isNamed = (item: ContentItem, name: string): boolean => item.name.toLowerCase() === name.toLowerCase();

async function assetNamed(name: string, folder: ContentItem, ports: Needs): Promise<ContentItem | undefined> {
  const children = await allPages((page) => ports.assets.children(folder.id, page));
  return children.find((child) => child.kind === 'asset' && isNamed(child, name));
}

async function makeFolders(place: Place, ports: Needs): Promise<ContentItem> {
  if (place.missing.length > 0) await guardWrite(place.base, ports);
  let folder = place.base;
  for (const name of place.missing) folder = await ports.assets.createFolder(name, folder.id);
  return folder;
}

/** What the call itself brings the bytes by; at most one of them is given. */
const sourcesOf = ({ text, source_url, source_snapshot }: Input): readonly string[] =>
  [text, source_url, source_snapshot].filter((source) => source !== undefined);

const bringsBytes = (given: Input): boolean => sourcesOf(given).length > 0;

/** The bytes of a call that brings them; fetched when they are first asked for, and once. */
function rememberedBytes(given: Input, ports: SourcePorts, call: Call): Bytes {
  let bytes: Promise<Uint8Array> | undefined;
  return () => {
    bytes ??= readSource(given, ports, call);
    return bytes;
  };
}

type SourcePorts = Pick<Ports, 'fetcher' | 'snapshots' | 'pages' | 'assets' | 'uploadDoor' | 'records' | 'digest'>;

async function readSource(
  { text, source_url: url, source_snapshot: kept }: Input,
  ports: SourcePorts,
  { signal, principal }: Call,
): Promise<Uint8Array> {
  if (url !== undefined) {
    const ticket = ticketOfAddress(url, ports.uploadDoor);
    return ticket === undefined ? ports.fetcher.fetch(url, signal) : readKeptUpload(ticket, principal, ports);
  }
  if (kept !== undefined) return readKeptFile(kept, ports, principal);
  return new TextEncoder().encode(text);
}

type Bytes = () => Promise<Uint8Array>;

/** What is to be stored, as it is known so far. */
interface Wanted {
  readonly fileName: string;
  /** The asset that gets the file. */
  readonly replaced: ContentItem | undefined;
  readonly schemaId: string | undefined;
}

const orderOf = ({ fileName, replaced, schemaId }: Wanted, folder: ContentItem) => ({
  folderId: folder.id,
  fileName,
  ...(replaced === undefined ? {} : { replaceId: replaced.id }),
  ...(schemaId === undefined ? {} : { schemaId }),
});

const givenUp = { state: 'cancelled' as const, hint: 'The user gave the upload up. Nothing was stored.' };

interface Asking {
  readonly ask: AskAboutUpload | undefined;
  /** What an earlier run of the call, which was lost, may have stored. */
  readonly lost: Uint8Array | undefined;
}

/** A name that is free, or the asset that is to be replaced; or what to answer in place of both. */
async function settleName(
  first: Wanted,
  { folder }: Place,
  { ask, lost }: Asking,
  ports: Needs,
): Promise<{ readonly wanted: Wanted } | { readonly answer: UploadAnswer }> {
  if (folder === undefined) return { wanted: first };
  await guardWrite(folder, ports);
  let wanted = first;
  while (wanted.replaced === undefined) {
    const taken = await assetNamed(wanted.fileName, folder, ports);
    if (taken === undefined) break;
    if (lost !== undefined && taken.file?.byteSize === lost.byteLength) return { answer: storedAsset(taken) };
    const question = nameQuestion(wanted.fileName, taken);
    if (ask === undefined) return { answer: { state: 'question', question } };
    const decision = await ask(question);
    if ('given_up' in decision) return { answer: givenUp };
    wanted =
      'replaceId' in decision
        ? { ...wanted, replaced: await assetToReplace(decision.replaceId, ports) }
        : { ...wanted, ...decision };
  }
  return { wanted };
}

/** Stores the file, and asks what the CMS asks where somebody can be asked. */
async function store(
  first: FileUpload,
  ask: AskAboutUpload | undefined,
  ports: Needs & Pick<Ports, 'drafts'>,
  call: Call,
): Promise<UploadAnswer> {
  for (let file = first; ; ) {
    const stored = await storeFile(file, ports, call);
    if (stored.question === undefined || ask === undefined) return stored;
    const decision = await ask(stored.question);
    if ('given_up' in decision) return givenUp;
    if ('replaceId' in decision) await assetToReplace(decision.replaceId, ports);
    file = { ...file, ...decision };
  }
}

const viewFolder = (folder: ContentItem, missing: readonly string[]) =>
  missing.length === 0 ? { id: folder.id, name: folder.name } : { name: [folder.name, ...missing].join('/') };
