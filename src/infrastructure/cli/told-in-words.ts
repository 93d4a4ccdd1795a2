import { DomainError } from '../../domain/errors.ts';
import { exitCodes } from './command.ts';

/** Runs a command whose refusals are for the person at the terminal: they read the message, not a line of the log. */
export async function toldInWords(act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (error) {
    // A defect rises as it is, with its trace.
    if (!(error instanceof DomainError) || error.code === 'INTERNAL') throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.failed;
  }
}
