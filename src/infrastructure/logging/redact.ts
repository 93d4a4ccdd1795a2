/** Makes a value of a log line safe to write. */
export type Redact = (value: unknown) => unknown;

/**
 * The last resort against secrets in logs: whatever stands in a line, at any depth, loses
 * - the values under names that hold credentials (`sensitiveName`),
 * - the given secrets wherever they occur in a text, and
 * - what has the form of a credential (`credentialForms`): our tokens, bearer tokens, JWTs, key-value pairs.
 *
 * Takes plain JSON and gives plain JSON; true, false and null stay, since they tell only whether there is a secret.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const known = secretPattern(secrets);
  const redactText = (text: string): string =>
    credentialForms.reduce(
      (safe, { form, replacement }) => safe.replace(form, replacement),
      known === undefined ? text : text.replace(known, HIDDEN),
    );
  const redact = (value: unknown, name = ''): unknown => {
    if (typeof value === 'boolean' || value === null) return value;
    if (sensitiveName.test(name.replaceAll(/[^A-Za-z]/g, ''))) return HIDDEN;
    if (typeof value === 'string') return redactText(value);
    // Raw headers are lists in which each value follows its name.
    if (Array.isArray(value)) return value.map((entry, index) => redact(entry, nameBefore(value, index)));
    if (typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [redactText(key), redact(entry, key)]));
  };
  return (value) => redact(value);
}

/** What stands in a line instead of a secret. */
export const HIDDEN = '[redacted]';

/** Shorter texts occur everywhere by chance: hiding them would only mangle the log. */
const SECRET_CHARS_MIN = 6;

/** Names, without their separators, whose values are credentials. */
const sensitiveName =
  /(passwords?|passwd|passphrase|secrets?|tokens?|authorization|cookies?|credentials?|apikey|encryptionkey|privatekey|verifier|redisurl|mcpsessionid)$/i;

/**
 * The same names as parts of a text: in addresses, forms and JSON that was made a string. What comes before is
 * bounded, as every repetition below, so that a hostile text costs no more than its length.
 */
const SENSITIVE_WORD =
  '[\\w.-]{0,40}(?:password|passwd|passphrase|secret|token|authorization|cookie|credentials?|api_?key|encryption_?key|private_?key|verifier)';

const credentialForms: readonly { readonly form: RegExp; readonly replacement: string }[] = [
  // JWTs, as the CMS issues them (RFC 7519: three parts of base64url, the first a JSON object); a cut one as well.
  { form: /\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, replacement: HIDDEN },
  // Tokens that this server issues.
  { form: /\bigx_[\w-]{4,}/g, replacement: HIDDEN },
  { form: /\b(Bearer|Basic|DPoP)\s{1,4}[\w.~+/=-]{4,}/gi, replacement: `$1 ${HIDDEN}` },
  // JSON within a text. Its quotes are escaped once for each text around it; the value ends at the like of its first.
  {
    form: new RegExp(`(\\\\{0,8})"(${SENSITIVE_WORD})\\1"(\\s{0,4}:\\s{0,4})\\1"(?:(?!(?<!\\\\)\\1")[^])*`, 'gi'),
    replacement: `$1"$2$1"$3$1"${HIDDEN}`,
  },
  // Forms and addresses; an authorization code is one only there, elsewhere `code` is the code of an error.
  { form: new RegExp(`(\\b${SENSITIVE_WORD}|[?&]code)=[^&\\s"'<>]+`, 'gi'), replacement: `$1=${HIDDEN}` },
  // User and password in an address.
  { form: /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"]{1,500}@/gi, replacement: `$1${HIDDEN}@` },
];

/** One pattern for all known secrets and their encoded forms, the longest first. */
function secretPattern(secrets: readonly string[]): RegExp | undefined {
  const forms = new Set(
    secrets
      .filter((secret) => secret.length >= SECRET_CHARS_MIN)
      .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]),
  );
  if (forms.size === 0) return undefined;
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map((form) => RegExp.escape(form)).join('|'), 'g');
}

function nameBefore(entries: readonly unknown[], index: number): string {
  const before = entries[index - 1];
  return typeof before === 'string' ? before : '';
}
