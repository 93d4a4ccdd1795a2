/** One thing that a person is asked for, as a form shows it. */
export type AnswerField =
  | { readonly kind: 'yes_no'; readonly title: string }
  | { readonly kind: 'text'; readonly title: string }
  | { readonly kind: 'choice'; readonly title: string; readonly options: readonly string[] };

/** What a job has to know before it goes on: a sentence, and a small form. */
export interface Question {
  readonly message: string;
  readonly fields: Readonly<Record<string, AnswerField>>;
}

/** What somebody answered. Whoever declines leaves it to the job what that means. */
export type Answer =
  | { readonly accepted: true; readonly values: Readonly<Record<string, string | boolean>> }
  | { readonly accepted: false };
