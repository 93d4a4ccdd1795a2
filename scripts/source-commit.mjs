// Which commit the sources are, for the metric build_info. Readable by old Nodes.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The commit, with `-dirty` where files differ from it: what BUILD_COMMIT says (a container is built without `.git`), else
 * what git says of a checkout; empty where nobody knows.
 */
export function sourceCommit(root, environment = process.env) {
  const { BUILD_COMMIT: given = '' } = environment;
  if (given !== '') return commitForm.test(given) ? given : '';
  // Without one of its own, git would tell of the repository that the folder happens to lie in.
  if (!existsSync(join(root, '.git'))) return '';
  const git = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'], {
    cwd: root,
    encoding: 'utf8',
  });
  return git.status === 0 ? git.stdout.trim() : '';
}

/** A commit of git, short or whole, or another name for a state of sources. */
const commitForm = /^[\w.+-]{1,64}$/;
