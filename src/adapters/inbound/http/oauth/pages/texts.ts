import type { SignInName } from '../../../../../domain/model/grant.ts';
import type { Scope } from '../../../../../domain/model/principal.ts';
import { type Html, html } from './html.ts';
import type { DeviceCodeView, PageError, SignInView } from './views.ts';

/** Every English text of the pages, in one table. Functions take what is interpolated, already fit for a page. */
export const texts = {
  product: 'MCP server for Ingeniux CMS',
  sandboxNote: 'This is a sandbox: a practice CMS with demo content. Nothing here is real.',
  footer: 'Your password and your CMS account are never given to the agent.',

  labels: {
    allow: 'Allow',
    deny: 'Deny',
    continue: 'Continue',
    cancel: 'Cancel',
    signIn: 'Sign in',
    signOut: 'Sign out',
    revoke: 'Revoke',
    revokeAll: 'Revoke all',
    client: 'Program',
    vouched: 'Vouched for by',
    redirect: 'Sends you to',
    cms: 'CMS',
    person: 'Signed in as',
    warning: 'Warning',
    error: 'Error',
    code: 'Code',
    permissions: 'Permissions',
    toolsets: 'Tools',
    since: 'Granted',
    lastUsed: 'Last used',
    never: 'never',
    readOnly: 'read only',
    requestId: 'Request id',
    device: 'Asked from',
  },

  namelessClient: 'A program without a name',

  origin: {
    configured: 'the operator of this server',
    'metadata-document': (host: Html) => html`${host}`,
    dynamic: 'nobody: it chose its name itself',
  },

  redirect: {
    web: (host: Html) => html`${host}`,
    'this-machine': (host: Html) => html`a program on this computer (${host})`,
    app: (scheme: Html) => html`an app on this device that opens “${scheme}:” links`,
    unknown: 'an address that cannot be read',
  },

  warnings: {
    imitates: (agent: string) =>
      html`It calls itself <strong>${agent}</strong> or much like it, but nothing shows that it comes from the makers of ${agent}.`,
    thisMachine:
      'The permission goes to a program on this computer, whichever it is. Allow it only if you started the sign-in on this computer just now.',
    app: 'The permission goes to whichever app on this device opens such links. Allow it only if you started the sign-in from your own app just now.',
  },

  scopes: {
    'cms:read': {
      title: 'Read content',
      does: 'Find and read pages, assets, workflow and reports.',
      doesNot: 'Does not allow any change.',
    },
    'cms:write': {
      title: 'Edit content',
      does: 'Create, change, move and delete pages and assets, check in, and move work along in the workflow.',
      doesNot: 'Does not allow making anything live on the published site.',
    },
    'cms:publish': {
      title: 'Publish content',
      does: 'Publish pages to your publishing targets, where visitors see them.',
      doesNot: 'Does not allow changing who may publish, or to where.',
    },
    'cms:admin': {
      title: 'See administration',
      does: 'Look up users, the health of the site and the audit log.',
      doesNot: 'Does not allow changing users, rights or settings.',
    },
  } satisfies Record<Scope, { title: string; does: string; doesNot: string }>,

  toolsets: {
    default: { title: 'Everyday tools', does: 'Find, read, edit, review and publish: what most work needs.' },
    all: { title: 'All tools', does: 'Every tool there is.' },
    core: { title: 'Core', does: 'Find and read content, compare versions.' },
    authoring: { title: 'Authoring', does: 'Create and edit pages, also many at once.' },
    workflow: { title: 'Workflow', does: 'See and move along what waits for someone.' },
    publishing: { title: 'Publishing', does: 'Preview and publish, redirects.' },
    jobs: { title: 'Jobs', does: 'Follow and cancel slow work.' },
    localization: { title: 'Localization', does: 'Translations of pages.' },
    assets: { title: 'Assets', does: 'Upload images and documents.' },
    taxonomy: { title: 'Taxonomy', does: 'Categories and their use.' },
    reports: { title: 'Reports', does: 'Reports and visitor analytics.' },
    dita: { title: 'DITA', does: 'DITA maps and their publishing.' },
    admin: { title: 'Administration', does: 'Users, site health, audit log.' },
    gateway: { title: 'Gateway', does: 'Any other operation of the CMS that the operator has opened.' },
  } as Readonly<Record<string, { readonly title: string; readonly does: string }>>,

  consent: {
    title: (client: string) => `Allow ${client}?`,
    question: (client: Html) => html`Allow ${client} to work in your CMS?`,
    scopesHeading: 'It will be able to',
    limitsHeading: 'You can limit it',
    readOnly: 'Read only',
    readOnlyHint: 'It gets no tools that change anything, whatever is allowed above.',
    toolsetsSummary: 'Choose its tools',
    toolsetsDefault: (names: string) => `${names}, unless you choose others.`,
    toolsetsHint: 'Fewer tools also make agents quicker. What is not chosen cannot be used.',
    toolsetsMissing: 'Choose at least one group of tools, or deny.',
    asYou: 'It acts in your name, within what your own account may do.',
    asShared:
      'It works with an account of this server that people share: in the CMS, changes carry the name of that account.',
    remembered: (grants: Html) =>
      html`You will not be asked again for the same program, address and permissions. You can take this back at any time under ${grants}.`,
    grantsLink: 'what you granted',
  },

  signIn: {
    title: 'Sign in',
    heading: 'Sign in',
    forClient: (client: Html, cms: Html) => html`${client} asks to work in the CMS at ${cms}. First, show who you are.`,
    forGrants: (cms: Html) => html`To see which agents may work for you in the CMS at ${cms}.`,
    hints: {
      'cms-login':
        'Use your user name and password of the CMS. The password goes to the CMS once and is not kept here.',
    } as Partial<Record<SignInName, string>>,
    nextStep: 'Nothing is allowed yet: you decide that on the next page.',
    problems: {
      missing: () => 'Fill in every field.',
      refused: () => 'The CMS or this server did not accept that. Check what you typed and try again.',
      limited: (seconds: number | undefined) => `Too many failed attempts. Try again ${inTime(seconds)}.`,
      unavailable: (seconds: number | undefined) =>
        `The CMS does not answer, so nobody can sign in. Nothing is wrong with what you typed. Try again ${inTime(seconds)}.`,
    } satisfies Record<NonNullable<SignInView['problem']>['reason'], (seconds: number | undefined) => string>,
  },

  signInRedirect: {
    title: 'Continue to sign in',
    cms: {
      heading: 'Sign in at the CMS',
      body: (host: Html) =>
        html`You will sign in at the CMS itself, at <strong>${host}</strong>, and come back here. Your password stays there.`,
    },
    organisation: {
      heading: 'Sign in with your organisation',
      body: (host: Html) =>
        html`You will sign in at <strong>${host}</strong> and come back here. Your password stays there.`,
    },
  },

  continue: {
    title: 'One moment',
    headings: { 'next-step': 'One moment', client: 'You can go back', 'sign-in': 'Off to sign in' },
    bodies: {
      'next-step': () => html`The next page opens by itself. If it does not, continue here.`,
      client: (client: Html | undefined) =>
        html`You are being sent back to ${client ?? 'the program'}. If it does not open, continue here. Afterwards this page can be closed.`,
      'sign-in': (host: Html | undefined) =>
        html`You are being sent to ${host ?? 'the sign-in page'}. If it does not open, continue here.`,
    },
  },

  deviceCode: {
    title: 'Connect a device',
    heading: 'Connect a device',
    body: 'Type the code that your agent or device shows you.',
    label: 'Code',
    caution: 'Did someone send you a code? Then stop here: it would give them your access.',
    problems: {
      missing: 'Type the code that your device shows.',
      unknown: 'There is no such code. Check it and type it again.',
      expired: 'This code is over. Let your device show a new one.',
      limited: 'Too many codes were tried. Wait a minute, then try again.',
    } satisfies Record<NonNullable<DeviceCodeView['problem']>, string>,
  },

  deviceConfirm: {
    title: 'Is this your code?',
    heading: 'Is this your code?',
    body: (client: Html) => html`${client} waits with this code. Compare it with the one on your device.`,
    caution: 'Go on only if you started this yourself, and your device shows exactly this code.',
    yes: 'It is mine',
    no: 'Not mine',
  },

  deviceDone: {
    allowed: {
      title: 'Connected',
      body: (client: Html) => html`${client} is connected. Go back to it; this page can be closed.`,
    },
    denied: {
      title: 'Not connected',
      body: (client: Html) => html`${client} was not let in. This page can be closed.`,
    },
    client: 'Your device',
  },

  grants: {
    title: 'What you granted',
    heading: 'What you granted',
    intro: (person: Html, cms: Html) =>
      html`These programs may work for <strong>${person}</strong> in the CMS at ${cms}. What you revoke loses its access at once.`,
    none: 'Nothing: no program may work for you at present.',
    count: (count: number) => (count === 1 ? '1 program' : `${count} programs`),
    revoked: (count: number) =>
      count === 1 ? 'Revoked. Its access has ended.' : `${count} revoked. Their access has ended.`,
    revokeOne: (client: Html) => html`Revoke <span class="unseen">the access of ${client}</span>`,
  },

  revoke: {
    title: 'Revoke access',
    one: (client: Html) => html`Revoke the access of ${client}?`,
    all: (count: number) => `Revoke the access of all ${texts.grants.count(count)}?`,
    body: 'Access ends at once, in every running session. Jobs under way stop at their next step. To connect again, the program has to ask you again.',
  },

  signedOut: {
    title: 'Signed out',
    heading: 'You are signed out',
    body: 'Programs keep the access that you granted; revoke it on the page of your grants.',
    again: 'Sign in again',
  },

  errors: {
    'unknown-client': {
      title: 'This program is not known here',
      what: 'The program that sent you did not introduce itself, or its registration has ended. You were not sent back to it, because nobody knows whose address that is.',
      next: 'Remove the connection in your program and add it again.',
    },
    'redirect-mismatch': {
      title: 'The way back does not fit',
      what: 'The program asked to send you to an address that does not belong to it. That is how permissions get stolen, so this stops here.',
      next: 'If it is your own program: register exactly the address that it uses. If not, close this page.',
    },
    'bad-request': {
      title: 'This request is not complete',
      what: 'The program that sent you asked in a way that cannot be answered.',
      next: 'Start again from your program. If that does not help, show its makers the text below.',
    },
    expired: {
      title: 'This page is over',
      what: 'It was answered already, or it waited too long. Nothing was allowed by opening it again.',
      next: 'Start again from your program.',
    },
    'foreign-form': {
      title: 'This did not come from our page',
      what: 'What was sent does not belong to a page that was opened in this browser. That happens when another site tries to act in your name, when cookies are blocked, or when a page is sent twice.',
      next: 'Nothing was done. Start again from your program; allow cookies for this site.',
    },
    'sign-in-refused': {
      title: 'You cannot sign in here',
      what: 'Your account was recognised, or not, but it is not let in to this server.',
      next: 'Ask the operator of this server to give your account access.',
    },
    limited: {
      title: 'Too many requests',
      what: 'More was asked from your address than is allowed in a minute.',
      next: 'Wait a moment, then try again.',
    },
    'not-found': {
      title: 'There is nothing here',
      what: 'The address is wrong, or what was here is gone.',
      next: 'Start again from your program.',
    },
    unavailable: {
      title: 'The CMS does not answer',
      what: 'Without it nobody can sign in. Nothing was changed.',
      next: 'Try again in a moment.',
    },
    internal: {
      title: 'Something went wrong here',
      what: 'The fault is on our side. Nothing was allowed.',
      next: 'Try again. If it stays so, give the operator the request id below.',
    },
  } satisfies Record<PageError, { title: string; what: string; next: string }>,
};

function inTime(seconds: number | undefined): string {
  if (seconds === undefined) return 'in a moment';
  if (seconds < 90) return `in ${Math.max(1, Math.ceil(seconds))} seconds`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}
