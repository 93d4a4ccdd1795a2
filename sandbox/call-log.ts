/** One call the sandbox has answered, for the assertions of tests. */
export type CallRecord = {
  number: number;
  time: string;
  /** Of the contract; `OAuth_Authorize` and `OAuth_Token` for the token endpoints; null for an unknown address. */
  operationId: string | null;
  method: string;
  /** With the mount and the prefix, without the query. */
  path: string;
  query: Record<string, string | string[]>;
  /** The parsed JSON body; null for none. Passwords, secrets and tokens never get in here. */
  body: unknown;
  status: number;
  /** `SandboxUser.userId`, or null before anybody is signed in. */
  user: string | null;
  durationMs: number;
};

export type CallLog = {
  record(call: Omit<CallRecord, 'number'>): void;
  /** Oldest first. */
  list(): CallRecord[];
  clear(): void;
};

/** Older calls are forgotten. */
const MAX_CALLS = 5000;

export function createCallLog(): CallLog {
  const records: CallRecord[] = [];
  let count = 0;
  return {
    record(call) {
      count += 1;
      records.push({ number: count, ...call });
      if (records.length > MAX_CALLS) records.shift();
    },
    list: () => [...records],
    clear() {
      records.length = 0;
    },
  };
}
