/** The trace id in a `traceparent` (W3C Trace Context, section 3.2), or `undefined` where it is none. Pure. */
export function traceIdOf(traceparent: unknown): string | undefined {
  const traceId = typeof traceparent === 'string' ? form.exec(traceparent)?.[1] : undefined;
  return traceId === undefined || /^0+$/.test(traceId) ? undefined : traceId;
}

/** Version ff is forbidden; later versions may append fields. */
const form = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.{0,200})?$/;
