import { z } from 'zod';

/** Parameters that several tasks share: one word, one description. */

export const itemParameter = z.string().trim().min(1).max(2000).describe('Id (x42, a/5), path, URL or exact name');

/** Ten at a time: the limit of every tool that takes several items. */
export const itemsMax = 10;
export const itemsParameter = z.array(itemParameter).min(1).max(itemsMax).describe('Ids, paths, URLs or names; max 10');

export const cursorParameter = z.string().max(500).optional().describe('next_cursor of the last page');

export const limitParameter = z.int().min(1).max(100).default(20).describe('Default 20, max 100');

export const dryRunParameter = z.boolean().default(false).describe('Show the effect only');

export const confirmParameter = z.string().max(200).optional().describe('Token from the first call');

export const assigneeParameter = z.string().trim().min(1).max(200).describe('CMS user: id, name or "me"');

export const targetParameter = z.string().trim().min(1).max(200).describe('Target name or id');

/** What a first call to a dangerous task answers instead of acting. */
export const confirmationOutput = z.object({
  confirmation_required: z.literal(true),
  confirm: z.string(),
  expires_in_seconds: z.int(),
  impact: z.record(z.string(), z.unknown()),
  warnings: z.array(z.string()),
  next: z.string(),
});
