/** A prompt: a way of working that a person picks, written out for the model. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The tools that its text speaks of: without them in the caller's list there is no prompt. */
  readonly tools: readonly string[];
  readonly arguments: readonly PromptArgument[];
  write(values: Readonly<Record<string, string>>): string;
}

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What values are proposed while a person types. */
  readonly completes?: 'page';
}
