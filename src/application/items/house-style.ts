import type { Ports } from '../../domain/ports/index.ts';
import { allPages } from './all-pages.ts';
import { cutText } from './cut-text.ts';
import { itemDetails } from './item-calls.ts';
import { resolveItem } from './resolve-item.ts';
import { fieldsAsMarkdown } from './view-fields.ts';

type Needs = Pick<Ports, 'pages' | 'assets' | 'search' | 'publishing' | 'schemas' | 'markup' | 'server'>;

/** How the site writes; without a text nobody has said so, and the note tells how to. */
export interface HouseStyle {
  /** Where the text comes from, or why there is none. */
  readonly note: string;
  readonly text?: string;
}

/** About 3,000 tokens. */
const charactersMax = 12_000;

/**
 * The item that the operator named, else the help texts for AI of the content types.
 *
 * @throws DomainError NOT_FOUND or AMBIGUOUS when the named item is not to be had: a setting that leads nowhere is told.
 */
export async function readHouseStyle(ports: Needs): Promise<HouseStyle> {
  const named = ports.server.houseStyleItem;
  if (named !== undefined) {
    const item = await resolveItem(named, ports);
    const details = await itemDetails(item.id, 0, ports);
    const text = fieldsAsMarkdown(item.name, details?.fields ?? [], undefined, ports.markup);
    return { note: `From "${item.name}" (${item.id}), which the operator of this server named.`, ...cut(text) };
  }
  const text = await helpTexts(ports);
  if (text === '') return { note: noStyle };
  return {
    note: 'From the help texts for AI of the content types; no page with a house style was named.',
    ...cut(text),
  };
}

const noStyle =
  'This site has no house style: the setting HOUSE_STYLE_ITEM names no page or asset, and its content types have no help texts for AI. Write as the pages around do.';

/** A section per content type that has texts, a line per field. */
async function helpTexts({ schemas }: Needs): Promise<string> {
  const sections: string[] = [];
  for (const schema of await allPages((page) => schemas.list('page', page))) {
    const help = await schemas.help(schema.id);
    // Texts for people explain fields; those for AI tell how to write.
    if (!help.forAi) continue;
    const lines = Object.entries(help.fields).map(([field, text]) => `- ${field}: ${text}`);
    sections.push([`## ${schema.name}`, '', ...lines].join('\n'));
  }
  return sections.join('\n\n');
}

function cut(text: string): { text: string } {
  const shown = cutText(text, charactersMax);
  return { text: shown.truncated ? `${shown.text}\n\n(Cut after ${charactersMax} characters.)` : shown.text };
}
