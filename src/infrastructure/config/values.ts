import { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import { z } from 'zod';
import { createCalendar } from '../../adapters/outbound/node/calendar.ts';
import type { BackupKeep } from '../../domain/model/backup.ts';

/**
 * The kinds of value that a setting can have: each turns the text of an environment variable into a typed value. The
 * description of a kind completes the sentence "expected …", in reports of problems and in the reference.
 */
export type SettingValue<Output = unknown> = z.ZodType<Output, string>;

/** A whole number within bounds; `noun` says what is counted and in which unit. */
export function wholeNumber(min: number, max: number, noun = 'a whole number'): SettingValue<number> {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((count) => count >= min && count <= max)
    .describe(`${noun} from ${min} to ${max}`);
}

/** A TCP port; 0 lets the system choose a free one. */
export function port(): SettingValue<number> {
  return wholeNumber(0, PORT_MAX, 'a port');
}

/** A share: a number from 0 to 1. */
export function ratio(): SettingValue<number> {
  return z
    .string()
    .regex(/^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/)
    .transform(Number)
    .describe('a number from 0 to 1');
}

/** One of the words, in any letter case. */
export function oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]): SettingValue<Word> {
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum(words))
    .describe(words.length === 1 ? words[0] : `one of ${words.join(', ')}`);
}

/** Yes or no in the usual spellings. */
export function flag(): SettingValue<boolean> {
  return z.stringbool().describe('true or false');
}

/** Printable text of a bounded length. */
export function text(): SettingValue<string> {
  return z
    .string()
    .max(TEXT_CHARS_MAX)
    .regex(/^\P{Cc}+$/u)
    .describe(`text of at most ${TEXT_CHARS_MAX} characters without control characters`);
}

/** A folder, relative to the working directory or absolute; it is made when it is missing. */
export function folder(): SettingValue<string> {
  return text().describe('the path of a folder');
}

/** A file that is there, relative to the working directory or absolute. */
export function file(): SettingValue<string> {
  return text().describe('the path of a file');
}

/** The base address of a web service, without its closing slash. */
export function webAddress(): SettingValue<string> {
  return z
    .string()
    .refine((address) => isBareAddress(address, ['http:', 'https:']))
    .transform(withoutClosingSlash)
    .describe('an http:// or https:// address without user name, password, query or fragment');
}

/** A web address that others are sent to: encrypted, except on the machine itself (OAuth 2.1 section 1.5). */
export function secureAddress(): SettingValue<string> {
  return z.string().refine(isSecureAddress).transform(withoutClosingSlash).describe(SECURE_ADDRESS);
}

/** The issuer of an OpenID Connect provider: compared letter by letter, so its closing slash stays. */
export function issuerAddress(): SettingValue<string> {
  return z.string().refine(isSecureAddress).describe(SECURE_ADDRESS);
}

/** Scopes of OpenID Connect, parted by spaces. */
export function openidScopes(): SettingValue<string> {
  return z
    .string()
    .refine((scopes) => /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(scopes))
    .refine((scopes) => scopes.split(' ').includes('openid'))
    .describe('scopes parted by single spaces, openid among them');
}

/** Where the CMS sends an authorization code: nowhere ("out of band", it answers with it), or to a page of ours. */
export function redirectAddress(): SettingValue<string> {
  return z
    .string()
    .refine((address) => address === OUT_OF_BAND || isSecureAddress(address))
    .describe(`${OUT_OF_BAND} or ${SECURE_ADDRESS}`);
}

/** Sentinels, each a host with or without a port, the name of the master that they watch, and a database. */
const SENTINELS =
  /^redis\+sentinel:\/\/(?:[^:@/]*:[^@/]*@)?[\w.-]+(?::\d{1,5})?(?:,[\w.-]+(?::\d{1,5})?)*\/[\w.-]+(?:\/\d{1,2})?$/;

/** A Redis server; the address may hold a password, which makes the whole a secret. */
export function redisAddress(): SettingValue<string> {
  return z
    .string()
    .refine((address) => {
      if (SENTINELS.test(address)) return true;
      const url = URL.parse(address);
      return url !== null && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '';
    })
    .describe('a redis:// or rediss:// address with a host, or redis+sentinel://host:port,host:port/master-name');
}

/** The address to listen on: a host name or an IP address. */
export function listenHost(): SettingValue<string> {
  return z
    .string()
    .refine((host) => isIP(host) !== 0 || HOST_NAME.test(host))
    .describe('a host name or an IP address');
}

/** Values of the Host header, with or without a port. */
export function hosts(): SettingValue<readonly string[]> {
  return list((host) => HOST_HEADER.test(host)).describe('host names, each with or without a port, parted by commas');
}

/** Values of the Origin header. */
export function origins(): SettingValue<readonly string[]> {
  return list((origin) => {
    const url = URL.parse(origin);
    return url !== null && ['http:', 'https:'].includes(url.protocol) && url.origin === origin.toLowerCase();
  }).describe('origins such as https://chat.example.edu, parted by commas');
}

