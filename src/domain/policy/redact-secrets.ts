import type { Json } from '../model/job.ts';
import type { OperationDescription } from '../model/operation.ts';

/** What stands in place of a secret. */
export const hidden = '[hidden]';

/** A value without its secrets, and how many were hidden. */
export interface Redacted<T> {
  readonly value: T;
  readonly count: number;
}

/**
 * How closely an answer is looked at: `plain` hides what is surely a secret, `sensitive` also what is written down as
 * one (for operations that are known to carry credentials), `secret` every text and number there is.
 */
export type Caution = 'plain' | 'sensitive' | 'secret';

/** Pure. */
export function cautionFor(operation: OperationDescription): Caution {
  if (secretAnswers.has(operation.id)) return 'secret';
  return operation.sensitive ? 'sensitive' : 'plain';
}

/** Pairs of name and password under names that do not say so. */
const secretAnswers: ReadonlySet<string> = new Set(['Assets_GetOxygenAccessCredentials']);

/**
 * Hides what looks like a secret: texts and numbers under names such as `Password`, the value of a pair whose name is
 * one, and tokens, keys and passwords inside any text. Pure.
 */
export function redactSecrets(value: Json, caution: Caution): Redacted<Json> {
  let count = 0;
  const hide = (secret: Json): Json => {
    // Flags tell whether there is a secret, and nothing else tells more about an empty one.
    if (secret === null || secret === '' || typeof secret === 'boolean') return secret;
    if (Array.isArray(secret)) return secret.map(hide);
    if (isRecord(secret)) return mapValues(secret, hide);
    count += 1;
    return hidden;
  };
  const walk = (part: Json): Json => {
    if (typeof part === 'string') {
      const text = redactText(part, caution);
      count += text.count;
      return text.value;
    }
    if (Array.isArray(part)) return part.map(walk);
    if (!isRecord(part)) return part;
    const isSecretHere = secretsOf(part, caution);
    return mapValues(part, (inner, name) => (isSecretHere(name) ? hide(inner) : walk(inner)));
  };
  const clean = caution === 'secret' ? hide(value) : walk(value);
  return { value: clean, count };
}

/** A text without the secrets inside it. Pure. */
export function redactText(text: string, caution: Caution): Redacted<string> {
  let count = 0;
  const value = (caution === 'plain' ? inAnyText : [...inAnyText, ...inSensitiveText]).reduce(
    (clean, pattern) =>
      clean.replace(pattern, (_match: string, before: string) => {
        count += 1;
        return `${before}${hidden}`;
      }),
    text,
  );
  return { value, count };
}

/** The first group of each is what stays before the secret. */
const inAnyText: readonly RegExp[] = [
  /(^|[^\w-])eyJ[\w-]{10,}\.[\w-]{5,}\.[\w-]*/g,
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(\bBearer\s+)[\w.~+/-]{16,}=*/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*:)[^\s/@"'<>]+(?=@)/gi,
  /(\b(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature|client_secret|access_token|refresh_token)\s*=\s*)[^\s;&"'<>,]+/gi,
];

/** Written down as `name: value`, which ordinary pages do as well. */
const inSensitiveText: readonly RegExp[] = [
  /(["']?[\w-]*(?:password|pwd|secret|token|apikey|api_key|accesskey|privatekey|cookie|authorization)["']?\s*[:=]\s*["']?)(?!\[hidden\])[^\s"',;<>}]+/gi,
];

const secretEnding =
  /(?:password|passwd|pwd|passphrase|secret|secretkey|accesskey|apikey|privatekey|sharedkey|accountkey|machinekey|encryptionkey|token|connectionstring|credentials?|devicecode|cookie|authorization)s?\d*$/;

const isSecretName = (name: string): boolean => secretEnding.test(name.toLowerCase().replace(/[^a-z0-9]/g, ''));

/** Which properties of an object hold a secret: by their own name, or because the object is a pair that names one. */
function secretsOf(part: Readonly<Record<string, Json>>, caution: Caution): (name: string) => boolean {
  const entries = Object.entries(part);
  const naming = entries.find(
    ([name, value]) => pairNames.has(name.toLowerCase()) && typeof value === 'string' && isSecretName(value),
  )?.[0];
  const isPair = entries.some(([name]) => pairValues.has(name.toLowerCase()));
  return (name) => {
    if (isSecretName(name)) return true;
    if (naming === undefined || name === naming) return false;
    return isPair ? pairValues.has(name.toLowerCase()) : caution !== 'plain';
  };
}

/** Properties that name the thing that another property of the same object holds. */
const pairNames: ReadonlySet<string> = new Set(['name', 'key', 'id']);
const pairValues: ReadonlySet<string> = new Set(['value', 'globalvalue', 'overridevalue', 'pubtargetoverrides']);

function mapValues(
  record: Readonly<Record<string, Json>>,
  map: (value: Json, name: string) => Json,
): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function isRecord(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
