import { join } from 'node:path';
import { type CmsIdentities, readCmsIdentities } from './cms-identities.ts';
import { publicUrlOf, rules, signInOf } from './rules.ts';
import { type Config, type GivenSettings, type Setting, type SettingName, settings } from './schema.ts';
import { FILE_SUFFIX, type ReadFile, readSecret, secretNames, settingEntries } from './secrets.ts';
import { suggest } from './suggest.ts';

/** A configuration with what is doubtful about it, or everything that is wrong with the environment. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Makes the configuration of an environment. Reads nothing but `env` and, through `readFile`, the files that the
 * `NAME_FILE` variables name. An empty variable counts as not given: that is what compose files make of a missing
 * one. Problems and warnings name variables; they never hold the value of a secret.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, readFile: ReadFile): LoadedConfig {
  const given = readGiven(env, readFile);
  const parsed = parseAll(given.texts);
  const names = checkNames(env);
  const ruled = rules
    .filter((rule) => rule.isBroken({ isGiven: (name) => given.names.has(name), value: parsed.values }))
    .map(({ kind, says }) => ({ kind, says }));
  const people = readPeople(parsed.values, readFile);
  const findings = [...given.findings, ...parsed.findings, ...people.findings, ...ruled, ...names];
  const secrets = secretNames.map((name) => given.texts.get(name)).filter((secret) => secret !== undefined);
  const say = (kind: Finding['kind']): readonly string[] =>
    findings.filter((finding) => finding.kind === kind).map((finding) => hideAll(finding.says, secrets));

  if (parsed.isComplete && findings.every((finding) => finding.kind === 'warning')) {
    return { ok: true, config: complete(parsed.values, people.identities), warnings: say('warning') };
  }
  return { ok: false, problems: say('problem') };
}

interface Finding {
  readonly kind: 'problem' | 'warning';
  readonly says: string;
}

interface Given {
  readonly texts: ReadonlyMap<SettingName, string>;
  /** Also the secrets whose file could not be read: they were given, though not well. */
  readonly names: ReadonlySet<SettingName>;
  readonly findings: readonly Finding[];
}

type Parsed =
  | { readonly isComplete: true; readonly values: GivenSettings; readonly findings: readonly Finding[] }
  | { readonly isComplete: false; readonly values: Partial<GivenSettings>; readonly findings: readonly Finding[] };

/** A value is shown up to this length. */
const SHOWN_CHARS_MAX = 60;

function readGiven(env: Readonly<Record<string, string | undefined>>, readFile: ReadFile): Given {
  const texts = new Map<SettingName, string>();
  const names = new Set<SettingName>();
  const findings: Finding[] = [];
  for (const [name, setting] of settingEntries()) {
    const { text, problem } = setting.secret ? readSecret(name, env, readFile) : { text: env[name]?.trim() };
    if (problem !== undefined) findings.push({ kind: 'problem', says: problem });
    if (text !== undefined && text !== '') texts.set(name, text);
    if (texts.has(name) || problem !== undefined) names.add(name);
  }
  return { texts, names, findings };
}

function parseAll(texts: ReadonlyMap<SettingName, string>): Parsed {
  const values: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const [name, setting] of settingEntries()) {
    const text = texts.get(name) ?? setting.default;
    const result = text === undefined ? undefined : setting.value.safeParse(text);
    if (result?.success === false) findings.push({ kind: 'problem', says: explain(name, setting, text ?? '') });
    if (setting.key !== undefined && result?.success !== false) values[setting.key] = result?.data;
  }
  // Each key was filled from the row that `GivenSettings` derives its type from; only failed rows are absent.
  if (findings.every(({ kind }) => kind === 'warning'))
    return { isComplete: true, values: values as GivenSettings, findings };
  return { isComplete: false, values: values as Partial<GivenSettings>, findings };
}

function explain(name: SettingName, setting: Setting, text: string): string {
  const expected = `${name}: expected ${setting.value.description}`;
  return setting.secret ? `${expected}; the value given is something else.` : `${expected}, got ${show(text)}.`;
}

/** A value as one sees it in a message: what may be a credential or a token in an address is left out. */
function show(text: string): string {
  const bare = text.replace(/\/\/[^/@]*@/g, '//…@').replace(/\?.*$/s, '?…');
  return JSON.stringify(bare.length > SHOWN_CHARS_MAX ? `${bare.slice(0, SHOWN_CHARS_MAX)}…` : bare);
}

function hideAll(message: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(`"${secret}"`, '[a secret]'), message);
}

/** Finds names that nobody reads although they look like ours. Their values are not looked at. */
function checkNames(env: Readonly<Record<string, string | undefined>>): readonly Finding[] {
  const known = [...Object.keys(settings), ...secretNames.map((name) => `${name}${FILE_SUFFIX}`)];
  const findings: Finding[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (known.includes(name) || name.startsWith('OTEL_') || text === undefined || text === '') continue;
    const owner = name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : undefined;
    if (owner?.includes('_') && known.includes(owner)) {
      findings.push({ kind: 'problem', says: `${name}: only secrets can come from a file; give ${owner} itself.` });
      continue;
    }
    const suggestion = suggest(name, known);
    // Where the right name is given as well, the other one belongs to another program.
    if (suggestion === undefined || (env[suggestion.name] ?? '') !== '') continue;
    const says = `${name}: no setting has this name; did you mean ${suggestion.name}?`;
    findings.push({ kind: suggestion.isSure ? 'problem' : 'warning', says });
  }
  return findings;
}

/** The file of CMS_IDENTITIES_FILE, read only where it counts. */
function readPeople(
  values: Partial<GivenSettings>,
  readFile: ReadFile,
): { readonly identities: CmsIdentities | undefined; readonly findings: readonly Finding[] } {
  const read = signInOf(values) === 'oidc' ? readCmsIdentities(values, readFile) : undefined;
  if (read === undefined) return { identities: undefined, findings: [] };
  if ('identities' in read) return { identities: read.identities, findings: [] };
  return { identities: undefined, findings: [{ kind: 'problem', says: `CMS_IDENTITIES_FILE: ${read.problem}.` }] };
}

/** Longer than the interval of the health checks in ops/haproxy, and no hindrance to anybody who restarts. */
const drainSecondsInProduction = 3;

/** At night, and not on the full hour, when everybody's do. */
const nightly = { cron: '17 3 * * *', timeZone: 'UTC' } as const;

function complete(values: GivenSettings, cmsIdentities: CmsIdentities | undefined): Config {
  return {
    ...values,
    cmsSignIn: signInOf(values),
    cmsIdentities,
    publicUrl: publicUrlOf(values),
    drainSeconds: values.drainSeconds ?? (values.environment === 'production' ? drainSecondsInProduction : 0),
    workerInline: values.workerInline ?? values.redisUrl === undefined,
    backupDir: values.backupDir ?? join(values.dataDir, 'backups'),
    backupSchedule: values.backupSchedule ?? (values.environment === 'production' ? nightly : 'off'),
  };
}
