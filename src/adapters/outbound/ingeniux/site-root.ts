/**
 * The site root of a CMS: what stands before `/api/v1` and `/oauth`. Accepts the root itself, `…/api` and `…/api/v1`, each
 * with or without slashes at the end, because the vendor's own setting ends in `/api` (contract section 1).
 *
 * Pure. @throws TypeError for anything that is no absolute http(s) address.
 */
export function siteRootOf(baseUrl: string): string {
  const url = new URL(baseUrl.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError('The base address of a CMS begins with http:// or https://.');
  }
  const mount = url.pathname.replace(/\/+$/, '').replace(/\/api(?:\/v1)?$/i, '');
  return url.origin + mount.replace(/\/+$/, '');
}
