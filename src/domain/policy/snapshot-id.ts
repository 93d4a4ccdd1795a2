/** What names a snapshot: its time (UTC), so that a list of names is in the order of time, and what tells it apart. */
export const snapshotIdPattern = /^\d{8}t\d{9}z-[0-9a-f]{12}$/;

/** The same origin (the id of a job, say) at the same time is the same snapshot. Pure. */
export function snapshotIdOf(takenAtMs: number, origin: string, sha256: (text: string) => string): string {
  const time = new Date(takenAtMs).toISOString().replace(/[-:.]/g, '').toLowerCase();
  return `${time}-${sha256(origin).slice(0, 12)}`;
}

/** Milliseconds since 1970; `undefined` for what names no snapshot. Pure. */
export function timeOfSnapshot(id: string): number | undefined {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)(\d{3})z-[0-9a-f]{12}$/.exec(id) ?? [];
  return ms === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}
