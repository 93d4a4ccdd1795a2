/** One thing that a person is asked for, as a form shows it. */
export type AnswerField =
  | { readonly kind: 'yes_no'; readonly title: string }
  | {
      readonly kind: 'text';
      readonly title: string;
      /** What the text has to match, and how a person is told so. */
      readonly form?: { readonly pattern: string; readonly says: string };
    }
  | { readonly kind: 'choice'; readonly title: string; readonly options: readonly string[] };

/** What a job has to know before it goes on: a sentence, and a small form. */
export interface Question {
  readonly message: string;
  readonly fields: Readonly<Record<string, AnswerField>>;
  /** True where going on without a word is no answer: somebody has to decide. */
  readonly explicit?: boolean;
}

/** What somebody answered. Whoever declines leaves it to the job what that means. */
export type Answer =
  | { readonly accepted: true; readonly values: Readonly<Record<string, string | boolean>> }
  | { readonly accepted: false };
