import { Redis, type RedisOptions } from 'ioredis';
import { DomainError } from '../../../domain/errors.ts';

/**
 * Connects to Redis, and goes on trying for as long as it takes. Answers at once; `ready` tells when it can be used.
 *
 * The connection is made for callers that somebody waits for: while Redis is away every command fails at once, and a
 * command that Redis does not answer fails after `commandTimeoutMs`, each as `STORAGE_UNAVAILABLE`.
 *
 * `url` is that of a server, or `redis+sentinel://host:port,host:port/name`: the sentinels that know which server is the
 * master of that name. After a failover the connection is to the new one.
 */
export function connectRedis(url: string, options: { readonly onProblem: (error: unknown) => void }): RedisConnection {
  let isClosed = false;
  // BullMQ makes connections of its own from ours and, while Redis is away, cannot end them: they end by themselves.
  const retryStrategy = (attempt: number): number | null => (isClosed ? null : reconnectDelayMs(attempt));
  const client = open(url, { ...producerOptions, retryStrategy });
  client.on('error', options.onProblem);
  return {
    client,
    ready: async (timeoutMs) => {
      if (client.status === 'ready') return;
      await new Promise<void>((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer);
          client.off('ready', onReady);
          act();
        };
        const onReady = () => settle(resolve);
        const timer = setTimeout(() => settle(() => reject(unavailable(undefined))), timeoutMs);
        client.once('ready', onReady);
      });
    },
    run: async (act) => {
      // Without this check BullMQ would wait for the connection, and the caller with it.
      if (client.status !== 'ready') throw unavailable(undefined);
      try {
        return await act(client);
      } catch (error) {
        // What Redis could not do is the operator's; a wrong command or a DomainError rises as it is.
        throw isUnavailable(error) ? unavailable(error) : error;
      }
    },
    duplicateForWaiting: (onProblem = options.onProblem) => {
      const duplicate = open(url, { ...waitingOptions, retryStrategy });
      duplicate.on('error', onProblem);
      return duplicate;
    },
    close: async () => {
      isClosed = true;
      // `disconnect` drops the socket without waiting for Redis, which may be away; it also ends reconnecting.
      client.disconnect();
    },
  };
}

export interface RedisConnection {
  /** For libraries that want the client itself. Own code goes through `run`. */
  readonly client: Redis;
  /** Ends when Redis can be used; throws `STORAGE_UNAVAILABLE` after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  /** Runs commands; throws `STORAGE_UNAVAILABLE` where Redis is away, too slow, full, loading or refuses the login. */
  run<T>(act: (client: Redis) => Promise<T>): Promise<T>;
  /**
   * A further connection for subscriptions and for commands that block: its commands wait for Redis to come back. The
   * caller ends it with `disconnect()`. Its failures are told to `onProblem`, else to that of this connection.
   */
  duplicateForWaiting(onProblem?: (error: unknown) => void): Redis;
  close(): Promise<void>;
}

/**
 * Asks Redis whether it keeps what it is given. Answers one sentence for each setting that would lose jobs or tokens;
 * an empty list is well. Uses `INFO` only, which managed services allow where they refuse `CONFIG`.
 */
export async function checkRedisSettings(connection: RedisConnection): Promise<readonly string[]> {
  const facts = await connection.run(async (client) => readInfo(await client.info()));
  return settingRules.filter((rule) => !rule.holds(facts)).map((rule) => rule.problem(facts));
}

/** Whether Redis keeps everything when its memory is full. */
export async function keepsEverything(connection: RedisConnection): Promise<boolean> {
  const facts = await connection.run(async (client) => readInfo(await client.info('memory')));
  return facts.get('maxmemory_policy') === 'noeviction';
}

function open(url: string, options: OpenOptions): Redis {
  const sentinel = sentinelsOf(url);
  if (sentinel === undefined) return new Redis(url, options);
  // A connection to the old master that it closes, or that says READONLY now, is made anew to the new one.
  return new Redis({
    ...options,
    ...sentinel,
    sentinelRetryStrategy: options.retryStrategy,
    reconnectOnError: isDemoted,
  });
}

type OpenOptions = (typeof producerOptions | typeof waitingOptions) & {
  readonly retryStrategy: (attempt: number) => number | null;
};

function isDemoted(error: Error): boolean {
  return error.message.startsWith('READONLY');
}

