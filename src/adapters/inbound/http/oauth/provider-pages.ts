import type { Response } from 'express';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { renderPage } from './pages/render-page.ts';
import type { PageError, View } from './pages/views.ts';

/** Answers with a page of ours in place of one of the library's. */
export function answerWithPage(context: KoaContextWithOIDC, view: View): void {
  const page = renderPage(view);
  context.status = page.status;
  context.set(page.headers);
  context.body = page.html;
}

/** The page for what the library refuses where nobody may be redirected. */
export function errorView(error: Error, requestId: string): View {
  const kind = kindOf(error);
  const detail = kind !== 'internal' && 'error_description' in error ? error.error_description : undefined;
  return { page: 'error', error: kind, requestId, ...(typeof detail === 'string' ? { detail } : {}) };
}

/** Express has put the request's id into the answer that the library writes to. */
export function requestIdIn(context: KoaContextWithOIDC, requestIdOf: (response: Response) => string): string {
  // The library is called with Express' own objects.
  return requestIdOf(context.res as unknown as Response);
}

function kindOf(error: Error): PageError {
  if (error instanceof errors.InvalidClient || error instanceof errors.InvalidClientMetadata) return 'unknown-client';
  if (error instanceof errors.InvalidRedirectUri) return 'redirect-mismatch';
  if (error instanceof errors.SessionNotFound) return 'expired';
  return error instanceof errors.OIDCProviderError && error.expose ? 'bad-request' : 'internal';
}
