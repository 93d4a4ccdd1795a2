import { Command, CommanderError } from 'commander';
import { StartFailure } from '../lifecycle/start-failure.ts';
import { tellCrashes } from '../lifecycle/tell-crashes.ts';
import { version } from '../version.ts';
import { exitCodes, type RunCommand } from './command.ts';
import type { RestoreOptions } from './commands/restore.ts';
import type { OneSnapshotOptions, TakeSnapshotOptions } from './commands/snapshots.ts';
import { openContext } from './context.ts';

/**
 * Runs one command line and answers the exit code. Bad configuration ends here, with every problem listed, before
 * anything is opened.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok;
  /** Opens the configuration and runs the command with it. */
  const run =
    <Options>(program: string, load: () => Promise<RunCommand<Options>>) =>
    async (options: Options): Promise<void> => {
      const context = openContext(program);
      if (context === undefined) {
        exitCode = exitCodes.configuration;
        return;
      }
      tellCrashes(context.logger, exitCodes.failed);
      try {
        // Loaded only here: broken settings are told at once, not after half the product was read.
        const command = await load();
        exitCode = await command(context, options);
      } catch (error) {
        // The last resort of a command: what it could not handle is told and ends it.
        if (error instanceof StartFailure) {
          // The operator can mend it by what the message says; where in the program it was noticed helps nobody.
          context.logger.fatal(`${program} failed to start: ${error.message}`);
          context.logger.debug({ err: error }, 'what it failed of');
        } else {
          context.logger.fatal({ err: error }, `${program} failed`);
        }
        exitCode = exitCodes.failed;
      } finally {
        await context.close();
      }
    };

  const program = new Command('ingeniux-cms-mcp')
    .description(
      "MCP server for Ingeniux CMS: lets AI agents do editors' work. Settings come from the environment; see .env.example.",
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError();
  program
    .command('serve')
    .description(
      'HTTP server; without CMS_BASE_URL it starts the sandbox CMS, without REDIS_URL it works on jobs itself',
    )
    .option('--print-clients', 'print the MCP URL, a new token and client configuration when ready (sandbox CMS only)')
    .action(run('serve', async () => (await import('./commands/serve.ts')).serve));
  program
    .command('worker')
    .description('works on jobs of the queues')
    .action(run('worker', async () => (await import('./commands/worker.ts')).worker));
  program
    .command('stdio')
    .description('MCP over standard input and output, for one local user')
    .option('--toolsets <list>', 'default, all, or toolsets by name, separated by commas', 'default')
    .action(run('stdio', async () => (await import('./commands/stdio.ts')).stdio));
  program
    .command('sandbox')
    .description('the sandbox CMS alone, on SANDBOX_PORT')
    .option('--data <file>', 'keep the state in this file')
    .action(run('sandbox', async () => (await import('./commands/sandbox.ts')).sandbox));
  const token = program.command('token').description('access tokens of machines and agents');
  token
    .command('issue')
    .description('prints a new token, once; only its hash is kept')
    .requiredOption('--subject <subject>', 'who the token acts for, such as agent@example.edu')
    .requiredOption('--scopes <scopes>', 'what it may do: cms:read cms:write cms:publish cms:admin')
    .option('--ttl <time>', 'how long it lives: 45m, 12h, 30d', '30d')
    .option('--client <client>', 'the name of the agent that will use it', 'cli')
    .action(run('token', async () => (await import('./commands/token.ts')).tokenIssue));
  token
    .command('list')
    .description('all tokens, without the tokens themselves')
    .action(run('token', async () => (await import('./commands/token.ts')).tokenList));
  token
    .command('revoke')
    .description('ends a token at once, in every process')
    .argument('<id>', 'as token list shows it')
    .action((id: string) => run('token', async () => (await import('./commands/token.ts')).tokenRevoke)({ id }));
  const jobs = program.command('jobs').description('slow work: what waits, runs, and was set aside');
  jobs
    .command('list')
    .description('jobs of everybody, newest first, and how many there are in each queue')
    .option('--queue <queue>', 'only of this queue: publishing, cms-writes, reports, backups')
    .option('--state <state>', 'only in this state: queued, running, held, succeeded, failed, cancelled')
    .option('--owner <subject>', 'only those of this subject')
    .option('--limit <number>', 'how many', '50')
    .option('--json', 'one JSON object a line')
    .option('--ids', 'the ids alone, as retry and cancel take them')
    .option('--by-owner', 'how many each subject has, and since when, instead of the jobs')
    .action(run('jobs', async () => (await import('./commands/jobs.ts')).jobsList));
  for (const [name, description, load] of [
    ['show', 'everything that is kept of a job', async () => (await import('./commands/jobs.ts')).jobsShow],
    [
      'retry',
      'runs failed jobs again; what they have done stays done',
      async () => (await import('./commands/jobs.ts')).jobsRetry,
    ],
    [
      'cancel',
      'stops jobs: queued ones at once, running ones at their next safe point',
      async () => (await import('./commands/jobs.ts')).jobsCancel,
    ],
  ] as const) {
    jobs
      .command(name)
      .description(description)
      .argument('<ids...>', 'as jobs list shows them')
      .option('--json', 'as JSON')
      .action((ids: string[], options: { json?: boolean }) => run('jobs', load)({ ids, ...options }));
  }
  jobs
    .command('board')
    .description('prints a link that opens the queue board in a browser, once, within five minutes')
    .action(run('jobs', async () => (await import('./commands/jobs.ts')).jobsBoard));
  const schedules = program.command('schedules').description('what is done at a time, once or again and again');
  schedules
    .command('list')
    .description('schedules of everybody, the next due one first, and what became of their last time')
    .option('--owner <subject>', 'only those of this subject')
    .option('--json', 'one JSON object a line')
    .action(run('schedules', async () => (await import('./commands/schedules.ts')).schedulesList));
  schedules
    .command('remove')
    .description('ends a schedule; what it has started goes on')
    .argument('<id>', 'as schedules list shows it')
    .action((id: string) =>
      run('schedules', async () => (await import('./commands/schedules.ts')).schedulesRemove)({ id }),
    );
  const grants = program.command('grants').description('what people gave to agents over OAuth');
  grants
    .command('list')
    .description('all grants that stand, newest first')
    .option('--user <subject>', 'of one person, as the list shows them')
    .option('--client <client>', 'to one client')
    .action(run('grants', async () => (await import('./commands/grants.ts')).grantsList));
  grants
    .command('revoke')
    .description('ends grants at once, in every process')
    .option('--id <id>', 'one grant')
    .option('--user <subject>', 'all of one person')
    .option('--client <client>', 'all to one client')
    .option('--all', 'all there are')
    .action(run('grants', async () => (await import('./commands/grants.ts')).grantsRevoke));
  const lockdown = program.command('lockdown').description('read-only for everyone at once, in every process');
  lockdown
    .command('on')
    .description('from now on nothing is written to the CMS; jobs that would write wait')
    .requiredOption('--reason <text>', 'shown to whoever is refused')
    .action(run('lockdown', async () => (await import('./commands/lockdown.ts')).lockdownOn));
  lockdown
    .command('off')
    .description('lets writes through again')
    .action(run('lockdown', async () => (await import('./commands/lockdown.ts')).lockdownOff));
  lockdown
    .command('status')
    .description('whether there is a lockdown, since when, and why')
    .action(run('lockdown', async () => (await import('./commands/lockdown.ts')).lockdownStatus));
  const keys = program.command('keys').description('the keys that seal what is stored');
  keys
    .command('rotate')
    .description('makes a new key and seals everything with it, while the servers work')
    .action(run('keys', async () => (await import('./commands/keys.ts')).keysRotate));
  const backup = program
    .command('backup')
    .description('takes a backup of everything that lasts, sealed with TOKEN_ENCRYPTION_KEY, while the servers work')
    .option('--to <file>', 'into this file instead of the place of backups')
    .action(run('backup', async () => (await import('./commands/backup.ts')).backup));
  backup
    .command('list')
    .description('the backups there are, the newest first, and when a recovery was last tested')
    .action(run('backup', async () => (await import('./commands/backup.ts')).backupList));
  backup
    .command('mark-tested')
    .description('remembers that a recovery was tested with success: for scripts/test-recovery.sh')
    .action(run('backup', async () => (await import('./commands/backup.ts')).backupMarkTested));
  const snapshots = program.command('snapshots').description('content of the CMS as it was, kept beside the backups');
  snapshots
    .command('list')
    .description('the snapshots there are, the newest first')
    .option('--json', 'one JSON object a line')
    .action(run('snapshots', async () => (await import('./commands/snapshots.ts')).snapshotsList));
  snapshots
    .command('show')
    .description('the items of one')
    .argument('<id>', 'as snapshots list shows it')
    .option('--verify', 'reads and proves everything that it holds; exit code 1 when something is damaged')
    .option('--json', 'as JSON')
    .action((id: string, options: Omit<OneSnapshotOptions, 'id'>) =>
      run('snapshots', async () => (await import('./commands/snapshots.ts')).snapshotsShow)({ id, ...options }),
    );
  snapshots
    .command('take')
    .description('has a server or worker take one, as the identity of the settings; prints its id')
    .argument('<item>', 'id of the page or asset folder that it begins at, such as x42')
    .option('--full', 'reads everything again, which mends what is damaged')
    .option('--comment <text>', 'why')
    .action((item: string, options: Omit<TakeSnapshotOptions, 'item'>) =>
      run('snapshots', async () => (await import('./commands/snapshots.ts')).snapshotsTake)({ item, ...options }),
    );
  snapshots
    .command('remove')
    .description('removes snapshots, and what only they hold')
    .argument('<ids...>', 'as snapshots list shows them')
    .action((ids: readonly string[]) =>
      run('snapshots', async () => (await import('./commands/snapshots.ts')).snapshotsRemove)({ ids }),
    );
  program
    .command('restore')
    .description('puts a backup back, all of it or nothing; stop the servers before')
    .argument('<file>', 'a file, a name that backup list shows, or latest')
    .option('--into-empty', 'only into an installation that holds nothing (the default)')
    .option('--replace', 'in the place of what is there, which is backed up before')
    .option('--yes', 'with --replace: does it; without, everything is checked and nothing is changed')
    .option('--without-journal', 'does without the revocations that are kept beside the backups')
    .action((file: string, options: Omit<RestoreOptions, 'file'>) =>
      run('restore', async () => (await import('./commands/restore.ts')).restore)({ file, ...options }),
    );
  const audit = program.command('audit').description('the log of who did what');
  audit
    .command('verify')
    .description('checks the chain of hashes; exit code 1 and the first broken record when it was tampered with')
    .action(run('audit', async () => (await import('./commands/audit.ts')).auditVerify));
  audit
    .command('list')
    .description('the newest records, one JSON object a line')
    .option('--limit <number>', 'how many', '50')
    .action(run('audit', async () => (await import('./commands/audit.ts')).auditList));
  audit
    .command('export')
    .description('every record of a span of time, newest first')
    .requiredOption('--from <time>', 'from this moment on: 2026-01-01 or 2026-01-01T08:00:00Z')
    .option('--to <time>', 'before this moment; now when absent')
    .option('--format <format>', 'json: one object a line, with the hashes of the chain; csv: for spreadsheets', 'json')
    .action(run('audit', async () => (await import('./commands/audit.ts')).auditExport));
  const access = program.command('access').description('who is let in');
  access
    .command('review')
    .description('grants and tokens that stand, one row for each person and client, with their last use')
    .option('--user <subject>', 'of one person')
    .option('--client <client>', 'of one client')
    .option('--json', 'one JSON object a line')
    .action(run('access', async () => (await import('./commands/access.ts')).accessReview));
  program
    .command('doctor')
    .description('examines settings, storage, CMS, sign-in and telemetry, and tells what to do about what is not well')
    .option('--ready', 'only asks the server on this machine whether it is ready: for health checks of containers')
    .option('--json', 'prints the findings as JSON')
    .action(run('doctor', async () => (await import('./commands/doctor.ts')).doctor));
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // commander ends --help and --version this way too, and has printed what there is to say.
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return exitCode;
}
