import type { Guide } from '../resource.ts';

/** What differs from guide to guide. */
export interface GuideSpec {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The tools that the way described cannot do without. */
  readonly tools: readonly string[];
  /** Lines of Markdown, steps as `1. …`; `false` for a line that speaks of a tool that is not offered. */
  lines(offers: (tool: string) => boolean): readonly (string | false)[];
}

/** A guide at `ingeniux://guide/{name}`. It says at its top which of its tools the reader does not have. */
export function guide({ name, title, description, tools, lines }: GuideSpec): Guide {
  return {
    address: `ingeniux://guide/${name}`,
    name: `guide_${name.replaceAll('-', '_')}`,
    title,
    description,
    mimeType: 'text/markdown',
    text(offers) {
      const lacking = tools.filter((tool) => !offers(tool));
      const note =
        lacking.length === 0
          ? []
          : [`Not offered over this connection: ${lacking.join(', ')}. Tell the user before you begin.`, ''];
      return [`# ${title}`, '', ...note, ...numbered(lines(offers).filter((line) => line !== false))].join('\n');
    },
  };
}

/** Steps that are left out must leave no gap. */
function numbered(lines: readonly string[]): string[] {
  let step = 0;
  return lines.map((line) => line.replace(/^\d+\. /, () => `${++step}. `));
}
