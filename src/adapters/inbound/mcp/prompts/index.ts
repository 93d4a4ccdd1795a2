import { contentAuditPrompt } from './content-audit.ts';
import { editPagePrompt } from './edit-page.ts';
import { fixBrokenLinksPrompt } from './fix-broken-links.ts';
import type { Prompt } from './prompt.ts';
import { publishChecklistPrompt } from './publish-checklist.ts';
import { restructureSectionPrompt } from './restructure-section.ts';
import { translateSectionPrompt } from './translate-section.ts';
import { weeklyReportPrompt } from './weekly-report.ts';
import { writePagePrompt } from './write-page.ts';

/** Every prompt, in the order that clients see. */
export const prompts: readonly Prompt[] = [
  writePagePrompt,
  editPagePrompt,
  publishChecklistPrompt,
  contentAuditPrompt,
  fixBrokenLinksPrompt,
  translateSectionPrompt,
  restructureSectionPrompt,
  weeklyReportPrompt,
];
