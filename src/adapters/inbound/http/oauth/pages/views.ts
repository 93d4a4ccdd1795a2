import type { SignInName } from '../../../../../domain/model/grant.ts';
import type { Scope } from '../../../../../domain/model/principal.ts';

/**
 * What the pages show, one view for each page; `page` names it. A view holds facts, as they are: how they are worded,
 * escaped and laid out is the renderers' business alone.
 */
export type View =
  | SignInView
  | SignInRedirectView
  | ConsentView
  | ContinueView
  | DeviceCodeView
  | DeviceConfirmView
  | DeviceDoneView
  | GrantsView
  | RevokeView
  | SignedOutView
  | ErrorView;

/** A form that comes back to us. */
export interface FormView {
  /** A path of this server. */
  readonly action: string;
  /** Fields that people do not see, the CSRF token among them. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** The CMS behind this server. */
export interface CmsView {
  /** Host and path, such as `cms.example.edu/cxp4`. */
  readonly address: string;
  /** A sandbox with demo content. */
  readonly isSandbox: boolean;
}

/** The agent's program that asks to be let in. */
export interface ClientView {
  readonly id: string;
  /** What it says it is called: anyone can say anything. */
  readonly name?: string;
  /**
   * How we know it: the operator configured it; its id is the https URL of a document that tells about it (CIMD), so
   * its host is certain; or it registered itself (RFC 7591), so nothing is.
   */
  readonly registration: 'configured' | 'metadata-document' | 'dynamic';
  /** Where the browser goes afterwards; none in the device flow. */
  readonly redirectUri?: string;
}

export interface PersonView {
  readonly displayName: string;
}

/** As the sign-in drivers describe their fields. */
export interface SignInFieldView {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'password' | 'choice';
  /** The token of HTML's autocomplete attribute. */
  readonly autocomplete?: string;
  readonly hint?: string;
  /** Of a choice; the first one is preselected. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

/** A person proves who they are on our own page. */
export interface SignInView {
  readonly page: 'sign-in';
  readonly form: FormView;
  readonly cms: CmsView;
  /** Who asks; absent where a person comes on their own, to their grants. */
  readonly client?: ClientView;
  readonly driver: SignInName;
  readonly fields: readonly SignInFieldView[];
  /** What was typed before, without secrets. */
  readonly values?: Readonly<Record<string, string>>;
  readonly problem?: {
    readonly reason: 'missing' | 'refused' | 'limited' | 'unavailable';
    /** The field that is to be corrected; the first when absent. */
    readonly field?: string;
    readonly retryAfterSeconds?: number;
  };
}

/** Before a person is sent to sign in elsewhere: nothing starts there without their yes. */
export interface SignInRedirectView {
  readonly page: 'sign-in-redirect';
  readonly form: FormView;
  readonly cms: CmsView;
  readonly client?: ClientView;
  readonly driver: SignInName;
  /** The host that the person will sign in at. */
  readonly host: string;
}

/** The decision. The form sends `decision`, `toolset` (each) and `read_only`: see `consent-form.ts`. */
export interface ConsentView {
  readonly page: 'consent';
  readonly form: FormView;
  readonly cms: CmsView;
  readonly client: ClientView;
  readonly person: PersonView;
  readonly scopes: readonly Scope[];
  /** What can be picked, in the words of `/mcp/x/…`, and what is picked unless the person changes it. */
  readonly toolsets: readonly { readonly word: string; readonly isSelected: boolean }[];
  readonly isReadOnly: boolean;
  /** It will work with a CMS account of this server that people share, not with the person's own. */
  readonly isSharedAccount?: boolean;
  /** Shows the problem that nothing was picked. */
  readonly isMissingToolsets?: boolean;
  /** Where the grant can be taken back. */
  readonly grantsUrl: string;
}

/**
 * Leads on by itself, and by a link where it does not. Answers a POST in place of a redirect: browsers hold a form's
 * `form-action` against the whole chain of redirects after it, and where a client sends people next is not ours to know.
 */
export interface ContinueView {
  readonly page: 'continue';
  /** A path of ours, or an https or loopback URL that we send people to. */
  readonly to: string;
  /** What lies there. */
  readonly towards: 'next-step' | 'client' | 'sign-in';
  readonly client?: ClientView;
  /** The host of `to`, for `sign-in`. */
  readonly host?: string;
}

/** Where a person types the code that a device without a browser shows them. */
export interface DeviceCodeView {
  readonly page: 'device-code';
  readonly form: FormView;
  readonly userCode?: string;
  readonly problem?: 'missing' | 'unknown' | 'expired' | 'limited';
}

/** "Is this the code on your device?": against people who were sent a code by someone else (RFC 8628 section 5.4). */
export interface DeviceConfirmView {
  readonly page: 'device-confirm';
  readonly form: FormView;
  readonly client: ClientView;
  readonly userCode: string;
  /** Where the device asked from, as far as known. */
  readonly address?: string;
}

export interface DeviceDoneView {
  readonly page: 'device-done';
  readonly outcome: 'allowed' | 'denied';
  readonly client?: ClientView;
}

export interface GrantView {
  readonly id: string;
  readonly client: ClientView;
  readonly scopes: readonly Scope[];
  readonly toolsets: readonly string[];
  readonly isReadOnly: boolean;
  readonly createdAtMs: number;
  readonly lastUsedAtMs?: number;
}

/** What a person granted, and the way to take it back. */
export interface GrantsView {
  readonly page: 'grants';
  readonly person: PersonView;
  readonly cms: CmsView;
  readonly grants: readonly GrantView[];
  /** The page that asks before one (with `?grant=` added) or all are revoked. */
  readonly revokePath: string;
  readonly signOut: FormView;
  /** How many were revoked just now. */
  readonly revoked?: number;
}

/** Asks before grants are revoked. */
export interface RevokeView {
  readonly page: 'revoke';
  readonly form: FormView;
  readonly grants: readonly GrantView[];
  readonly isAll: boolean;
  readonly backPath: string;
}

export interface SignedOutView {
  readonly page: 'signed-out';
  readonly signInPath?: string;
}

export type PageError =
  | 'unknown-client'
  | 'redirect-mismatch'
  | 'bad-request'
  | 'expired'
  | 'foreign-form'
  | 'sign-in-refused'
  | 'limited'
  | 'not-found'
  | 'unavailable'
  | 'internal';

/** What went wrong where nobody may be redirected. */
export interface ErrorView {
  readonly page: 'error';
  readonly error: PageError;
  /** In our own or a stranger's words; shown as a quotation. */
  readonly detail?: string;
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
}
