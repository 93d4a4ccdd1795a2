import type { Principal } from '../../domain/model/principal.ts';
import { cutText } from './cut-text.ts';

/**
 * A comment for the CMS's own history that tells who acted through this server. Long comments are cut in front of the
 * signature, so that the signature always stands.
 */
export function signComment(comment: string | undefined, principal: Principal, mark?: string): string {
  const words = cutText((comment ?? '').trim(), commentCharactersMax).text;
  const signature = `(by agent ${principal.clientId} for ${principal.subject}${mark === undefined ? '' : `, ${mark}`})`;
  return words === '' ? signature : `${words} ${signature}`;
}

/** The CMS does not say how long a comment may be; its lists show one line. */
export const commentCharactersMax = 500;
