import { type Request, type RequestHandler, type Response, Router } from 'express';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import { exposureWords } from '../../../../application/tasks/exposure.ts';
import { DomainError } from '../../../../domain/errors.ts';
import type { Grant, SignInName } from '../../../../domain/model/grant.ts';
import type { Json } from '../../../../domain/model/job.ts';
import { scopes as knownScopes, type Scope } from '../../../../domain/model/principal.ts';
import type { FormSignIn, RedirectSignIn, SignedIn } from '../../../../domain/ports/sign-in.ts';
import { hostOf, redirectUrisOf, viewClient } from './client-view.ts';
import { interactionPath } from './configuration.ts';
import type { OAuthDeps } from './deps.ts';
import { fieldsOf, formBody } from './form-body.ts';
import { readConsentForm } from './pages/consent-form.ts';
import { sendPage } from './pages/send-page.ts';
import type { ConsentView, SignInView, View } from './pages/views.ts';
import { presentSignIn, readSignInForm, signInProblem } from './present-sign-in.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;
type Client = NonNullable<Awaited<ReturnType<Provider['Client']['find']>>>;

/** What a person is asked, from the moment when a client has sent them until they are sent back. */
interface Asked {
  readonly interaction: Interaction;
  readonly client: Client;
  readonly redirectUri: string;
  readonly scopes: readonly Scope[];
  /** Who signed in during this interaction. */
  readonly signedIn: SignedIn | undefined;
  /** What this person gave this client before, where they only give more. */
  readonly former: Grant | undefined;
}

/** As long as an interaction. */
const pendingSeconds = 600;
const toolsetWords = exposureWords.filter((word) => word !== 'all');
/** With these, calls reach the CMS with an identity that the operator configured. */
const sharedAccountDrivers: readonly SignInName[] = ['service', 'oidc'];

export interface Interactions {
  readonly routes: RequestHandler;
  /** Goes on with an interaction whose person signed in elsewhere. `finish` proves who came, or throws as the driver does. */
  comeBack(uid: string, finish: () => Promise<SignedIn>, request: Request, response: Response): Promise<void>;
}

/**
 * The pages between a client's request and its answer: who are you, and do you agree. Everything about one request is
 * held together by the library's interaction, which is bound to the browser by a cookie; forms carry a token besides.
 */
