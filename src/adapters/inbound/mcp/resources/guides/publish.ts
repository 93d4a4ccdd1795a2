import { guide } from './guide.ts';

/** From checked out to live. */
export const publishGuide = guide({
  name: 'publish',
  title: 'Publish',
  description: 'Bring pages live and prove it: checks, mark, workflow, job, live version.',
  tools: ['get_context', 'get_content', 'publish_content', 'get_publish_status', 'get_job'],
  lines: (offers) => [
    'Words: a version is made by check-in; a mark says which version the next publish to a target takes; a publish copies what is marked. A page that is checked out publishes its older version.',
    '',
    '1. get_context: is a content freeze on, and which targets are there? Ask which target; never guess between a test and a public one.',
    '2. get_content {"include": ["workflow", "publish_state", "permissions"]}: checked in? which version is marked? which transition publishes, and may you take it?',
    offers('preview_publish') &&
      '3. preview_publish: the exact set that would go out. When it holds more than was asked for, show it.',
    '4. publish_content {"dry_run": true}: versions, transitions, problems per item, and a preview token. Show it to the user.',
    '5. publish_content with that preview and an idempotency key. VERSION_CONFLICT: something changed since the dry run; make a new one.',
    '6. The answer may be a job that still runs. get_job {"job": id, "wait_seconds": 25} until its state is succeeded, failed, cancelled or held (it asks something: say what). Never start a second publish because the first is slow.',
    '7. Report per item: live in which version, since when, by what evidence; or why not (submitted, replicating, unseen by visitors, failed). "likely_live_version" is a conclusion, not a fact: say so.',
    '',
    'When no transition publishes: check_in_content with mark_for marks the items; a person starts the publish in the CMS. That is not live; say so.',
    'Not possible over this API: taking offline, a full publish, cancelling what the CMS has accepted. The error names the nearest way.',
    'For a time to come give publish_content "at"; it looks again then and may hold.',
    'With the scope cms:publish missing, prepare everything, take no step that publishes, and name who has to.',
  ],
});
