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
  exceptionShape: ExceptionShape;
};

export const defaultKnobs: Knobs = {
  nextIndexEnd: 'total',
  // What OWIN reports for its default of twenty minutes.
  accessTokenLifetimeSeconds: 1199,
  publishTickMs: 150,
  reportTickMs: 40,
  requireCheckinComments: false,
  exceptionShape: 'both',
};
