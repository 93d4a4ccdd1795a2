/** The operator's key in tests, the same in every process of a test. */
export const testMasterKey: Uint8Array = new Uint8Array(32).fill(7);
