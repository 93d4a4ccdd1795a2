import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { SignedIn, SignIn } from '../../../../domain/ports/sign-in.ts';
import { sendPage } from './pages/send-page.ts';
import type { PendingSignIns, SignInPurpose } from './pending-sign-in.ts';

export interface CallbackDoorDeps {
  readonly signIn: SignIn;
  readonly pending: PendingSignIns;
  readonly guard: (handler: RequestHandler) => RequestHandler;
  readonly requestIdOf: (response: Response) => string;
  /** Goes on with what the sign-in was for. `finish` proves who came, or throws as the driver does. */
  readonly goOn: (
    purpose: SignInPurpose,
    finish: () => Promise<SignedIn>,
    request: Request,
    response: Response,
  ) => Promise<void>;
  /** Told of each return that does not belong to this browser. */
  readonly onForeignReturn: (reason: string, request: Request, response: Response) => Promise<void>;
}

/** Where people come back to who signed in elsewhere: `OAUTH_REDIRECT_URI`. */
export const callbackPath = '/callback';

/** A return counts once, and only in the browser that was sent away; every other one meets 403 and changes nothing. */
export function callbackDoor({ signIn, pending, guard, ...deps }: CallbackDoorDeps): RequestHandler {
  const router = Router();
  router.get(
    callbackPath,
    guard(async (request, response) => {
      const requestId = deps.requestIdOf(response);
      if (signIn.kind !== 'redirect') {
        sendPage(response, { page: 'error', error: 'not-found', requestId });
        return;
      }
      const parameters = new URL(request.originalUrl, 'http://any').searchParams;
      const came = await pending.takeReturn(request, response, signIn, parameters);
      if (came.ok) {
        await deps.goOn(came.purpose, came.finish, request, response);
        return;
      }
      await deps.onForeignReturn(came.reason, request, response);
      sendPage(response, { page: 'error', error: 'foreign-form', requestId });
    }),
  );
  return router;
}
