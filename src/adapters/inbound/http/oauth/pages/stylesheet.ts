/**
 * The one stylesheet of the pages. Fonts are those of the system, colours follow the person's choice of light or dark
 * and of forced colours; everything is laid out from 320 px upwards; what is pressed measures at least 44 px.
 *
 * `armed` is for buttons that give something away: for a moment after the page appears they take no press of a pointer.
 * A page that lures a person into a double click and slips this one under the second click gets nothing by it.
 */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #eef2f5; --card: #ffffff; --ink: #16232e; --soft: #4d5c69; --line: #d5dde4; --control: #7b8a97;
  --accent: #1d4e6b; --accent-over: #143a51; --on-accent: #ffffff; --tint: #eaf1f6;
  --warn-ground: #fff6e0; --warn-line: #c98a00; --warn-ink: #4a3500;
  --bad: #a3202b; --bad-over: #7f1720; --bad-ground: #fdecec; --good-ground: #e8f5ec; --good-line: #2b7a4b; --good-ink: #143d25;
  --focus: #0b63ce;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f161c; --card: #18222b; --ink: #e8eef3; --soft: #a9b7c3; --line: #2d3a46; --control: #7d8d9a;
    --accent: #8cc3e6; --accent-over: #b0d8f1; --on-accent: #0c1a24; --tint: #1f2d38;
    --warn-ground: #33280d; --warn-line: #d9a32b; --warn-ink: #f6e3b4;
    --bad: #ff9d9d; --bad-over: #ffc0c0; --bad-ground: #3a1a1d; --good-ground: #14301f; --good-line: #5fbf86; --good-ink: #cdeeda;
    --focus: #8ec5ff;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; padding: 1.5rem 1rem;
  display: flex; flex-direction: column; align-items: center; gap: 1rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: anywhere;
}
.top, .card, .bottom { width: 100%; max-width: 33rem; }
.wide { max-width: 46rem; }
body:has(.wide) .top, body:has(.wide) .bottom { max-width: 46rem; }
.top { display: flex; align-items: center; gap: .65rem; font-weight: 600; font-size: .95rem; }
.mark { flex: none; }
.mark-ground { fill: var(--accent); }
.mark-line { fill: none; stroke: var(--on-accent); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.card {
  padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  box-shadow: 0 1px 2px rgb(16 32 48 / .05), 0 8px 28px rgb(16 32 48 / .07);
}
.bottom { color: var(--soft); font-size: .85rem; text-align: center; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.012em; text-wrap: balance; }
h2 { margin: 1.75rem 0 .75rem; font-size: 1rem; line-height: 1.35; font-weight: 650; }
p { margin: 0 0 1rem; }
.lead { font-size: 1.0625rem; }
.hint { color: var(--soft); font-size: .9rem; }
.card > :last-child, form > :last-child, .notice > :last-child { margin-bottom: 0; }
form + .hint, form + .notice { margin-top: 1rem; }
a { color: var(--accent); text-underline-offset: .18em; }
a:hover { color: var(--accent-over); }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .9em; }
blockquote { margin: 0 0 1rem; padding: .65rem .9rem; border-inline-start: 4px solid var(--line); background: var(--tint); border-radius: 0 8px 8px 0; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 8px; }

.sandbox { margin: 0 0 1.25rem; padding: .45rem .8rem; border: 1px dashed var(--control); border-radius: 8px; color: var(--soft); font-size: .875rem; }
.notice { padding: .75rem .95rem; border: 1px solid; border-inline-start-width: 5px; border-radius: 10px; font-size: .95rem; }
.notice { margin-bottom: 1rem; }
.notice p { margin-bottom: .5rem; }
.notice .kind { display: block; }
.warning { background: var(--warn-ground); border-color: var(--warn-line); color: var(--warn-ink); }
.problem { background: var(--bad-ground); border-color: var(--bad); color: var(--ink); }
.problem .kind { color: var(--bad); }
.done { background: var(--good-ground); border-color: var(--good-line); color: var(--good-ink); }

.facts { margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 12px; }
.facts > div { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .15rem 1rem; padding: .65rem .95rem; }
.facts > div + div { border-top: 1px solid var(--line); }
.facts dt { color: var(--soft); font-size: .9rem; }
.facts dd { margin: 0; min-width: 0; }

.scopes { list-style: none; margin: 0 0 1rem; padding: 0; }
.scopes li { position: relative; padding: .1rem 0 .85rem 2rem; }
.scopes li::before {
  content: ""; position: absolute; inset-inline-start: .25rem; top: .35rem; width: .95rem; height: .5rem;
  border: solid var(--accent); border-width: 0 0 2.5px 2.5px; transform: rotate(-45deg);
}
.scopes strong, .scopes span { display: block; }
.scopes .not { color: var(--soft); font-size: .9rem; }

