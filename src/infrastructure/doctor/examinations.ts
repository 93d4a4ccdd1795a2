import { statfs } from 'node:fs/promises';
import { DomainError } from '../../domain/errors.ts';
import type { Principal } from '../../domain/model/principal.ts';
import type { Abilities } from '../../domain/model/site.ts';
import type { CmsGateway } from '../../domain/ports/cms/gateway.ts';
import type { Clock } from '../../domain/ports/system.ts';
import type { Config } from '../config/schema.ts';
import type { CmsAddress } from '../di/cms-address.ts';
import type { Wired } from '../di/container.ts';
import { storageDriverOf } from '../di/storage.ts';
import { T } from '../di/tokens.ts';
import { keyFile } from '../keys/master-keys.ts';
import { type Examination, type Finding, ok, skipped } from './examination.ts';

export interface ExaminationOptions {
  readonly config: Config;
  /** What the start would warn of. */
  readonly warnings: readonly string[];
  /** Opens the storage; called once, by the examination of the storage. */
  readonly open: () => Promise<Wired>;
  readonly clock: Clock;
  /** Absent when the sandbox CMS would be started. */
  readonly cms: CmsAddress | undefined;
}

/** Signs in as the configured identity, in nobody's name. */
const operator: Principal = { subject: 'doctor', clientId: 'server', scopes: [] };

/** OAuth and signed answers bear a small difference; more makes tokens look expired or not yet valid. */
const clockSkewSecondsMax = 60;

/** Less than this and backups, SQLite and logs cannot go on for long. */
const freeBytesMin = 500 * 1024 * 1024;

