import { z } from 'zod';

/**
 * Values of the wire, read with tolerance: properties may be missing, null, of another type, or unknown to us. Only ids
 * are insisted on, because nothing can be done with a thing that has none.
 */
export const id = z.string().min(1);

/** Empty when absent. */
export const text = z.string().catch('');

/** Absent when missing, null or empty. */
export const optionalText = z.string().min(1).optional().catch(undefined);

/** 0 when absent. */
export const count = z.number().catch(0);

/** False when absent. */
export const flag = z.boolean().catch(false);

/** Empty when absent; entries that are no texts are left out. */
export const texts = z
  .array(z.unknown())
  .catch([])
  .transform((values) => values.filter((value) => typeof value === 'string'));

/** A list whose entries have to be readable; empty when absent. */
export const listOf = <T extends z.ZodType>(entry: T) =>
  z
    .array(entry)
    .nullish()
    .transform((entries) => entries ?? []);

/**
 * A point in time as the CMS prints it. The years 1 and 9999 are .NET's "never" and "for ever" (contract section 8).
 */
export const time = z
  .string()
  .regex(/\d/)
  .refine((value) => !/^(?:0001|9999)/.test(value))
  .optional()
  .catch(undefined);

/** Leaves out the properties that are `undefined`, as the domain's types ask for. */
export function compact<T extends object>(value: T): Compact<T> {
  // Removing undefined properties is exactly what the target type says.
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Compact<T>;
}

/** Properties that may be undefined become optional ones. */
export type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
