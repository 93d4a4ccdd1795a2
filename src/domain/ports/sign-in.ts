import type { CmsCredential } from '../model/cms-credential.ts';
import type { SignInName } from '../model/grant.ts';
import type { Json } from '../model/job.ts';
import type { Scope } from '../model/principal.ts';

/**
 * How a person proves who they are, and which CMS credential comes of it. `CMS_SIGN_IN` chooses the driver.
 *
 * Laws:
 * - A form's `check` and a redirect's `finish` answer who signed in, or throw SIGN_IN_REFUSED (one text, whatever was
 *   wrong), RATE_LIMITED or CMS_UNAVAILABLE.
 * - Nothing that a person typed is kept, logged or told: no password, no token.
 * - The same person has the same `subject` every time.
 * - `secrets` of a redirect are good for one `finish`; the caller keeps them sealed for ten minutes at most.
 */
export type SignIn = FormSignIn | RedirectSignIn;

/** Our own page asks for something and checks it. */
export interface FormSignIn {
  readonly kind: 'form';
  readonly name: SignInName;
  readonly fields: readonly SignInField[];
  check(input: Readonly<Record<string, string>>, attempt: SignInAttempt): Promise<SignedIn>;
}

/** The person is sent to another page and comes back to `/callback`. */
export interface RedirectSignIn {
  readonly kind: 'redirect';
  readonly name: SignInName;
  /** Who asks there, for the page that announces it: such as the host name of the identity provider. */
  readonly provider: string;
  begin(context: { readonly state: string; readonly callbackUrl: string }): Promise<SignInRedirect>;
  finish(answer: URLSearchParams, secrets: Json, callbackUrl: string): Promise<SignedIn>;
}

export interface SignInRedirect {
  readonly url: string;
  /** What `finish` needs and nobody else may know: a PKCE verifier, a nonce. */
  readonly secrets: Json;
}

export interface SignInAttempt {
  /** The address of the person's browser, for limits. */
  readonly address: string;
}

/** One input of a sign-in form. */
export interface SignInField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'password' | 'choice';
  /** For the browser's help in filling it in: the values of the HTML attribute. */
  readonly autocomplete: string;
  readonly hint?: string;
  /** Of a choice. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

export interface SignedIn {
  readonly subject: string;
  readonly displayName: string;
  /** Where the credential comes from, such as the address of the CMS: part of what it is sealed for. */
  readonly provider: string;
  readonly credential: CmsCredential;
  /** The person cannot give more than this. Absent: no limit beside the CMS's own permissions. */
  readonly scopesMax?: readonly Scope[];
  /** The machine token that was shown; its end is the grant's end. */
  readonly sourceTokenId?: string;
}
