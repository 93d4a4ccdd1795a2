import { escapeHtml } from './http.ts';

/** The frame of every HTML page the sandbox serves; no scripts, no outside resources. */
export function pageShell(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5b6b7b; --line: #d9e0e7; --paper: #fff; --wash: #f4f6f8; --accent: #14507a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9fb0c0; --line: #33404d; --paper: #141b22; --wash: #0d1319; --accent: #7cc0ee; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--wash); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: baseline; }
header strong { font-size: 1.1rem; }
a { color: var(--accent); }
nav.crumbs { font-size: .875rem; color: var(--soft); }
main { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
main.card { max-width: 24rem; margin: 12vh auto 0; }
h1 { line-height: 1.2; margin: .25rem 0 1rem; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.15rem; }
.eyebrow, footer, dt { color: var(--soft); font-size: .875rem; }
dl { margin: .75rem 0; }
dd { margin: 0; }
aside { border-left: .25rem solid var(--line); padding: .25rem 1rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
code { font-size: .9em; overflow-wrap: anywhere; }
label { display: block; margin: .75rem 0; }
input { display: block; width: 100%; padding: .5rem; font: inherit; border: 1px solid var(--line); border-radius: .25rem; background: var(--paper); color: inherit; }
button { font: inherit; padding: .5rem 1.25rem; border: 0; border-radius: .25rem; background: var(--accent); color: var(--paper); cursor: pointer; }
.error { color: #b3261e; }
@media (prefers-color-scheme: dark) { .error { color: #ff9a92; } }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: .1rem 0; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
}
`;
