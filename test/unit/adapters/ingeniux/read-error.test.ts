import { describe, expect, test } from 'vitest';
import { operations } from '../../../../src/adapters/outbound/ingeniux/catalogue/index.ts';
import { failureKinds } from '../../../../src/adapters/outbound/ingeniux/http/failure.ts';
import { readError } from '../../../../src/adapters/outbound/ingeniux/http/read-error.ts';

const reply = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  reason: 'Reason Phrase',
  headers,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

const stack = '   at Ingeniux.CMS.Pages.Rename() in C:\\build\\Pages.cs:line 42';
const read = (
  status: number,
  body: unknown,
  operation = operations.Pages_Rename as (typeof operations)[keyof typeof operations],
) => readError(reply(status, body), operation, 0);

describe('exceptions of the business layer', () => {
  const table: readonly [type: string, message: string, code: string][] = [
    ['System.Security.SecurityException', 'No.', 'FORBIDDEN'],
    ['System.UnauthorizedAccessException', 'No.', 'FORBIDDEN'],
    ['System.ArgumentException', 'Bad.\r\nParameter name: id', 'BAD_INPUT'],
    ['System.ArgumentNullException', 'Bad.', 'BAD_INPUT'],
    ['System.InvalidOperationException', 'The workflow is locked.', 'CONFLICT'],
    ['System.InvalidOperationException', 'A content freeze is active.', 'CONTENT_FREEZE'],
    ['System.InvalidOperationException', 'x12 is assigned to another user.', 'LOCKED'],
    ['System.Security.SecurityException', 'x12 is assigned to another user.', 'LOCKED'],
    ['System.Exception', 'Something of our own.', 'CMS_REFUSED'],
    ['Ingeniux.CMS.Exceptions.ExceptionWithLocalization', 'Never checked in.', 'CMS_REFUSED'],
  ];
  test.each(table)('%s %j means %s and never counts against the CMS', (type, message, code) => {
    const failure = read(500, {
      Message: 'An error has occurred.',
      ExceptionMessage: message,
      ExceptionType: type,
      StackTrace: stack,
    });
    expect(failure.error.code).toBe(code);
    expect(failureKinds[failure.kind].counts).toBe(false);
  });

  test('the declared form tells the class by its properties', () => {
    expect(read(500, { Message: 'Bad id.', ParamName: 'id', StackTrace: stack }).error.code).toBe('BAD_INPUT');
    expect(read(500, { Message: 'No.', StackTrace: stack }).error.code).toBe('CMS_REFUSED');
  });

  test('a required field is named by its label', () => {
    const { error } = read(500, {
      Message: 'Empty.',
      ExceptionType: 'Ingeniux.CMS.Exceptions.ContentFieldFieldValidationException',
      PageID: 'x12',
      FieldName: 'Summary',
      FieldLabel: 'Short summary',
    });
    expect(error.code).toBe('REQUIRED_FIELD');
    expect(error.message).toContain('Short summary');
  });

  test('the exception inside of a wrapper counts', () => {
    const { error } = read(500, {
      Message: 'One or more errors occurred.',
      ExceptionType: 'System.AggregateException',
      InnerException: { ExceptionMessage: 'No.', ExceptionType: 'System.Security.SecurityException' },
    });
    expect(error.code).toBe('FORBIDDEN');
  });
});

describe('what leaves the driver', () => {
  test('never a stack trace, only the first line, without markup, cut', () => {
    const { error } = read(500, {
      Message: `<b>The page</b> is\u0007 busy.\r\n${stack}`,
      ExceptionType: 'System.InvalidOperationException',
      StackTrace: stack,
    });
    const report = JSON.stringify(error.toJSON());
    expect(error.details?.['cms_message']).toBe('The page is busy.');
    expect(report).not.toContain('Pages.cs');
    const long = read(500, { Message: 'y'.repeat(5000), ExceptionType: 'System.InvalidOperationException' });
    expect(String(long.error.details?.['cms_message'])).toHaveLength(200);
  });

  test('words of a broken CMS stay inside', () => {
    const { error, kind } = read(500, {
      Message: 'Login failed for user sa',
      ExceptionType: 'System.Data.SqlClient.SqlException',
    });
    expect(kind).toBe('failing');
    expect(JSON.stringify(error.toJSON())).not.toContain('Login failed');
  });
});

describe('statuses', () => {
  test.each([
    [400, { Message: 'The request is invalid.' }, 'BAD_INPUT'],
    [403, { Message: 'Forbidden' }, 'FORBIDDEN'],
    [404, { Message: 'Gone.' }, 'NOT_FOUND'],
    [404, { Message: "No HTTP resource was found that matches the request URI 'x'." }, 'CMS_UNEXPECTED'],
    [404, '<html>Not found</html>', 'CMS_UNEXPECTED'],
    [405, { Message: 'No.' }, 'CMS_UNEXPECTED'],
    [409, { Message: 'Changed.' }, 'CONFLICT'],
    [413, '', 'TOO_LARGE'],
    [418, { Message: 'Teapot.' }, 'CMS_REFUSED'],
    [429, '', 'CMS_UNAVAILABLE'],
    [503, '', 'CMS_UNAVAILABLE'],
  ])('%i %j means %s', (status, body, code) => {
    expect(read(status, body).error.code).toBe(code);
  });

  test('a gateway that gave up leaves doubt only behind a write that must not be repeated', () => {
    expect(read(502, '', operations.Pages_CreatePCRPage).error.code).toBe('OUTCOME_UNKNOWN');
    expect(read(504, '', operations.Pages_Rename).error.code).toBe('CMS_UNAVAILABLE');
    expect(read(504, '', operations.Pages_GetPage).error.code).toBe('CMS_UNAVAILABLE');
  });

  test('Retry-After is read as seconds and as a date', () => {
    const at = (value: string) => readError(reply(429, '', { 'retry-after': value }), operations.Pages_GetPage, 10_000);
    expect(at('7').retryAfterMs).toBe(7000);
    expect(at('7').error.retryAfterSeconds).toBe(7);
    expect(at(new Date(15_000).toUTCString()).retryAfterMs).toBe(5000);
    expect(at('soon').retryAfterMs).toBeUndefined();
  });
});
