import { Buffer } from 'node:buffer';
import { createBackupArchive } from '../../../src/adapters/outbound/node/backup-archive.ts';
import { testMasterKey } from '../../support/master-key.ts';
import { backupArchiveContract } from '../suites/backup-archive.ts';

const otherMasterKey = new Uint8Array(32).fill(8);

backupArchiveContract({
  name: 'node',
  open: async () => ({
    subject: createBackupArchive({ masterKeys: [testMasterKey] }),
    ofOther: createBackupArchive({ masterKeys: [otherMasterKey] }),
    ofBoth: createBackupArchive({ masterKeys: [otherMasterKey, testMasterKey] }),
    inForm: (file, form) => Buffer.from(file.toString('latin1').replace('"form":1', `"form":${form}`), 'latin1'),
    close: async () => undefined,
  }),
});
