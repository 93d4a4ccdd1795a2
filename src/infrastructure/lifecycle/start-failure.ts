/**
 * A start that failed for a reason that the operator can mend. The message names the setting and says what is wrong with
 * it; what the system or a library said is the cause.
 */
export class StartFailure extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'StartFailure';
  }
}
