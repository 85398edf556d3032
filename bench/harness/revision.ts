import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Children } from './children.ts';
import { git } from './machine.ts';
import { UsageError } from './options.ts';
import type { Engine } from './report.ts';

/** Another revision, built beside this tree. */
export interface Revision {
  readonly engine: Engine;
  /** What runs one variant over its engine. */
  readonly runner: string;
  close(): void;
}

export interface RevisionRequest {
  readonly root: string;
  /** As typed: a commit, a branch, a tag. */
  readonly revision: string;
  readonly children: Pick<Children, 'run'>;
  readonly progress: (text: string) => void;
}

const BUILD_MS_MAX = 300_000;
const SQL = 'store/relational/sql';

/**
 * The engine of another revision under the benches of this tree: a worktree with a build of its
 * own, this tree's packages, and a copy of these compiled benches. The same measure of both, or
 * what is compared would be two benches. A suite that needs what the revision has not fails on
 * that side alone, and says so.
 */
export async function openRevision(request: RevisionRequest): Promise<Revision> {
  const { root, revision, children, progress } = request;
  const commit = git(root, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--short=12',
    `${revision}^{commit}`,
  ]);
  if (commit === undefined) throw new UsageError(`git knows no revision ${revision}`);
  const folder = mkdtempSync(join(tmpdir(), 'strata-compare-'));
  const tree = join(folder, 'tree');
  const close = () => {
    // Links first: what they lead to is this tree's.
    for (const link of ['node_modules', 'bench'])
      rmSync(join(tree, link), { recursive: true, force: true });
    git(root, ['worktree', 'remove', '--force', tree]);
    rmSync(folder, { recursive: true, force: true });
    git(root, ['worktree', 'prune']);
  };
  try {
    progress(`compare: ${revision} (${commit}) is built in ${tree}`);
    if (git(root, ['worktree', 'add', '--detach', tree, commit]) === undefined) {
      throw new UsageError(`git cannot make a worktree of ${revision} in ${tree}`);
    }
    if (lockOf(root) !== lockOf(tree)) {
      progress('compare: its package-lock.json is another: it runs with the packages of this tree');
    }
    rmSync(join(tree, 'bench'), { recursive: true, force: true });
    for (const link of ['node_modules', 'bench']) symlinkSync(join(root, link), join(tree, link));
    await children.run(compilerFor(tree), BUILD_MS_MAX, tree);
    const sql = join(tree, 'src', SQL);
    if (existsSync(sql)) cpSync(sql, join(tree, 'dist', SQL), { recursive: true });
    cpSync(join(root, 'dist-bench'), join(tree, 'dist-bench'), { recursive: true });
  } catch (error) {
    close();
    throw error;
  }
  const engine = { label: revision, commit, isDirty: false };
  return { engine, runner: join(tree, 'dist-bench/bench/harness/run.js'), close };
}

/** It compiled when it was committed: what it says of types now is the newer packages' doing. */
function compilerFor(tree: string): readonly string[] {
  const compiler = join(tree, 'node_modules/typescript/bin/tsc');
  return [compiler, '-p', 'tsconfig.json', '--noCheck', '--noEmitOnError', 'false'];
}

function lockOf(tree: string): string {
  const path = join(tree, 'package-lock.json');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
