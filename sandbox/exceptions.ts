/**
 * A refusal of the CMS's business layer. Reaches the caller as status 500, because the CMS lets its .NET exceptions
 * through (contract §5).
 */
export class CmsException extends Error {
  readonly kind: ExceptionKind;
  readonly details: Record<string, unknown>;

  constructor(kind: ExceptionKind, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.kind = kind;
    this.details = details;
  }
}

/** A refusal of the web framework or of a controller: an HTTP status other than 500 with a body of its own. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown> & { Message: string }) {
    super(body.Message);
    this.status = status;
    this.body = body;
  }
}

/** The exception types the contract declares, plus `SecurityException`, which permission refusals carry. */
export const exceptionKinds = {
  Exception: { clrName: 'System.Exception', details: {} },
  SystemException: { clrName: 'System.SystemException', details: {} },
  ArgumentException: { clrName: 'System.ArgumentException', details: { ParamName: null } },
  ArgumentNullException: { clrName: 'System.ArgumentNullException', details: { ParamName: null } },
  TypeLoadException: { clrName: 'System.TypeLoadException', details: { TypeName: null } },
  InvalidOperationException: { clrName: 'System.InvalidOperationException', details: {} },
  SecurityException: { clrName: 'System.Security.SecurityException', details: {} },
  ConfigurationErrorsException: {
    clrName: 'System.Configuration.ConfigurationErrorsException',
    details: { BareMessage: null, Filename: null, Line: 0, Errors: [] },
  },
  ExceptionWithLocalization: {
    clrName: 'Ingeniux.CMS.Exceptions.ExceptionWithLocalization',
    details: { FormaterParameters: [], L10NEntryId: null },
  },
  ContentFieldFieldValidationException: {
    clrName: 'Ingeniux.CMS.Exceptions.ContentFieldFieldValidationException',
    details: { ContentItem: null, PageID: null, FieldIsAttribute: false, FieldName: null, FieldLabel: null },
  },
  HttpResponseException: { clrName: 'System.Web.Http.HttpResponseException', details: { Response: null } },
} as const satisfies Record<string, { clrName: string; details: Record<string, unknown> }>;

export type ExceptionKind = keyof typeof exceptionKinds;

/**
 * Which of the two shapes a 500 has: the exception model the contract declares, the wrapper ASP.NET Web API puts
 * around unhandled exceptions, or both in one object. Nobody outside has seen which one a real CMS sends.
 */
export type ExceptionShape = 'both' | 'declared' | 'web-api';

/** The JSON body of a 500. */
export function exceptionBody(exception: CmsException, shape: ExceptionShape): Record<string, unknown> {
  const { clrName, details } = exceptionKinds[exception.kind];
  const declared = {
    Message: exception.message,
    InnerException: null,
    StackTrace: STACK_TRACE,
    Source: 'Ingeniux.CMS',
    ...details,
    ...exception.details,
  };
  const wrapper = { ExceptionMessage: exception.message, ExceptionType: clrName, StackTrace: STACK_TRACE };
  const shapes: Record<ExceptionShape, Record<string, unknown>> = {
    both: { ...declared, ...wrapper },
    declared,
    'web-api': { Message: 'An error has occurred.', ...wrapper },
  };
  return shapes[shape];
}

export const invalidOperation = (message: string) => new CmsException('InvalidOperationException', message);

export const invalidArgument = (message: string, paramName: string) =>
  new CmsException('ArgumentException', `${message}\r\nParameter name: ${paramName}`, { ParamName: paramName });

export const missingArgument = (paramName: string) =>
  new CmsException('ArgumentNullException', `Value cannot be null.\r\nParameter name: ${paramName}`, {
    ParamName: paramName,
  });

export const accessRefused = (message: string) => new CmsException('SecurityException', message);

/** The framework's answer to a request that binds to no action: `Message` names the address, `MessageDetail` the reason. */
export const noSuchResource = (url: string, detail: string) =>
  new HttpRefusal(404, {
    Message: `No HTTP resource was found that matches the request URI '${url}'.`,
    MessageDetail: detail,
  });

/** The framework's answer to values that cannot be bound. */
export const invalidRequest = (modelState: Record<string, string[]>) =>
  new HttpRefusal(400, { Message: 'The request is invalid.', ModelState: modelState });

/** Looks like the text of a .NET stack, so that clients which leak it are noticed. */
const STACK_TRACE =
  '   at Ingeniux.CMS.Sandbox.Controllers.ApiControllerBase.Execute() in C:\\build\\sandbox\\Api.cs:line 42';
