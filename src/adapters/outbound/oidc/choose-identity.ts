import { z } from 'zod';

/** Claims that rules and pages look at. */
export const personClaims = z.object({
  sub: z.string().min(1),
  name: z.string().min(1).optional().catch(undefined),
  email: z.string().min(1).optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  groups: z.array(z.string()).optional().catch(undefined),
});
export type PersonClaims = z.infer<typeof personClaims>;

/** Who works as which CMS identity: the first rule that fits decides. */
export interface IdentityRules {
  readonly rules: readonly {
    readonly claim: 'email' | 'sub' | 'groups';
    readonly equals: string;
    readonly identity: string;
  }[];
  /** Absent: whom no rule fits is refused. */
  readonly defaultIdentity: string | undefined;
  /** True when an e-mail address counts only where the provider says that it has checked it. */
  readonly requireVerifiedEmail: boolean;
}

/** The name of the CMS identity for a person; `undefined` when they may not work here. Pure. */
export function chooseIdentity(claims: PersonClaims, rules: IdentityRules): string | undefined {
  const fits = rules.rules.find(({ claim, equals }) => valuesOf(claim, claims, rules).includes(folded(claim, equals)));
  return fits?.identity ?? rules.defaultIdentity;
}

type Rule = IdentityRules['rules'][number];

/** What a person has to offer for a claim. */
function valuesOf(claim: Rule['claim'], claims: PersonClaims, rules: IdentityRules): readonly string[] {
  switch (claim) {
    case 'sub':
      return [claims.sub];
    case 'groups':
      return claims.groups ?? [];
    case 'email':
      // An address that the person wrote into their own profile would let them be anybody.
      if (claims.email === undefined || (rules.requireVerifiedEmail && claims.email_verified !== true)) return [];
      return [folded('email', claims.email)];
  }
}

/** E-mail addresses are the same in any letter case; everything else is compared as it is. */
const folded = (claim: Rule['claim'], text: string): string => (claim === 'email' ? text.toLowerCase() : text);
