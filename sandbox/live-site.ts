import { completeElements, nameOf, plainText, schemaOf } from './cms/content.ts';
import { assetPath, pageByPath, structuredUrl } from './cms/structured-urls.ts';
import { ancestorsOf, childPages, isPage } from './cms/tree.ts';
import { escapeHtml } from './http.ts';
import type {
  AssetFile,
  ContentElement,
  ContentVersion,
  ElementType,
  PageItem,
  PublishingTarget,
  SandboxState,
} from './model.ts';
import { pageShell } from './page-shell.ts';

/** What a visitor of a published site gets. */
export type LiveAnswer =
  | { kind: 'html'; status: number; html: string }
  | { kind: 'redirect'; path: string }
  | { kind: 'file'; name: string; file: AssetFile };

/** A component may hold components; deeper than this is not drawn. */
const MAX_EMBEDDING = 4;

/**
 * The published view of a target: the version that went out, never a working copy or a newer version.
 * @param path - below `{siteRoot}/live/{slug}/`, without a slash in front
 */
export function liveAnswer(state: SandboxState, target: PublishingTarget, path: string, base: string): LiveAnswer {
  const asset = Object.values(state.assets).find(
    (candidate) => candidate.published[target.id] && `assets/${assetPath(state, candidate)}` === decodeSafely(path),
  );
  const sent = asset?.versions.find((version) => version.number === asset.published[target.id]?.version);
  if (sent?.file) return { kind: 'file', name: sent.name, file: sent.file };
  const page = pageByPath(state, target, path);
  const version = page && publishedVersion(page, target);
  if (!page || !version) return { kind: 'html', status: 404, html: notFoundPage(target, base) };
  const address = structuredUrl(state, target, page);
  const isPresentAddress = normalised(address ?? '') === normalised(path);
  if (address !== null && !isPresentAddress) return { kind: 'redirect', path: `${base}${address}` };
  return { kind: 'html', status: 200, html: livePage({ state, target, base }, page, version) };
}

type Site = { state: SandboxState; target: PublishingTarget; base: string };

function livePage(site: Site, page: PageItem, version: ContentVersion): string {
  const { state, target, base } = site;
  const trail = ancestorsOf(state, page)
    .filter(isPage)
    .filter((ancestor) => structuredUrl(state, target, ancestor) !== null)
    .map((ancestor) => linkTo(site, ancestor));
  const children = childPages(state, page.id).filter((child) => publishedVersion(child, target) && !child.isComponent);
  const time = page.published[target.id]?.time ?? '';
  const list =
    children.length === 0
      ? ''
      : `<h2>In this section</h2>\n<ul>${children.map((child) => `<li>${linkTo(site, child)}</li>`).join('')}</ul>`;
  return pageShell(
    `${version.name} - ${state.siteName}`,
    `<header><strong><a href="${escapeHtml(base)}">${escapeHtml(state.siteName)}</a></strong></header>
<main>
<nav class="crumbs" aria-label="Breadcrumb">${[...trail, escapeHtml(version.name)].join(' › ')}</nav>
<h1>${escapeHtml(version.name)}</h1>
${fieldsHtml(site, page, version, 0)}
${list}
</main>
<footer>version ${version.number}, published at ${escapeHtml(time)} on ${escapeHtml(target.name)} — sandbox</footer>`,
  );
}

function fieldsHtml(site: Site, page: PageItem, { name, elements }: ContentVersion, depth: number): string {
  const shown = completeElements(schemaOf(site.state, page), elements)
    .filter(({ field }) => !field.hidden)
    // The heading above says the name already; a title that differs from it is shown.
    .filter(({ element }) => element.value !== name)
    .map(({ field, element }) => ({
      label: field.label,
      isText: field.type === 'IGX_ELEMENT_CDATA',
      html: valueHtml(site, field.type, field.child?.type, element, depth),
    }))
    .filter(({ html }) => html !== '');
  // Rich text stands for itself, as on a real site; the other values say what they are.
  const parts = shown.map(({ label, isText, html }) =>
    isText ? `<div class="text">${html}</div>` : `<dl><dt>${escapeHtml(label)}</dt><dd>${html}</dd></dl>`,
  );
  return parts.join('\n');
}

function valueHtml(
  site: Site,
  type: ElementType,
  childType: ElementType | undefined,
  element: ContentElement,
  depth: number,
): string {
  if (element.children.length > 0) {
    const entries = element.children.map((child) => {
      const own = valueHtml(site, childType ?? 'IGX_ELEMENT_TEXT', undefined, { ...child, children: [] }, depth);
      const inner = child.children.map((part) => escapeHtml(plainText(part.value))).join(' — ');
      return `<li>${own}${own && inner ? ': ' : ''}${inner}</li>`;
    });
    return `<ul>${entries.join('')}</ul>`;
  }
  if (element.value === '') return '';
  const draw = RENDERERS[type];
  return draw ? draw(site, element, depth) : escapeHtml(element.value);
}

