import { assetPaths } from './assets.ts';
import { consentPage } from './consent-page.ts';
import { continuePage } from './continue-page.ts';
import { deviceCodePage, deviceConfirmPage, deviceDonePage } from './device-pages.ts';
import { errorPage, errorStatuses } from './error-page.ts';
import { grantsPage, revokePage } from './grants-page.ts';
import { layout, type PageParts } from './layout.ts';
import { signInPage } from './sign-in-page.ts';
import { signInRedirectPage } from './sign-in-redirect-page.ts';
import { signedOutPage } from './signed-out-page.ts';
import type { View } from './views.ts';

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

/** Any view as an answer: whoever sends it sends all three, whatever the web framework. */
export function renderPage(view: View): Page {
  return {
    status: view.page === 'error' ? errorStatuses[view.error] : statusOf(view),
    headers: headersOf(view),
    html: layout(partsOf(view), assetPaths).toString(),
  };
}

function statusOf(view: View): number {
  const reason = view.page === 'sign-in' ? view.problem?.reason : undefined;
  if (reason === 'limited') return 429;
  return reason === 'unavailable' ? 503 : 200;
}

function partsOf(view: View): PageParts {
  switch (view.page) {
    case 'sign-in':
      return signInPage(view);
    case 'sign-in-redirect':
      return signInRedirectPage(view);
    case 'consent':
      return consentPage(view);
    case 'continue':
      return continuePage(view);
    case 'device-code':
      return deviceCodePage(view);
    case 'device-confirm':
      return deviceConfirmPage(view);
    case 'device-done':
      return deviceDonePage(view);
    case 'grants':
      return grantsPage(view);
    case 'revoke':
      return revokePage(view);
    case 'signed-out':
      return signedOutPage(view);
    case 'error':
      return errorPage(view);
  }
}

/**
 * - `form-action` names this origin alone. Browsers hold it against every redirect after a form was sent, so a POST is
 *   never answered by a redirect to elsewhere, but by the page that leads on (see `ContinueView`).
 * - `Referrer-Policy` is `same-origin`: nothing goes to other sites, and our own forms still come with an Origin to
 *   check. With `no-referrer` browsers send `Origin: null` (Fetch standard, "append a request Origin header").
 * - Pages of the authorization flow may be a popup of a client's web page that waits for it to come back; a
 *   `Cross-Origin-Opener-Policy` would cut that bond for good. The pages that people open by themselves have it.
 */
function headersOf(view: View): Record<string, string> {
  const retryAfterSeconds = view.page === 'error' ? view.retryAfterSeconds : retryAfterOf(view);
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    ...(isOpenedAlone(view) ? { 'Cross-Origin-Opener-Policy': 'same-origin' } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterSeconds)) }),
  };
}

function retryAfterOf(view: View): number | undefined {
  return view.page === 'sign-in' ? view.problem?.retryAfterSeconds : undefined;
}

function isOpenedAlone(view: View): boolean {
  const alone: readonly View['page'][] = [
    'grants',
    'revoke',
    'signed-out',
    'device-code',
    'device-confirm',
    'device-done',
  ];
  return alone.includes(view.page);
}
