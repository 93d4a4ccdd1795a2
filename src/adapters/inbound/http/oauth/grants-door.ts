import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Grant } from '../../../../domain/model/grant.ts';
import type { RedirectSignIn, SignedIn, SignIn } from '../../../../domain/ports/sign-in.ts';
import type { IdSource } from '../../../../domain/ports/system.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { fieldsOf, formBody } from './form-body.ts';
import { viewGrant } from './grant-view.ts';
import { sendPage } from './pages/send-page.ts';
import type { CmsView, PageError, SignInView } from './pages/views.ts';
import type { PendingSignIns } from './pending-sign-in.ts';
import type { PersonSessions, SignedInPerson } from './person-session.ts';
import { presentSignIn, readSignInForm, signInProblem } from './present-sign-in.ts';

export interface GrantsDoorDeps {
  readonly signIn: SignIn;
  readonly cms: CmsView;
  readonly binding: BrowserBinding;
  readonly sessions: PersonSessions;
  readonly pending: PendingSignIns;
  readonly ids: Pick<IdSource, 'id'>;
  /** The grants of a person that are alive, newest first. */
  readonly listGrants: (subject: string) => Promise<readonly Grant[]>;
  readonly revokeGrant: (id: string) => Promise<void>;
  readonly requestIdOf: (response: Response) => string;
  readonly onSignIn: (event: SignInEvent, request: Request, response: Response) => Promise<void>;
  readonly onForeignForm: (request: Request, response: Response) => Promise<void>;
  readonly guard: (handler: RequestHandler) => RequestHandler;
}

export type SignInEvent =
  | { readonly outcome: 'ok'; readonly subject: string }
  | { readonly outcome: 'refused' | 'failed'; readonly reason: string };

/** Where people see what they granted. */
export const grantsPath = '/oauth/grants';
const signInPath = `${grantsPath}/sign-in`;
const revokePath = `${grantsPath}/revoke`;
const signOutPath = `${grantsPath}/sign-out`;

export interface GrantsDoor {
  readonly routes: RequestHandler;
  /** Goes on with a person who signed in elsewhere on their way to their grants. */
  welcome(signedIn: SignedIn, response: Response): Promise<void>;
}

/**
 * The pages on which a person sees and revokes what they granted. They sign in as for a consent, for minutes, and that
 * opens nothing but these pages. Whoever asks about a grant of somebody else is told that there is none.
 */