/** Publishing targets, by name or id in small letters, each with the address of its public site. */
export function sitesOfTargets(): SettingValue<Readonly<Record<string, string>>> {
  return list((entry) => isBareAddress(siteOf(entry)?.address ?? '', ['http:', 'https:']))
    .transform((entries) => entries.flatMap((entry) => siteOf(entry) ?? []))
    .refine((pairs) => new Set(pairs.map(({ target }) => target)).size === pairs.length)
    .transform(
      (pairs): Readonly<Record<string, string>> =>
        Object.fromEntries(pairs.map(({ target, address }) => [target, withoutClosingSlash(address)])),
    )
    .describe(
      'publishing targets by name or id, each once, with = and an http:// or https:// address behind it (no user name, query or fragment), parted by commas',
    );
}

/** Ids of CMS operations, or a star for all of them. */
export function operationIds(): SettingValue<readonly string[]> {
  return list((id) => id === '*' || /^[A-Za-z0-9]+_[A-Za-z0-9_]+$/.test(id)).describe(
    'ids of CMS operations such as Taxonomy_Move, parted by commas, or * for all',
  );
}

/** Which proxies may say who the client is, in the forms that Express knows. */
export function trustedProxies(): SettingValue<boolean | number | readonly string[]> {
  const flags = z.stringbool({ truthy: ['true'], falsy: ['false'] });
  const hops = wholeNumber(1, PROXY_HOPS_MAX);
  return z
    .union([flags, hops, list(isProxy)])
    .describe(
      `false, true, a number of proxies from 1 to ${PROXY_HOPS_MAX}, or addresses and subnets parted by commas`,
    );
}

/** Keys of 256 bits as their bytes. */
export function encryptionKeys(): SettingValue<readonly Uint8Array[]> {
  return list((key) => HEX_KEY.test(key) || BASE64_KEY.test(key))
    .transform((keys): readonly Uint8Array[] =>
      keys.map((key) => Buffer.from(key, HEX_KEY.test(key) ? 'hex' : 'base64')),
    )
    .describe(
      `${KEY_BYTES} bytes as base64 (44 characters) or hex (64 characters), or several such keys parted by commas`,
    );
}

/** When backups are taken: by a cron rule in a zone, or never. */
export type BackupSchedule = 'off' | { readonly cron: string; readonly timeZone: string };

/** A cron rule with its zone behind it, or off. */
export function backupTimes(): SettingValue<BackupSchedule> {
  return z
    .string()
    .transform((rule): BackupSchedule => {
      const words = rule.split(/\s+/);
      const cron = words.slice(0, CRON_FIELDS).join(' ');
      return rule.toLowerCase() === 'off' ? 'off' : { cron, timeZone: words.slice(CRON_FIELDS).join(' ') || 'UTC' };
    })
    .refine((times) => times === 'off' || comesDue(times))
    .describe('off, or five cron fields with or without a time zone behind them, such as 30 1 * * * Europe/Berlin');
}

/** So many days, or so many backups. */
export function backupKeep(): SettingValue<BackupKeep> {
  return z
    .string()
    .regex(/^[1-9]\d{0,3}d?$/)
    .transform(
      (text): BackupKeep => ({ unit: text.endsWith('d') ? 'days' : 'backups', count: Number.parseInt(text, 10) }),
    )
    .describe('a number of days such as 30d, or a number of backups such as 14');
}

/** The name of a bucket, as Amazon's rules allow it. */
export function bucketName(): SettingValue<string> {
  return z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .describe('the name of a bucket: 3 to 63 small letters, digits, dots and dashes');
}

/** True for the addresses and names by which a machine reaches itself. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

export const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';

const PORT_MAX = 65_535;
const TEXT_CHARS_MAX = 1_000;
/** More proxies than this in front of one server are a mistake in the setting. */
const PROXY_HOPS_MAX = 10;
const LIST_ENTRIES_MAX = 500;
const KEY_BYTES = 32;
const CRON_FIELDS = 5;
const HEX_KEY = /^[0-9a-f]{64}$/i;
/** 32 bytes are 43 characters of base64 (or base64url) and one of padding. */
const BASE64_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;
const HOST_HEADER = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)(:\d{1,5})?$/i;
const SECURE_ADDRESS =
  'an https:// address (http:// only for this machine itself) without user name, password, query or fragment';

function list(accepts: (entry: string) => boolean): SettingValue<readonly string[]> {
  return z
    .string()
    .transform((entries) =>
      entries
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine((entries) => entries.length > 0 && entries.length <= LIST_ENTRIES_MAX && entries.every(accepts));
}

function siteOf(entry: string): { readonly target: string; readonly address: string } | undefined {
  const [, target, address] = /^([^=]+?)\s*=\s*(\S+)$/.exec(entry) ?? [];
  return target === undefined || address === undefined ? undefined : { target: target.toLowerCase(), address };
}

function isBareAddress(address: string, protocols: readonly string[]): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    protocols.includes(url.protocol) &&
    /^https?:\/\//i.test(address) &&
    url.username === '' &&
    url.password === '' &&
    !/[?#\s]/.test(address)
  );
}

function isSecureAddress(address: string): boolean {
  if (isBareAddress(address, ['https:'])) return true;
  return isBareAddress(address, ['http:']) && isLoopback(new URL(address).hostname);
}

function withoutClosingSlash(address: string): string {
  return address.replace(/\/+$/, '');
}

function isProxy(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true;
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function comesDue({ cron, timeZone }: { readonly cron: string; readonly timeZone: string }): boolean {
  try {
    createCalendar().next({ kind: 'recurring', cron, timeZone }, 0);
    return true;
  } catch {
    // The calendar says what is wrong with it; the setting says what was expected.
    return false;
  }
}
