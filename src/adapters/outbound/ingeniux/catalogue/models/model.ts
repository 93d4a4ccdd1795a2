/**
 * A model or an enumeration as the files of this folder write it. A type is a scalar, the name of a model, an array of
 * one (`string[]`), a map from texts to one (`string{}`), or `any`. `required` are the texts that a request must hold:
 * of everything else an absent value means false, 0 or nothing (contract section 2).
 */
export type Model =
  | {
      readonly extends?: string;
      readonly properties: Readonly<Record<string, string>>;
      readonly required?: readonly string[];
    }
  | { readonly values: readonly string[] };