.field { margin: 0 0 1rem; }
.field .hint { margin: .4rem 0 0; }
label { display: block; font-weight: 600; margin-bottom: .3rem; }
input[type="text"], input[type="password"], select {
  width: 100%; min-height: 46px; padding: .55rem .8rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--control); border-radius: 10px;
}
input:focus-visible, select:focus-visible { outline-offset: 0; border-radius: 10px; }
[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
.code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; letter-spacing: .14em; font-size: 1.25rem; }
.code.shown { padding: .8rem; border: 1px solid var(--line); border-radius: 12px; background: var(--tint); text-align: center; font-size: 1.7rem; font-weight: 650; }

.choice { display: flex; gap: .8rem; align-items: flex-start; min-height: 44px; margin: 0; padding: .55rem .6rem; border-radius: 10px; font-weight: 400; cursor: pointer; }
.choice:hover { background: var(--tint); }
.choice input { flex: none; width: 1.3rem; height: 1.3rem; margin: .12rem 0 0; accent-color: var(--accent); }
.choice strong, .choice span span, summary strong, summary span span { display: block; }
.choice span span, summary span span { color: var(--soft); font-size: .9rem; line-height: 1.4; }
details { margin: .25rem 0 1rem; }
summary { display: flex; align-items: flex-start; gap: .6rem; min-height: 44px; padding: .55rem .6rem; border-radius: 10px; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; flex: none; width: .5rem; height: .5rem; margin: .5rem .45rem 0 .35rem; border: solid currentColor; border-width: 0 2px 2px 0; transform: rotate(-45deg); transition: transform .15s; }
details[open] > summary::before { transform: rotate(45deg); }
summary:hover { background: var(--tint); }
fieldset { margin: 0; padding: .35rem 0 0; border: 0; min-width: 0; }
fieldset .hint { padding-inline: .6rem; margin-bottom: .5rem; }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); gap: .1rem .5rem; }

.actions { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin: 1.5rem 0 1rem; }
.actions.one { grid-template-columns: 1fr; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 48px; padding: .6rem 1.2rem;
  border: 1px solid transparent; border-radius: 10px; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
}
.primary, a.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.primary:hover, a.primary:hover { background: var(--accent-over); border-color: var(--accent-over); color: var(--on-accent); }
.secondary, a.secondary { background: var(--card); border-color: var(--control); color: var(--ink); }
.secondary:hover, a.secondary:hover { background: var(--tint); color: var(--ink); }
.danger, a.danger { background: var(--card); border-color: var(--bad); color: var(--bad); }
.danger:hover, a.danger:hover { background: var(--bad-ground); color: var(--bad-over); }
.armed { animation: arm .8s step-end; }
@keyframes arm { from { pointer-events: none; } to { pointer-events: auto; } }

.grants, .names { list-style: none; margin: 0; padding: 0; }
.grant { padding: 1.25rem; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 12px; }
.grant h2 { margin: 0 0 .75rem; font-size: 1.1rem; }
.grant .facts { border: 0; }
.grant .facts > div { padding: .3rem 0; border: 0; }
.names li { padding: .5rem 0; border-bottom: 1px solid var(--line); font-weight: 600; }
.names { margin-bottom: 1rem; }
.empty { padding: 1.5rem; border: 1px dashed var(--control); border-radius: 12px; color: var(--soft); text-align: center; }
.foot { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: space-between; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }

@media (max-width: 30rem) {
  body { padding: 1rem .75rem 1.5rem; }
  .card { padding: 1.25rem 1.1rem; border-radius: 14px; }
  h1 { font-size: 1.35rem; }
  .facts > div { grid-template-columns: minmax(0, 1fr); }
  .grant { padding: 1rem; }
  .foot > *, .foot button, .grant > .button { width: 100%; }
}
@media (min-height: 50rem) and (min-width: 30.01rem) { body { padding-top: 3.5rem; } }
@media (prefers-contrast: more) { :root { --line: var(--control); --soft: var(--ink); } }
@media (prefers-reduced-motion: reduce) { summary::before { transition: none; } }
@media (forced-colors: active) {
  .mark-ground { fill: ButtonText; }
  .mark-line { stroke: ButtonFace; }
  .scopes li::before { border-color: CanvasText; }
  button.primary, .button.primary { border-width: 3px; }
}
@media print {
  body { background: none; padding: 0; display: block; }
  .card { border: 0; box-shadow: none; padding: 0; }
  .actions, .foot, .grant > .button { display: none; }
}
`;
