/** A JSON-RPC request or notification as it came: only its outer form was looked at. */
export interface Message {
  readonly method: string;
  readonly id: string | number | null;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The requests and notifications in a body: one, or a batch, which clients before 2025-06-18 may send. */
export function messagesOf(body: unknown): Message[] {
  return (Array.isArray(body) ? body : [body]).flatMap((entry: unknown) => {
    if (!isObject(entry) || typeof entry['method'] !== 'string') return [];
    const { method, id, params } = entry;
    return [
      {
        method,
        id: typeof id === 'string' || typeof id === 'number' ? id : null,
        params: isObject(params) ? params : {},
      },
    ];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
