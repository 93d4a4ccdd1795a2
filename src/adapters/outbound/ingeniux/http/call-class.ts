/** Calls that fail together: slow ones and writes may be broken while reads are well. */
export const callClasses = ['read', 'write', 'slow', 'sign_in'] as const;
export type CallClass = (typeof callClasses)[number];
