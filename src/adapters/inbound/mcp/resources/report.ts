import { z } from 'zod';
import { DomainError } from '../../../../domain/errors.ts';
import { wholeNumber } from './render.ts';
import type { TaskResource } from './resource.ts';
import { reportTemplate } from './uris.ts';

/** The rows of a report that was run as a job, page by page. */
export const reportResource: TaskResource = {
  task: 'get_job',
  address: reportTemplate,
  name: 'report',
  title: 'A report',
  description: 'The rows of one of your reports, by the id of its job; page=2 and so on for the rest of a long one.',
  mimeType: 'application/json',
  inputFor: ({ job }) => ({ job }),
  pageOf({ page }) {
    const number = page === undefined ? 1 : wholeNumber('page', page);
    if (number < 1 || number > pagesMax) throw noSuchPage(number);
    return number;
  },
  render(answer, { job = '', page = '1' }) {
    const { kind, state, message, result, next_cursor } = answerShape.parse(answer.output);
    if (kind !== 'run_report') {
      throw new DomainError('NOT_FOUND', `The job ${job} is no report but a ${kind}. Read ingeniux://job/${job}.`);
    }
    if (result === undefined) {
      throw new DomainError('NOT_FOUND', `The report ${job} has no rows to show: it is ${state}. ${message}`);
    }
    const number = Number.parseInt(page, 10);
    return {
      text: JSON.stringify(
        { job, page: number, ...result, ...(next_cursor === undefined ? {} : { next_page: number + 1 }) },
        null,
        1,
      ),
    };
  },
};

/** Reports keep 500 rows, and a page has 50 of them; room for both to grow. */
const pagesMax = 40;

const answerShape = z.looseObject({
  kind: z.string(),
  state: z.string(),
  message: z.string(),
  result: z.looseObject({}).optional(),
  next_cursor: z.string().optional(),
});

function noSuchPage(number: number): DomainError {
  return new DomainError('BAD_INPUT', `There is no page ${number}: pages count from 1 to ${pagesMax}.`);
}