/** Everything that `doctor` looks at, in this order. Each finds one thing, and tells what to do about it. */
export function examinations(options: ExaminationOptions): readonly Examination[] {
  const { config, cms } = options;
  let opened: Promise<Wired> | undefined;
  const container = () => (opened ??= options.open());
  const gateway = async (signal: AbortSignal): Promise<CmsGateway> =>
    (await container()).get(T.Connector).as(operator, { signal, allowStale: false });

  const withCms =
    (examine: (address: CmsAddress, signal: AbortSignal) => Promise<Finding>) => async (signal: AbortSignal) =>
      cms === undefined ? skipped('the sandbox CMS is used, as CMS_BASE_URL is not given') : examine(cms, signal);

  return [
    {
      name: 'configuration',
      advice: 'See docs/reference/configuration.md.',
      examine: async () =>
        options.warnings.length === 0
          ? ok('every setting can be used')
          : { status: 'warning', says: options.warnings.join(' ') },
    },
    {
      name: 'disk',
      advice: 'Make room, or put DATA_DIR on a larger disk.',
      examine: async () => {
        const { bavail, bsize } = await statfs(config.dataDir);
        const freeMiB = Math.floor((bavail * bsize) / (1024 * 1024));
        const says = `${freeMiB} MiB free at DATA_DIR`;
        return bavail * bsize < freeBytesMin ? { status: 'failed', says } : ok(says);
      },
    },
    {
      name: 'storage',
      advice: 'Start Redis, or correct REDIS_URL; without REDIS_URL, let the user of the server write to DATA_DIR.',
      examine: async () => {
        await (await container()).get(T.StorageProbe)();
        return ok(`${storageDriverOf(config) === 'redis' ? 'Redis' : 'SQLite in DATA_DIR'} can be written to`);
      },
    },
    {
      name: 'storage settings',
      needs: ['storage'],
      advice: 'Set maxmemory-policy to noeviction and appendonly to yes in the configuration of Redis.',
      examine: async () => {
        const problems = await (await container()).get(T.StorageSettings)();
        return problems.length === 0
          ? ok('nothing that is kept can be lost by them')
          : { status: 'failed', says: problems.join(' ') };
      },
    },
    {
      name: 'keys',
      needs: ['storage'],
      advice: 'Give back the key that this storage was used with; it is kept apart from the backups.',
      examine: async () => {
        await (await container()).get(T.Sealer).checkKeys();
        const from = config.tokenEncryptionKeys === undefined ? `${keyFile} in DATA_DIR` : 'TOKEN_ENCRYPTION_KEY';
        return ok(`what is sealed can be opened with the key of ${from}`);
      },
    },
    {
      name: 'CMS',
      advice: 'Check CMS_BASE_URL, the name resolution and the firewall from this machine.',
      examine: withCms(async ({ baseUrl }, signal) => {
        await answerOf(baseUrl, signal);
        return ok(`answers at ${baseUrl}`);
      }),
    },
    {
      name: 'clock',
      needs: ['CMS'],
      advice: 'Let both machines take their time from the same source (chrony, systemd-timesyncd).',
      examine: withCms(async ({ baseUrl }, signal) => {
        const told = Date.parse((await answerOf(baseUrl, signal)).headers.get('date') ?? '');
        if (Number.isNaN(told)) return skipped('the CMS does not tell its time');
        const skewSeconds = Math.round(Math.abs(options.clock.nowMs() - told) / 1000);
        const says = `differs from that of the CMS by ${skewSeconds} s`;
        return skewSeconds > clockSkewSecondsMax ? { status: 'failed', says } : ok(says);
      }),
    },
    {
      name: 'sign-in',
      needs: ['storage', 'CMS'],
      advice:
        'Check OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET against the OAuth identity in the CMS (Administration, System Options, CMS, OAuth Identities).',
      examine: withCms(async (_address, signal) => {
        const { site } = await gateway(signal);
        await site.ping();
        const user = await site.currentUser();
        return ok(user === undefined ? 'the identity is accepted' : `the identity acts as ${user.name} (${user.id})`);
      }),
    },
    {
      name: 'abilities',
      needs: ['storage', 'CMS', 'sign-in'],
      advice: 'The CMS did not answer what it can do; tools will find out call by call.',
      examine: withCms(async (_address, signal) => {
        const { site } = await gateway(signal);
        const [abilities, version] = await Promise.all([site.abilities(), site.apiVersion()]);
        return ok(`API ${version ?? 'of unknown version'}; ${describe(abilities)}`);
      }),
    },
    {
      name: 'public sites',
      needs: ['storage', 'CMS', 'sign-in'],
      advice:
        'Name in PUBLIC_SITE_URLS the targets as the CMS does, and addresses that this machine reaches. Publishing works without it.',
      examine: withCms(async (_address, signal) => {
        const sites = Object.entries(config.publicSiteUrls ?? {});
        if (sites.length === 0) return skipped('none is named, so nobody looks at what visitors see');
        const targets = await (await gateway(signal)).publishing.targets();
        const names = new Set(targets.flatMap(({ id, name }) => [id.toLowerCase(), name.toLowerCase()]));
        const site = (await container()).get(T.PublicSite);
        const says = await Promise.all(
          sites.map(async ([target, base]) => {
            if (!names.has(target)) return `no target of the CMS is called "${target}"`;
            const sight = await site.look(site.addressOf({ id: target, name: target }, '') ?? base, signal);
            return sight.reached ? undefined : `nobody is seen at ${base} (${sight.why})`;
          }),
        );
        const wrong = says.filter((text) => text !== undefined);
        // A publish does not need its site, so that this is no failure.
        return wrong.length > 0
          ? { status: 'warning', says: wrong.join('; ') }
          : ok(`each of ${sites.length} belongs to a target and answers`);
      }),
    },
    {
      name: 'telemetry',
      advice: 'Start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT. The server works without it.',
      examine: async (signal) => {
        const { otlpEndpoint: endpoint, telemetryDisabled } = config;
        if (endpoint === undefined || telemetryDisabled) return skipped('traces are sent nowhere');
        const { origin } = new URL(endpoint);
        return answerOf(endpoint, signal).then(
          () => ok(`a collector answers at ${origin}`),
          // Telemetry is not needed to work, so that this is no failure.
          () => ({ status: 'warning', says: `nothing answers at ${origin}` }),
        );
      },
    },
  ];
}

/** Any answer, a refusal included, shows that somebody is there. @throws DomainError when nobody is. */
async function answerOf(address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { method: 'HEAD', redirect: 'manual', signal });
  } catch (cause) {
    throw new DomainError('CMS_UNAVAILABLE', `nothing answers at ${new URL(address).origin}`, { cause });
  }
}

function describe(abilities: Abilities): string {
  return Object.entries(abilities)
    .map(([ability, how]) => `${ability}: ${how}`)
    .join(', ');
}