export function grantsDoor(deps: GrantsDoorDeps): GrantsDoor {
  const { signIn, cms, binding, sessions, pending, listGrants, guard } = deps;
  const fail = (response: Response, error: PageError): void =>
    sendPage(response, { page: 'error', error, requestId: deps.requestIdOf(response) });

  const refuseForm = async (request: Request, response: Response): Promise<void> => {
    await deps.onForeignForm(request, response);
    fail(response, 'foreign-form');
  };

  /** The visit is what the browser is bound to before anybody has signed in. */
  const askToSignIn = (
    response: Response,
    visit: string,
    csrf: string,
    more: { typed?: URLSearchParams; problem?: NonNullable<SignInView['problem']> } = {},
  ): void =>
    sendPage(response, presentSignIn(signIn, { form: { action: signInPath, hidden: { csrf, visit } }, cms, ...more }));

  /** For signed-in people only; the others are shown to the sign-in. */
  const forPerson =
    (serve: (person: SignedInPerson, request: Request, response: Response) => Promise<void>): RequestHandler =>
    async (request, response) => {
      const person = await sessions.find(request);
      if (person === undefined) response.redirect(303, grantsPath);
      else await serve(person, request, response);
    };

  const forOwnForm = (serve: Parameters<typeof forPerson>[0]): RequestHandler =>
    forPerson(async (person, request, response) => {
      if (sessions.accepts(person, fieldsOf(request).get('csrf'))) await serve(person, request, response);
      else await refuseForm(request, response);
    });

  const showGrants = async (person: SignedInPerson, request: Request, response: Response): Promise<void> => {
    const grants = await listGrants(person.subject);
    if (person.revoked !== undefined) await sessions.remember(request);
    sendPage(response, {
      page: 'grants',
      person,
      cms,
      grants: grants.map(viewGrant),
      revokePath,
      signOut: { action: signOutPath, hidden: { csrf: person.csrfToken } },
      ...(person.revoked === undefined ? {} : { revoked: person.revoked }),
    });
  };

  const open: RequestHandler = async (request, response) => {
    const person = await sessions.find(request);
    if (person !== undefined) {
      await showGrants(person, request, response);
      return;
    }
    const visit = deps.ids.id('visit');
    const csrf = await binding.bind(request, response, visit);
    // A visit that was made up just now is bound to nobody else.
    if (csrf !== undefined) askToSignIn(response, visit, csrf);
  };

  const checkForm = async (request: Request, response: Response, visit: string, csrf: string): Promise<void> => {
    if (signIn.kind !== 'form') return;
    const typed = fieldsOf(request);
    const read = readSignInForm(signIn.fields, typed);
    if ('missing' in read) {
      askToSignIn(response, visit, csrf, { typed, problem: { reason: 'missing', field: read.missing } });
      return;
    }
    try {
      const signedIn = await signIn.check(read.input, { address: request.ip ?? '' });
      await binding.claim(request, response, visit, csrf);
      await deps.onSignIn({ outcome: 'ok', subject: signedIn.subject }, request, response);
      await welcome(signedIn, response);
    } catch (thrown) {
      const problem = signInProblem(thrown);
      if (problem === undefined) throw thrown;
      const outcome = problem.reason === 'unavailable' ? 'failed' : 'refused';
      await deps.onSignIn({ outcome, reason: problem.reason }, request, response);
      askToSignIn(response, visit, csrf, { typed, problem });
    }
  };

  const sendElsewhere = async (redirect: RedirectSignIn, request: Request, response: Response): Promise<void> => {
    const to = await pending.begin(request, response, redirect, { kind: 'grants' });
    sendPage(response, { page: 'continue', to, towards: 'sign-in', host: redirect.provider });
  };

  const takeSignIn: RequestHandler = async (request, response) => {
    const fields = fieldsOf(request);
    const [visit, csrf] = [fields.get('visit') ?? '', fields.get('csrf') ?? ''];
    if (!(await binding.accepts(request, visit, csrf))) {
      await refuseForm(request, response);
      return;
    }
    if (signIn.kind === 'form') await checkForm(request, response, visit, csrf);
    else if (await binding.claim(request, response, visit, csrf)) await sendElsewhere(signIn, request, response);
    else await refuseForm(request, response);
  };

  const welcome = async ({ subject, displayName }: SignedIn, response: Response): Promise<void> => {
    await sessions.start(response, { subject, displayName });
    response.redirect(303, grantsPath);
  };

  const askToRevoke = forPerson(async (person, request, response) => {
    const wanted = typeof request.query['grant'] === 'string' ? request.query['grant'] : undefined;
    const grants = (await listGrants(person.subject)).filter(({ id }) => wanted === undefined || id === wanted);
    if (grants.length === 0) {
      fail(response, 'not-found');
      return;
    }
    const which = wanted === undefined ? { all: 'yes' } : { grant: wanted };
    sendPage(response, {
      page: 'revoke',
      form: { action: revokePath, hidden: { csrf: person.csrfToken, ...which } },
      grants: grants.map(viewGrant),
      isAll: wanted === undefined,
      backPath: grantsPath,
    });
  });

  const revoke = forOwnForm(async (person, request, response) => {
    const fields = fieldsOf(request);
    const isWanted = (id: string): boolean => fields.get('all') === 'yes' || fields.get('grant') === id;
    const grants = (await listGrants(person.subject)).filter(({ id }) => isWanted(id));
    for (const { id } of grants) await deps.revokeGrant(id);
    await sessions.remember(request, grants.length);
    response.redirect(303, grantsPath);
  });

  const signOut = forOwnForm(async (_person, request, response) => {
    await sessions.end(request, response);
    sendPage(response, { page: 'signed-out', signInPath: grantsPath });
  });

  const router = Router();
  router.get(grantsPath, guard(open));
  router.post(signInPath, formBody, guard(takeSignIn));
  router.get(revokePath, guard(askToRevoke));
  router.post(revokePath, formBody, guard(revoke));
  router.post(signOutPath, formBody, guard(signOut));
  return { routes: router, welcome };
}
