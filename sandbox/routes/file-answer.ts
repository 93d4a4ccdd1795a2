import type { AssetFile } from '../model.ts';
import { FileAnswer } from '../route.ts';

/** Filler never grows beyond this, whatever size the metadata claims. */
const MAX_FILLER_BYTES = 8 * 1024 * 1024;

/** A file as the CMS sends it. Files of which only the metadata is known are sent as filler of their size. */
export function fileAnswer(name: string, file: AssetFile, download: boolean): FileAnswer {
  const bytes =
    file.text !== null
      ? Buffer.from(file.text, 'utf8')
      : file.base64 !== null
        ? Buffer.from(file.base64, 'base64')
        : Buffer.alloc(Math.min(file.byteSize, MAX_FILLER_BYTES), 'sandbox ');
  return new FileAnswer(file.mimeType, bytes, download ? { downloadName: name } : {});
}
