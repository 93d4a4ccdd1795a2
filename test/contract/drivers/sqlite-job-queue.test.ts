import { createSqliteStorage } from '../../support/job-queue-storage.ts';
import { jobQueueContract } from '../suites/job-queue.ts';

jobQueueContract('SQLite', createSqliteStorage);
