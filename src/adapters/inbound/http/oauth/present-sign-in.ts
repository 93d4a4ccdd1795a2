import { DomainError } from '../../../../domain/errors.ts';
import type { SignIn } from '../../../../domain/ports/sign-in.ts';
import type { ClientView, CmsView, FormView, SignInRedirectView, SignInView } from './pages/views.ts';

export interface SignInPresentation {
  readonly form: FormView;
  readonly cms: CmsView;
  readonly client?: ClientView;
  /** What was typed before. Only what is no secret goes back to the page. */
  readonly typed?: URLSearchParams;
  readonly problem?: NonNullable<SignInView['problem']>;
}

/** The page on which a person signs in, or agrees to do so elsewhere. */
export function presentSignIn(signIn: SignIn, presentation: SignInPresentation): SignInView | SignInRedirectView {
  const { form, cms, client, typed, problem } = presentation;
  const common = { form, cms, ...(client === undefined ? {} : { client }) };
  if (signIn.kind === 'redirect') {
    return { page: 'sign-in-redirect', ...common, driver: signIn.name, host: signIn.provider };
  }
  return {
    page: 'sign-in',
    ...common,
    driver: signIn.name,
    fields: signIn.fields,
    values: Object.fromEntries(
      signIn.fields.flatMap(({ kind, name }) => {
        const value = typed?.get(name);
        return kind === 'password' || value == null ? [] : [[name, value]];
      }),
    ),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What the fields of a sign-in form hold, or which one is empty. */
export function readSignInForm(
  fields: readonly { readonly name: string }[],
  typed: URLSearchParams,
): { readonly input: Readonly<Record<string, string>> } | { readonly missing: string } {
  const missing = fields.find(({ name }) => (typed.get(name) ?? '') === '');
  if (missing !== undefined) return { missing: missing.name };
  return { input: Object.fromEntries(fields.map(({ name }) => [name, typed.get(name) ?? ''])) };
}

/** What the page tells of a sign-in that failed; `undefined` for what is not the sign-in's fault. */
export function signInProblem(thrown: unknown): SignInView['problem'] {
  if (!(thrown instanceof DomainError)) return undefined;
  const wait = thrown.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: thrown.retryAfterSeconds };
  switch (thrown.code) {
    case 'SIGN_IN_REFUSED':
      return { reason: 'refused' };
    case 'RATE_LIMITED':
      return { reason: 'limited', ...wait };
    case 'CMS_UNAVAILABLE':
    case 'CMS_TIMEOUT':
    case 'SIGN_IN_UNAVAILABLE':
      return { reason: 'unavailable', ...wait };
    default:
      return undefined;
  }
}
