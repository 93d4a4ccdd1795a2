import type { Prompt } from './prompt.ts';

/** What a careful editor looks at before something goes live. */
export const publishChecklistPrompt: Prompt = {
  name: 'publish_checklist',
  title: 'Check before publishing',
  description: 'Go through what must be right before pages go live, publish them, and confirm what is live.',
  tools: ['get_context', 'get_content', 'get_publish_status', 'publish_content', 'get_job'],
  arguments: [
    {
      name: 'pages',
      description: 'Which pages: ids, site paths or URLs, separated by commas',
      required: true,
      completes: 'page',
    },
    { name: 'target', description: 'Publishing target; empty to be asked', required: false, completes: 'target' },
  ],
  write: ({ pages, target }) =>
    [
      'Bring pages live, carefully.',
      '',
      `Pages: ${pages}`,
      `Target: ${target ?? 'not said; show me the targets and ask'}`,
      '',
      'Check for each page, with get_context, get_content and get_publish_status, and show me a table of the results:',
      '- It is checked in, and its newest version is the one that I mean. A checked-out page publishes its older version.',
      '- No required field is empty; title and description are there and fit the text.',
      '- Links and images in the text lead to content that exists and is itself live on the target.',
      '- No text is left over from a draft: notes to colleagues, sample text, dates that have passed.',
      '- The workflow allows the step, and no content freeze is on.',
      '- Nothing else is marked that would go live with it unexpectedly.',
      '',
      'Stop at anything that is not right and tell me what to do about it.',
      'When all is right and I agree, call publish_content once, with an idempotency key. Follow its job with get_job until it ends.',
      'At the end tell me per page: live or not, in which version, at which URL, and what a person still has to do in the CMS.',
    ].join('\n'),
};
