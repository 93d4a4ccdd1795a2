/**
 * Markup that may stand in a page as it is. Only `html` makes it: its constructor is not exported, so no text can be
 * declared to be markup, and there is no way around the escaping.
 */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type Html = Markup;

/** What a page can interpolate. `undefined` and `false` leave nothing behind, for `condition && html…`. */
export type Interpolation = string | number | Html | readonly Html[] | undefined | false;

/**
 * A piece of a page. Everything interpolated is escaped for element content and for quoted attribute values, unless it
 * is itself made by `html`. Attribute values must be quoted in the template.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Interpolation[]): Html {
  return new Markup(parts.reduce((text, part, index) => text + written(values[index - 1]) + part));
}

function written(value: Interpolation): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.join('');
  return String(value).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