/** `undefined` for the address of a server. The form is checked by the configuration. */
function sentinelsOf(url: string): SentinelOptions | undefined {
  const match =
    /^redis\+sentinel:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^/@]+)\/(?<name>[^/]+)(?:\/(?<db>\d+))?$/.exec(
      url,
    );
  if (match?.groups === undefined) return undefined;
  const { user = '', password = '', hosts = '', name = '', db = '0' } = match.groups;
  return {
    sentinels: hosts.split(',').map((text) => {
      const { hostname, port } = new URL(`redis://${text}`);
      return { host: hostname, port: port === '' ? sentinelPort : Number(port) };
    }),
    name,
    db: Number(db),
    ...(user === '' ? {} : { username: decodeURIComponent(user) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}

interface SentinelOptions {
  readonly sentinels: { readonly host: string; readonly port: number }[];
  readonly name: string;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
}

/** Where sentinels listen unless they are told otherwise. */
const sentinelPort = 26_379;

type RedisFacts = ReadonlyMap<string, string>;

const settingRules: readonly { holds(facts: RedisFacts): boolean; problem(facts: RedisFacts): string }[] = [
  {
    // BullMQ's guide, "Going to production": a queue whose keys are evicted loses jobs.
    holds: (facts) => facts.get('maxmemory_policy') === 'noeviction',
    problem: (facts) =>
      `Redis has maxmemory-policy ${facts.get('maxmemory_policy') ?? 'unknown'}: it would throw away jobs and tokens when its memory is full. Set it to noeviction.`,
  },
  {
    holds: (facts) => facts.get('aof_enabled') === '1',
    problem: () =>
      'Redis keeps no append-only file: jobs and tokens would be lost when it stops. Set appendonly to yes, and appendfsync to always where the last second matters.',
  },
  {
    // The oldest version that BullMQ recommends; SET with GET, GETDEL and EXAT came with it.
    holds: (facts) => isAtLeast(facts.get('redis_version') ?? '', redisVersionMin),
    problem: (facts) =>
      `Redis is version ${facts.get('redis_version') ?? 'unknown'}: ${redisVersionMin.join('.')} or newer is needed.`,
  },
];

const redisVersionMin: readonly number[] = [6, 2];

/** How long a caller waits for one command, in milliseconds: less than the second after which a call must have failed. */
const commandTimeoutMs = 900;

const connectTimeoutMs = 5_000;

/** The wait before the next try to reconnect doubles from the first to the longest. */
const reconnectFirstMs = 50;
const reconnectLongestMs = 1_000;

function reconnectDelayMs(attempt: number): number {
  return Math.min(reconnectFirstMs * 2 ** Math.min(attempt - 1, 10), reconnectLongestMs);
}

const producerOptions = {
  connectTimeout: connectTimeoutMs,
  commandTimeout: commandTimeoutMs,
  enableOfflineQueue: false,
  // A command whose answer was lost is not sent again by itself: whoever gave it knows whether that is right.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} satisfies RedisOptions;

const waitingOptions = {
  connectTimeout: connectTimeoutMs,
  enableOfflineQueue: true,
  // BullMQ demands this of the connections of workers.
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

/** Answers of Redis that speak of its state, not of the command (https://redis.io/docs/latest/develop/reference/protocol-spec). */
const unavailableReplies =
  /^(OOM|LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|MISCONF|NOAUTH|WRONGPASS|NOPERM|BUSY|TRYAGAIN|NOREPLICAS) /;

/** What ioredis throws without an answer of Redis: it has classes for few of these, so the texts are compared. */
const unavailableTexts: readonly string[] = [
  'Connection is closed.',
  'Command timed out',
  "Stream isn't writeable and enableOfflineQueue options is false",
];

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ReplyError') return unavailableReplies.test(error.message);
  if (error.name === 'MaxRetriesPerRequestError' || error.name === 'AbortError') return true;
  // Socket errors carry a `syscall`.
  return 'syscall' in error || unavailableTexts.includes(error.message);
}

function unavailable(cause: unknown): DomainError {
  return new DomainError('STORAGE_UNAVAILABLE', 'The storage of this server (Redis) cannot be used at the moment.', {
    cause,
  });
}

function readInfo(text: string): RedisFacts {
  const facts = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) facts.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return facts;
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
