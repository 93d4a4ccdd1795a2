import type { Response } from 'express';
import { renderPage } from './render-page.ts';
import type { View } from './views.ts';

/** Answers with a page. Its headers replace those that answers for programs have. */
export function sendPage(response: Response, view: View): void {
  const page = renderPage(view);
  for (const [name, value] of Object.entries(page.headers)) response.setHeader(name, value);
  response.status(page.status).send(page.html);
}
