import { makeFolder } from '../../adapters/outbound/node/make-folder.ts';
import { StartFailure } from './start-failure.ts';

/** @throws StartFailure */
export function makeDataDir(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    // Whatever stands in the way of the folder is the operator's to mend.
    throw new StartFailure('DATA_DIR: the folder is not there and cannot be made.', error);
  }
}
