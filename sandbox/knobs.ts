import type { ExceptionShape } from './exceptions.ts';

/** What a test or an operator may change about the sandbox's manners. */
export type Knobs = {
  /** `NextIndex` at the end of a list; the real value is not documented (contract §4). */
  nextIndexEnd: 'total' | 'minus-one';
  accessTokenLifetimeSeconds: number;
  publishTickMs: number;
  /** A report session is complete after four ticks. */
  reportTickMs: number;
  requireCheckinComments: boolean;
  /** Which form `mapId` has to have; the contract tells numbers in models and texts in queries, and no more. */
  ditaMapId: 'any' | 'asset-id' | 'number';
  exceptionShape: ExceptionShape;
  /** Where user names live. All users of the seed belong to the first one; the others know nobody. */
  membershipProviders: MembershipProvider[];
  /** A JWT tells whom it speaks of; an opaque token only opens the API. */
  accessTokenForm: 'jwt' | 'opaque';
};

export type MembershipProvider = { key: string; displayName: string; isSaml: boolean };

export const defaultKnobs: Knobs = {
  nextIndexEnd: 'total',
  // What OWIN reports for its default of twenty minutes.
  accessTokenLifetimeSeconds: 1199,
  publishTickMs: 150,
  reportTickMs: 40,
  requireCheckinComments: false,
  ditaMapId: 'any',
  exceptionShape: 'both',
  membershipProviders: [{ key: 'SandboxMembershipProvider', displayName: 'Sandbox users', isSaml: false }],
  accessTokenForm: 'jwt',
};
