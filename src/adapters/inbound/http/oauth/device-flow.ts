import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { viewClient } from './client-view.ts';
import type { OAuthDeps } from './deps.ts';
import type { DeviceCodeView } from './pages/views.ts';
import { answerWithPage } from './provider-pages.ts';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

/** The device flow (RFC 8628) with our pages. */
export function deviceFlow(deps: OAuthDeps): DeviceFlow {
  return {
    enabled: true,
    charset: 'base-20',
    mask: '****-****',
    deviceInfo: ({ ip }) => ({ ip }),
    userCodeInputSource: (context, form, _out, error) => {
      const problem = error === undefined ? undefined : problemOf(error);
      if (problem === 'denied') {
        answerWithPage(context, { page: 'device-done', outcome: 'denied' });
        return;
      }
      const userCode = prefilled(context);
      answerWithPage(context, {
        page: 'device-code',
        form: { action: pathOf(context), hidden: { xsrf: xsrfOf(form) } },
        ...(userCode === undefined ? {} : { userCode }),
        ...(problem === undefined ? {} : { problem }),
      });
    },
    userCodeConfirmSource: (context, form, client, info, userCode) => {
      const address = typeof info['ip'] === 'string' ? info['ip'] : undefined;
      answerWithPage(context, {
        page: 'device-confirm',
        form: { action: pathOf(context), hidden: { xsrf: xsrfOf(form), user_code: userCode } },
        client: viewClient(client),
        userCode,
        ...(address === undefined ? {} : { address }),
      });
    },
    successSource: (context) => {
      const { client } = context.oidc;
      answerWithPage(context, {
        page: 'device-done',
        outcome: 'allowed',
        ...(client === undefined ? {} : { client: viewClient(client) }),
      });
    },
  };

  function pathOf(context: KoaContextWithOIDC): string {
    return new URL(context.oidc.urlFor('code_verification'), deps.publicUrl).pathname;
  }
}

/** The code of an address that a device shows: filled in, so that the person only has to compare it. */
function prefilled(context: KoaContextWithOIDC): string | undefined {
  const code = context.get(userCodeHeader);
  return /^[A-Za-z0-9 -]{1,64}$/.test(code) ? code : undefined;
}

/**
 * Carries the code of `/oauth/device?user_code=…` past the library, which would answer it with a page that sends itself
 * by a script. Nobody else can set it: the router does, or removes it.
 */
export const userCodeHeader = 'x-igx-user-code';

/** The library hands its form over as HTML; its token is all that we need of it. */
function xsrfOf(form: string): string {
  return /name="xsrf" value="([^"]*)"/.exec(form)?.[1] ?? '';
}

function problemOf(error: Error): NonNullable<DeviceCodeView['problem']> | 'denied' {
  switch (error.name) {
    case 'AbortedError':
      return 'denied';
    case 'NoCodeError':
      return 'missing';
    case 'ExpiredError':
    case 'AlreadyUsedError':
      return 'expired';
    default:
      return 'unknown';
  }
}
