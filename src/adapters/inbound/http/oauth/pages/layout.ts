import { type Html, html } from './html.ts';
import { texts } from './texts.ts';

export interface PageParts {
  /** Of the browser's tab; plain text. */
  readonly title: string;
  readonly heading: Html | string;
  readonly body: Html;
  /** Pages with lists need more room than a decision. */
  readonly isWide?: boolean;
  /** Where the page leads by itself, at once. */
  readonly leadsTo?: string;
  readonly isSandbox?: boolean;
}

/** Where the pages' own files are: their addresses change with their content. */
export interface AssetPaths {
  readonly stylesheet: string;
  readonly icon: string;
}

/** What all pages have in common. No page holds a script, a style attribute or anything of another origin. */
export function layout(parts: PageParts, assets: AssetPaths): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
${parts.leadsTo !== undefined && html`<meta http-equiv="refresh" content="0;url=${parts.leadsTo}">`}
<title>${parts.title} · ${texts.product}</title>
<link rel="stylesheet" href="${assets.stylesheet}">
<link rel="icon" type="image/svg+xml" href="${assets.icon}">
</head>
<body>
<header class="top">${mark}<span>${texts.product}</span></header>
<main class="${parts.isWide === true ? 'card wide' : 'card'}">
${parts.isSandbox === true && html`<p class="sandbox">${texts.sandboxNote}</p>`}
<h1>${parts.heading}</h1>
${parts.body}
</main>
<footer class="bottom">${texts.footer}</footer>
</body>
</html>
`;
}

/** A page that someone signed: drawn in the colour of the text around it. */
const mark = html`<svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" class="mark-ground"/><path d="M10 7h8l4 4v14H10z M18 7v4h4 M13 18.5l2.2 2.2 4-4.6" class="mark-line"/></svg>`;

/** The same as a file of its own, for the browser's tab. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1d4e6b"/>' +
  '<path d="M10 7h8l4 4v14H10z M18 7v4h4 M13 18.5l2.2 2.2 4-4.6" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>';
