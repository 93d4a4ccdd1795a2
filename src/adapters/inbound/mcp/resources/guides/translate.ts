import { guide } from './guide.ts';

/** From one language to another. */
export const translateGuide = guide({
  name: 'translate',
  title: 'Translate',
  description: 'Bring a page or section into another language without touching the original.',
  tools: ['get_content', 'edit_content', 'compare_versions', 'check_in_content'],
  lines: (offers) => [
    '1. get_context tells the locales of the site. search_content {"locale": …, "under": …} tells what exists in the target language already.',
    offers('copy_content')
      ? '2. What is missing: copy_content makes the copy that becomes the translation. Never translate in the original.'
      : '2. What is missing: create the page below the section of that language by a creation rule. Never translate in the original.',
    '3. Read original and copy with get_content {"format": "detailed"}. Translate text fields only: title, summary, body, image descriptions, SEO texts. Leave ids, dates, numbers, codes, field names and product names.',
    '4. Keep the markup: the same tags, links and placeholders in the same order. A link to a page that has a translation should point there; list those that have none.',
    '5. edit_content on the copy, with its version, one page at a time; dry_run for the first page, and show it to the user before the rest.',
    '6. Check with compare_versions {"item": original, "other_item": copy}: every text field differs, nothing else does.',
    '7. check_in_content with the comment "Translation of <original id>, version <n>": later somebody can see what it was made from.',
    '8. When the original changed later: compare_versions {"item": original, "from": <n>} shows what to translate again.',
    '',
    'Unknown terms: ask once and keep a list for the rest of the work. A person who speaks the language should review before anything is published: advance_workflow sends it to them.',
  ],
});