export function createInteractions(provider: Provider, deps: OAuthDeps): Interactions {
  const { binding, digest, records, signIn } = deps;

  const ask = async (request: Request, response: Response): Promise<Asked> => {
    const interaction = await provider.interactionDetails(request, response);
    if (interaction.uid !== request.params['uid']) throw new errors.SessionNotFound('another interaction');
    const { params } = interaction;
    const client = await provider.Client.find(String(params['client_id']));
    if (client === undefined) throw new errors.InvalidClient('client is invalid', 'client not found');
    const asked = String(params['scope'] ?? '').split(' ');
    const signedIn = await pendingSignIn(interaction.uid);
    const { grantId } = interaction;
    return {
      interaction,
      client,
      redirectUri: typeof params['redirect_uri'] === 'string' ? params['redirect_uri'] : '',
      scopes: knownScopes.filter((scope) => asked.includes(scope)),
      signedIn,
      former: signedIn !== undefined || grantId === undefined ? undefined : await deps.grants.find(grantId),
    };
  };
  const pendingSignIn = async (uid: string): Promise<SignedIn | undefined> => {
    const record = await records.find('SignedIn', digest.sha256(uid));
    // Only `keepSignIn` writes these records.
    return record === undefined ? undefined : (record.value as unknown as SignedIn);
  };
  const keepSignIn = async (uid: string, signedIn: SignedIn): Promise<void> => {
    const value = JSON.parse(JSON.stringify(signedIn)) as Json;
    await records.put({ kind: 'SignedIn', hash: digest.sha256(uid), value, ttlSeconds: pendingSeconds });
  };
  const token = async (request: Request, response: Response, uid: string): Promise<string> => {
    const csrf = await binding.bind(request, response, uid);
    if (csrf === undefined) throw new errors.SessionNotFound('another browser');
    return csrf;
  };
  const proveOwnForm = async (request: Request, uid: string): Promise<URLSearchParams> => {
    const fields = fieldsOf(request);
    if (await binding.accepts(request, uid, fields.get('csrf'))) return fields;
    throw new ForeignForm();
  };
  const needsSignIn = ({ interaction, signedIn }: Asked): boolean =>
    signedIn === undefined && interaction.prompt.name === 'login';
  const cms = { address: deps.cms.address, isSandbox: deps.cms.isSandbox };

  const showSignIn = async (
    asked: Asked,
    request: Request,
    response: Response,
    problem?: SignInView['problem'],
  ): Promise<void> => {
    const { uid } = asked.interaction;
    const form = { action: `${interactionPath}/${uid}/sign-in`, hidden: { csrf: await token(request, response, uid) } };
    const client = viewClient(asked.client, asked.redirectUri);
    const typed = fieldsOf(request);
    sendPage(
      response,
      presentSignIn(signIn, { form, cms, client, typed, ...(problem === undefined ? {} : { problem }) }),
    );
  };

  const showConsent = async (
    asked: Asked,
    request: Request,
    response: Response,
    more: Partial<ConsentView> = {},
  ): Promise<void> => {
    const { uid } = asked.interaction;
    const { former, signedIn } = asked;
    const picked = former?.toolsets ?? ['default'];
    sendPage(response, {
      page: 'consent',
      form: { action: `${interactionPath}/${uid}/consent`, hidden: { csrf: await token(request, response, uid) } },
      cms,
      client: viewClient(asked.client, asked.redirectUri),
      person: { displayName: signedIn?.displayName ?? former?.displayName ?? subjectOf(asked) },
      scopes: grantable(asked),
      toolsets: toolsetWords.map((word) => ({ word, isSelected: picked.includes(word) })),
      isReadOnly: former?.readOnly ?? false,
      isSharedAccount: sharedAccountDrivers.includes(signIn.name),
      grantsUrl: '/oauth/grants',
      ...more,
    });
  };

  const tellSignIn = (
    driver: FormSignIn | RedirectSignIn,
    outcome: { readonly subject: string } | { readonly reason: string },
    request: Request,
    response: Response,
    clientId?: string,
  ): Promise<void> =>
    deps.recordSecurity({
      action: 'sign_in',
      ...('subject' in outcome
        ? { outcome: 'ok', reason: driver.name, ...outcome }
        : { outcome: 'refused', ...outcome }),
      ...(clientId === undefined ? {} : { clientId }),
      address: request.ip,
      requestId: deps.requestIdOf(response),
      by: 'person',
    });

  const checkForm = async (driver: FormSignIn, asked: Asked, request: Request, response: Response): Promise<void> => {
    const { uid } = asked.interaction;
    const { clientId } = asked.client;
    const read = readSignInForm(driver.fields, await proveOwnForm(request, uid));
    if ('missing' in read) {
      await showSignIn(asked, request, response, { reason: 'missing', field: read.missing });
      return;
    }
    try {
      const signedIn = await driver.check(read.input, { address: request.ip ?? '' });
      await keepSignIn(uid, signedIn);
      await tellSignIn(driver, signedIn, request, response, clientId);
      response.redirect(303, `${interactionPath}/${uid}`);
    } catch (error) {
      // What a person can mend is shown to them; everything else is no matter of the form.
      const problem = signInProblem(error);
      if (problem === undefined) throw error;
      await tellSignIn(driver, { reason: problem.reason }, request, response, clientId);
      await showSignIn(asked, request, response, problem);
    }
  };

  const leave = async (driver: RedirectSignIn, asked: Asked, request: Request, response: Response): Promise<void> => {
    const { uid } = asked.interaction;
    await proveOwnForm(request, uid);
    const to = await deps.pending.begin(request, response, driver, { kind: 'interaction', uid });
    sendPage(response, { page: 'continue', to, towards: 'sign-in', host: driver.provider });
  };

  const comeBack: Interactions['comeBack'] = async (uid, finish, request, response) => {
    try {
      const signedIn = await finish();
      await keepSignIn(uid, signedIn);
      await tellSignIn(signIn, signedIn, request, response);
    } catch (error) {
      const problem = signInProblem(error);
      if (problem?.reason !== 'refused') throw error;
      await tellSignIn(signIn, { reason: problem.reason }, request, response);
      // The client is told by the library, which only speaks where the interaction's cookie is. The driver's own words go
      // along: whoever is known but may not work here learns whom to ask.
      const value = error instanceof DomainError ? error.message : 'The sign-in was refused.';
      await records.put({ kind: 'SignInRefused', hash: digest.sha256(uid), value, ttlSeconds: pendingSeconds });
    }
    response.redirect(303, `${interactionPath}/${uid}`);
  };

  /** Ends the interaction; the person goes back to the library, and from there to the client. */
  const finish = async (
    asked: Asked,
    result: InteractionResults,
    request: Request,
    response: Response,
  ): Promise<void> => {
    const { interaction } = asked;
    await leaveOtherAccount(asked, result.login?.accountId, request, response);
    const to = await provider.interactionResult(request, response, result, { mergeWithLastSubmission: false });
    await records.remove('SignedIn', digest.sha256(interaction.uid));
    const path = new URL(to, deps.publicUrl);
    if (request.method === 'GET') {
      response.redirect(303, `${path.pathname}${path.search}`);
      return;
    }
    sendPage(response, {
      page: 'continue',
      to: `${path.pathname}${path.search}`,
      towards: 'client',
      client: viewClient(asked.client, asked.redirectUri),
    });
  };

  /**
   * Whoever signs in as somebody else leaves the session of the one before: the library would ask for a script. The
   * browser's session counts, not the one that the interaction began in: another tab may have signed in since.
   */
  const leaveOtherAccount = async (
    { interaction }: Asked,
    accountId: string | undefined,
    request: Request,
    response: Response,
  ): Promise<void> => {
    if (accountId === undefined) return;
    const session = await provider.Session.get(provider.createContext(request, response));
    if (session.accountId === undefined || session.accountId === accountId) return;
    await session.destroy();
    Object.assign(interaction, { session: undefined });
    await interaction.save(interaction.exp - Math.floor(deps.clock.nowMs() / 1000));
  };

  const decide = async (asked: Asked, request: Request, response: Response): Promise<void> => {
    const { interaction, client, signedIn } = asked;
    const fields = await proveOwnForm(request, interaction.uid);
    const decision = readConsentForm(fields, toolsetWords);
    const subject = subjectOf(asked);
    const granted = grantable(asked);
    if (decision.decision === 'allow' && decision.toolsets.length === 0) {
      await showConsent(asked, request, response, {
        isMissingToolsets: true,
        isReadOnly: decision.isReadOnly,
        // What the person has taken out must not come back by itself.
        toolsets: toolsetWords.map((word) => ({ word, isSelected: false })),
      });
      return;
    }
    const event = {
      action: 'consent',
      by: 'person',
      subject,
      clientId: client.clientId,
      address: request.ip,
      requestId: deps.requestIdOf(response),
    } as const;
    // The decision counts once, however often it is sent.
    if (!(await binding.claim(request, response, interaction.uid, fields.get('csrf')))) throw new ForeignForm();
    if (decision.decision === 'deny') {
      await deps.recordSecurity({ ...event, outcome: 'refused', reason: 'denied' });
      await finish(asked, denied('The person said no.'), request, response);
      return;
    }
    if (granted.length === 0) {
      await deps.recordSecurity({ ...event, outcome: 'refused', reason: 'scopes' });
      await finish(asked, denied('This person cannot give any of the scopes.'), request, response);
      return;
    }
    const grant = await giveGrant(asked, granted, decision);
    await deps.recordSecurity({ ...event, outcome: 'ok', grantId: grant.id, scopes: grant.scopes });
    await finish(
      asked,
      { ...(signedIn === undefined ? {} : { login: { accountId: subject } }), consent: { grantId: grant.id } },
      request,
      response,
    );
  };

  const giveGrant = async (
    asked: Asked,
    granted: readonly Scope[],
    { toolsets, isReadOnly }: { readonly toolsets: readonly string[]; readonly isReadOnly: boolean },
  ): Promise<Grant> => {
    const { interaction, client, redirectUri, scopes, signedIn, former } = asked;
    const id = former?.id ?? deps.ids.id('grant');
    const nowMs = deps.clock.nowMs();
    const grant: Grant = {
      ...(former ?? {
        id,
        subject: subjectOf(asked),
        displayName: signedIn?.displayName ?? subjectOf(asked),
        signIn: signIn.name,
        createdAtMs: nowMs,
        ...(signedIn?.sourceTokenId === undefined ? {} : { sourceTokenId: signedIn.sourceTokenId }),
        ...(signedIn?.scopesMax === undefined ? {} : { scopesMax: signedIn.scopesMax }),
      }),
      clientId: client.clientId,
      clientName: client.clientName ?? '',
      clientHost: hostOf(client, redirectUri),
      redirectUri,
      redirectUrisHash: digest.sha256(redirectUrisOf(client)),
      scopes: knownScopes.filter((scope) => granted.includes(scope) || former?.scopes.includes(scope)),
      toolsets,
      readOnly: isReadOnly,
      lastUsedAtMs: nowMs,
    };
    await deps.recordGrant(grant, signedIn);
    const kept = former === undefined ? undefined : await provider.Grant.find(former.id);
    const theirs = kept ?? new provider.Grant({ accountId: grant.subject, clientId: client.clientId });
    theirs.jti = id;
    theirs.addOIDCScope('openid offline_access');
    const refused = scopes.filter((scope) => !granted.includes(scope));
    for (const resource of resourcesOf(interaction, deps.resource)) {
      theirs.addResourceScope(resource, granted.join(' '));
      // Otherwise the person would be asked for them again and again.
      if (refused.length > 0) theirs.rejectResourceScope(resource, refused.join(' '));
    }
    await theirs.save();
    return grant;
  };

  const router = Router();
  router.get(
    `${interactionPath}/:uid`,
    guarded(async (request, response) => {
      const asked = await ask(request, response);
      const refused = await records.find('SignInRefused', digest.sha256(asked.interaction.uid));
      if (refused !== undefined) await finish(asked, denied(String(refused.value)), request, response);
      else if (needsSignIn(asked)) await showSignIn(asked, request, response);
      else await showConsent(asked, request, response);
    }),
  );
  router.post(
    `${interactionPath}/:uid/sign-in`,
    formBody,
    guarded(async (request, response) => {
      const asked = await ask(request, response);
      if (signIn.kind === 'form') await checkForm(signIn, asked, request, response);
      else await leave(signIn, asked, request, response);
    }),
  );
  router.post(
    `${interactionPath}/:uid/consent`,
    formBody,
    guarded(async (request, response) => {
      const asked = await ask(request, response);
      if (needsSignIn(asked)) throw new errors.SessionNotFound('not signed in');
      await decide(asked, request, response);
    }),
  );
  return { routes: router, comeBack };

  /** What goes wrong is told by a page: whoever sees it is a person. */
  function guarded(act: (request: Request, response: Response) => Promise<void>): RequestHandler {
    return async (request, response) => {
      readsLikeProvider(request);
      try {
        await act(request, response);
      } catch (error) {
        const requestId = deps.requestIdOf(response);
        const view = errorViewOf(error, requestId);
        if (view.page === 'error' && view.error === 'internal') deps.onProblem(error, requestId);
        const reason = refusalOf(error);
        if (reason !== undefined) {
          await deps.recordSecurity({
            action: 'access_refused',
            outcome: 'refused',
            reason,
            by: 'person',
            address: request.ip,
            requestId,
          });
        }
        sendPage(response, view);
      }
    };
  }

  /** The library verifies its cookies with the scheme that the router tells it. */
  function readsLikeProvider(request: Request): void {
    request.headers['x-forwarded-proto'] = new URL(deps.publicUrl).protocol.slice(0, -1);
  }
}

