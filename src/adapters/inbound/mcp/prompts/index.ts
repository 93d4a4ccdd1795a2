import { editPagePrompt } from './edit-page.ts';
import type { Prompt } from './prompt.ts';
import { publishChecklistPrompt } from './publish-checklist.ts';

/** Every prompt, in the order that clients see. */
export const prompts: readonly Prompt[] = [editPagePrompt, publishChecklistPrompt];
