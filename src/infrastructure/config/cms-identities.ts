import { z } from 'zod';

/** An OAuth identity of the CMS that people work as. */
export interface ConfiguredIdentity {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Who works as which identity: the first rule that fits decides. */
export interface IdentityRule {
  readonly claim: 'email' | 'sub' | 'groups';
  readonly equals: string;
  readonly identity: string;
}

/** What `CMS_IDENTITIES_FILE` holds. */
export interface CmsIdentities {
  readonly identities: Readonly<Record<string, ConfiguredIdentity>>;
  readonly rules: readonly IdentityRule[];
  /** The identity of everybody whom no rule fits; absent: they are refused. */
  readonly defaultIdentity: string | undefined;
  /** True when an e-mail address counts only where the identity provider says that it has checked it. */
  readonly requireVerifiedEmail: boolean;
}

/**
 * Reads the file, if one is named, and the files of secrets that it names. Problems name neither paths nor values.
 */
export function readCmsIdentities(
  { cmsIdentitiesFile }: { readonly cmsIdentitiesFile?: string | undefined },
  readFile: (path: string) => string,
): { readonly identities: CmsIdentities } | { readonly problem: string } | undefined {
  if (cmsIdentitiesFile === undefined) return undefined;
  const text = attempt(() => readFile(cmsIdentitiesFile));
  if (text === undefined) return { problem: 'the file cannot be read' };
  const json = attempt((): unknown => JSON.parse(text.replace(/^\u{FEFF}/u, '')));
  if (json === undefined) return { problem: 'the file is not JSON' };
  const parsed = fileForm.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${placeOf(issue?.path ?? [])} ${expectedAt(issue?.code)}` };
  }
  const { identities: rows, rules, default: defaultIdentity, requireVerifiedEmail } = parsed.data;
  const identities: Record<string, ConfiguredIdentity> = {};
  for (const [name, row] of Object.entries(rows)) {
    const { clientSecretFile } = row;
    const secret =
      row.clientSecret ?? (clientSecretFile === undefined ? undefined : attempt(() => readFile(clientSecretFile)));
    if (secret === undefined || secret.trim() === '') {
      return {
        problem: `identities.${name} needs one of clientSecret and clientSecretFile, and the file has to be readable`,
      };
    }
    identities[name] = { clientId: row.clientId, clientSecret: secret.trim() };
  }
  const unknown = [
    ...rules.map(({ identity }) => identity),
    ...(defaultIdentity === undefined ? [] : [defaultIdentity]),
  ].filter((name) => !Object.hasOwn(identities, name));
  if (unknown.length > 0) return { problem: 'a rule or the default names an identity that the file does not have' };
  return { identities: { identities, rules, defaultIdentity, requireVerifiedEmail } };
}

/** The name that the identity of OAUTH_CLIENT_ID has. */
const reservedName = 'service';
const identityName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,49}$/)
  .refine((name) => name !== reservedName);
const someText = z.string().trim().min(1).max(1_000);

const fileForm = z.strictObject({
  identities: z.record(
    identityName,
    z
      .strictObject({
        clientId: someText,
        clientSecret: someText.optional(),
        clientSecretFile: someText.optional(),
      })
      .refine((row) => (row.clientSecret === undefined) !== (row.clientSecretFile === undefined)),
  ),
  rules: z
    .array(z.strictObject({ claim: z.enum(['email', 'sub', 'groups']), equals: someText, identity: someText }))
    .default([]),
  default: someText.optional(),
  requireVerifiedEmail: z.boolean().default(true),
});

/** Where in the file: names of the form only, since a secret put in the wrong place would be shown. */
function placeOf(path: readonly PropertyKey[]): string {
  const known = ['identities', 'rules', 'default', 'requireVerifiedEmail', 'claim', 'equals', 'identity'];
  const shown = path.filter((part) => typeof part === 'number' || known.includes(String(part))).map(String);
  return shown.length === 0 ? 'the file' : shown.join('.');
}

function expectedAt(code: string | undefined): string {
  return code === 'unrecognized_keys'
    ? 'has a property that is not known'
    : 'has not the form of docs/security/connect-sign-in.md';
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    // The problem that follows says what is wrong, without the path and the text.
    return undefined;
  }
}
