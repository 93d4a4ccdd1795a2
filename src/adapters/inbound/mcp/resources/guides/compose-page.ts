import { guide } from './guide.ts';

/** From a wish to a checked-in page. */
export const composePageGuide = guide({
  name: 'compose-page',
  title: 'Compose a page',
  description: 'Create a page that fits its site: place, rule, fields, text, check-in.',
  tools: ['describe_schema', 'get_content', 'create_page', 'edit_content', 'check_in_content'],
  lines: (offers) => [
    '1. Place. Find the parent with search_content or browse_tree. Look at its children: does the page exist already?',
    '2. Rule. describe_schema {"allowed_under": parent} lists the creation rules that work there. None: ask for another place; do not try a rule that is not listed.',
    '3. Fields. describe_schema {"schema": name} tells type, help text and example of each field, and which are required.',
    '4. Model. Read one page of this type with get_content (example_from names one). Take its length, tone, headings and markup for the new page.',
    '5. Create. create_page with dry_run first. The name becomes part of the URL: short, no dates, as its siblings are named. Then the same call without dry_run, with an idempotency key.',
    '6. Read the answer: unfilled_fields says which values the CMS did not take and why; empty_required_fields must be filled before check-in.',
    '7. Fill. edit_content with the version of the answer. get_context {"detail": "capabilities"} tells under edit_fields what can be written at all. What cannot, you hand to the user as field and value; never report it as done.',
    offers('categorize_content') && '8. Categories: categorize_content adds them; look how the siblings are tagged.',
    '9. Verify with get_content {"include": ["fields", "url", "permissions"]}, show it to the user, then check_in_content with a comment of one line.',
    '',
    'The new page is checked out to you and marked for no target: nothing is public until it is checked in, marked and published.',
    'Stop and ask when: two places fit; a required value (price, date, name) was not given; a page of that name exists.',
  ],
});