const RENDERERS: Partial<Record<ElementType, (site: Site, element: ContentElement, depth: number) => string>> = {
  IGX_ELEMENT_CDATA: (site, element) => withLiveLinks(site, element.value),
  IGX_XML: (_site, element) => `<code>${escapeHtml(element.value)}</code>`,
  IGX_BOOLEAN: (_site, element) => (element.value === 'true' ? 'Yes' : 'No'),
  IGX_MULTI_SELECT: (_site, element) => escapeHtml(element.value.split('|').join(', ')),
  IGX_LINK: (site, element) => linkHtml(site, element),
  IGX_REFERENCES: (site, element) => linkHtml(site, element),
  IGX_ASSET: (site, element) => assetHtml(site, element),
  IGX_DOCUMENT: (site, element) => assetHtml(site, element),
  IGX_MEDIA: (site, element) => assetHtml(site, element),
  IGX_IMAGE: (site, element) => assetHtml(site, element),
  IGX_COMPONENT: (site, element, depth) => componentHtml(site, element.value, depth),
  // What these list is drawn as the section list; grouping has no value.
  IGX_NAVIGATION: () => '',
  IGX_CONTAINER_NAVIGATION: () => '',
  IGX_TAXONOMYNAVIGATION: () => '',
  IGX_GROUP_START: () => '',
  IGX_GROUP_END: () => '',
};

function linkHtml(site: Site, element: ContentElement): string {
  const text = element.attributes['Text'];
  const page = site.state.pages[element.value.replace(/\.xml$/, '')];
  if (page) return linkTo(site, page, text);
  const isAddress = /^https?:\/\//.test(element.value);
  const label = escapeHtml(text ?? element.value);
  return isAddress ? `<a href="${escapeHtml(element.value)}">${label}</a>` : label;
}

function assetHtml(site: Site, element: ContentElement): string {
  const asset = site.state.assets[element.value];
  if (!asset) return '';
  const label = escapeHtml(element.attributes['AltText'] ?? nameOf(asset));
  const path = `${site.base}assets/${assetPath(site.state, asset)}`;
  return asset.published[site.target.id] ? `<a href="${escapeHtml(encodeURI(path))}">${label}</a>` : label;
}

function componentHtml(site: Site, id: string, depth: number): string {
  const component = site.state.pages[id];
  const version = component && publishedVersion(component, site.target);
  if (!component || !version || depth >= MAX_EMBEDDING) return '';
  return `<aside><strong>${escapeHtml(version.name)}</strong>${fieldsHtml(site, component, version, depth + 1)}</aside>`;
}

/** Links inside of markup name pages by id; on the live site they lead to addresses. Scripts do not get out. */
function withLiveLinks(site: Site, markup: string): string {
  return markup.replace(/<script[\s\S]*?<\/script>/gi, '').replace(/href="(x\d+)(?:\.xml)?"/g, (_match, id: string) => {
    const page = site.state.pages[id];
    const address = page ? structuredUrl(site.state, site.target, page) : null;
    return `href="${escapeHtml(address === null ? '#' : site.base + address)}"`;
  });
}

function linkTo(site: Site, page: PageItem, text?: string): string {
  const address = structuredUrl(site.state, site.target, page);
  const label = escapeHtml(text ?? nameOf(page));
  const isReachable = address !== null && publishedVersion(page, site.target) !== null;
  return isReachable ? `<a href="${escapeHtml(encodeURI(site.base + address))}">${label}</a>` : label;
}

/** The version of a page that is out on the target, or null. */
function publishedVersion(page: PageItem, target: PublishingTarget): ContentVersion | null {
  const published = page.published[target.id];
  return page.versions.find((version) => version.number === published?.version) ?? null;
}

function notFoundPage(target: PublishingTarget, base: string): string {
  return pageShell(
    'Not found',
    `<main><h1>Not found</h1><p>Nothing is published at this address on ${escapeHtml(target.name)}.</p>
<p><a href="${escapeHtml(base)}">To the home page</a></p></main>`,
  );
}

function normalised(path: string): string {
  return decodeSafely(path)
    .replace(/^\/+|\/+$/g, '')
    .toLowerCase();
}

function decodeSafely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray percent sign is not an encoding; the path is then taken as it stands.
    return path;
  }
}
