import type { Subject } from '../completions/subject.ts';

/** A prompt: a way of working that a person picks, written out for the model. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The tools that its text cannot do without: when one is not in the caller's list there is no prompt. */
  readonly tools: readonly string[];
  readonly arguments: readonly PromptArgument[];
  /** `offers` tells whether the caller has a tool that the text can do without: it speaks of no other. */
  write(values: Readonly<Record<string, string>>, offers: (tool: string) => boolean): string;
}

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What values are proposed while a person types. */
  readonly completes?: Subject;
}
