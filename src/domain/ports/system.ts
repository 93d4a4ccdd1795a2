/** The time: the only one that domain, application and policies know. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number;
}

/** Randomness. */
export interface IdSource {
  /** An unguessable id of 128 bits or more, URL-safe, beginning with `prefix_`. */
  id(prefix: string): string;
  /** A secret of 256 bits, URL-safe, beginning with `prefix_`. */
  secret(prefix: string): string;
}

/** SHA-256 as hex: for tokens at rest and for binding arguments to confirmations. */
export interface Digest {
  sha256(text: string): string;
}

/** XHTML to Markdown, for reading. */
export interface Markup {
  /** Never throws: text that is no markup comes back as it was. */
  toMarkdown(xhtml: string): string;
}