/** A form, or a return from elsewhere, that did not begin in this browser. */
class ForeignForm extends Error {}

function subjectOf({ interaction, signedIn }: Asked): string {
  const subject = signedIn?.subject ?? interaction.session?.accountId;
  if (subject === undefined) throw new errors.SessionNotFound('nobody signed in');
  return subject;
}

/** What this person can give of what is asked for. */
function grantable({ scopes, signedIn, former }: Asked): readonly Scope[] {
  const max = signedIn === undefined ? former?.scopesMax : signedIn.scopesMax;
  return max === undefined ? scopes : scopes.filter((scope) => max.includes(scope));
}

/** The resource as the client named it: scopes are granted for that name. */
function resourcesOf(interaction: Interaction, resource: string): readonly string[] {
  const asked = interaction.params['resource'];
  if (Array.isArray(asked)) return asked.map(String);
  return [typeof asked === 'string' ? asked : resource];
}

function denied(description: string): InteractionResults {
  return { error: 'access_denied', error_description: description };
}

/** The word for what is no mishap of a person's own: a form or an interaction that does not belong to this browser. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof ForeignForm) return 'foreign_form';
  return error instanceof errors.SessionNotFound ? 'no_interaction' : undefined;
}

function errorViewOf(error: unknown, requestId: string): View {
  if (error instanceof ForeignForm) return { page: 'error', error: 'foreign-form', requestId };
  if (error instanceof errors.SessionNotFound) return { page: 'error', error: 'expired', requestId };
  if (error instanceof errors.InvalidClient) return { page: 'error', error: 'unknown-client', requestId };
  const reason = signInProblem(error)?.reason;
  if (reason === 'unavailable') return { page: 'error', error: 'unavailable', requestId };
  if (reason === 'limited') return { page: 'error', error: 'limited', requestId };
  if (reason === 'refused') return { page: 'error', error: 'sign-in-refused', requestId };
  if (error instanceof DomainError && error.code === 'STORAGE_UNAVAILABLE') {
    return { page: 'error', error: 'internal', requestId, retryAfterSeconds: 5 };
  }
  return { page: 'error', error: 'internal', requestId };
}
