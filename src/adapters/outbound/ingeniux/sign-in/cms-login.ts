import { DomainError } from '../../../../domain/errors.ts';
import type { FormSignIn, SignInField } from '../../../../domain/ports/sign-in.ts';
import type { Clock } from '../../../../domain/ports/system.ts';
import type { OnProblem } from '../events.ts';
import type { CmsAccounts } from './accounts.ts';
import { signedInAs } from './signed-in-as.ts';

/**
 * The sign-in driver `cms-login`: user name and password of the CMS, typed into our page and exchanged for tokens at once
 * (contract section 9). Neither is kept.
 */
export function createCmsLogin(options: {
  readonly accounts: CmsAccounts;
  readonly clock: Clock;
  readonly onProblem: OnProblem;
}): FormSignIn {
  const { accounts, clock } = options;
  let providers: readonly { readonly value: string; readonly label: string }[] = [];
  let askedAtMs = Number.NEGATIVE_INFINITY;

  /** A page is made at once, with what is known; the list of the CMS changes with its configuration only. */
  const lookForProviders = (): void => {
    if (clock.nowMs() - askedAtMs < providersFreshMs) return;
    askedAtMs = clock.nowMs();
    accounts.providers().then(
      (found) => {
        providers = found;
      },
      (error: unknown) => {
        askedAtMs = Number.NEGATIVE_INFINITY;
        options.onProblem({ kind: 'background_failure', operation: 'Accounts_GetMembershipProviders', error });
      },
    );
  };
  lookForProviders();

  return {
    kind: 'form',
    name: 'cms-login',
    get fields() {
      lookForProviders();
      return providers.length > 1 ? [...fields, { ...providerField, options: providers }] : fields;
    },
    async check(input) {
      const username = (input['username'] ?? '').trim();
      const password = input['password'] ?? '';
      const provider = input['provider'] ?? providers[0]?.value ?? '';
      const isAnswerable = username !== '' && password !== '' && [username, password, provider].every(isOfLength);
      const tokens = isAnswerable ? await accounts.byPassword({ username, password, provider }) : undefined;
      if (tokens === undefined) throw refused();
      return (await signedInAs(accounts, tokens)) ?? raise(refused());
    },
  };
}

const fields: readonly SignInField[] = [
  { name: 'username', label: 'User name', kind: 'text', autocomplete: 'username' },
  { name: 'password', label: 'Password', kind: 'password', autocomplete: 'current-password' },
];

const providerField: SignInField = {
  name: 'provider',
  label: 'Account',
  kind: 'choice',
  autocomplete: 'off',
  hint: 'Where your user name belongs to.',
};

const providersFreshMs = 5 * 60_000;
/** Longer than any user name or password that a CMS takes. */
const typedCharactersMax = 500;
const isOfLength = (text: string): boolean => text.length <= typedCharactersMax;

/** One text, whatever was wrong. */
const refused = (): DomainError =>
  new DomainError('SIGN_IN_REFUSED', 'The CMS does not accept this user name and password. Check both and try again.');

const raise = (error: DomainError): never => {
  throw error;
};
