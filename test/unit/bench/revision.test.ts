import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from '../../../bench/harness/machine.ts';
import { UsageError } from '../../../bench/harness/options.ts';
import { openRevision } from '../../../bench/harness/revision.ts';

let root = '';

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Two commits: what the engine says changes, and so does the bench. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'strata-revision-'));
  git(root, ['init', '--quiet']);
  git(root, ['config', 'user.email', 'bench@example.invalid']);
  git(root, ['config', 'user.name', 'bench']);
  put('.gitignore', 'node_modules\ndist\ndist-bench\n');
  put('package-lock.json', '{}');
  put('src/engine.ts', 'old');
  put('src/store/relational/sql/one.sql', 'select 1');
  put('bench/peers/ten.c', 'old');
  git(root, ['add', '.']);
  git(root, ['commit', '--quiet', '--message', 'one']);
  put('src/engine.ts', 'new');
  put('bench/peers/ten.c', 'new');
  git(root, ['commit', '--quiet', '--all', '--message', 'two']);
  put('node_modules/typescript/bin/tsc', 'the compiler');
  put('dist-bench/bench/harness/run.js', 'the runner');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Compiles as little as it takes to see what was compiled. */
const children = {
  async run(args: readonly string[], _: number, folder = ''): Promise<string> {
    expect(readFileSync(args[0] ?? '', 'utf8')).toBe('the compiler');
    const text = readFileSync(join(folder, 'src/engine.ts'), 'utf8');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'dist/engine.js'), `compiled ${text}`);
    return '';
  },
};

const trees = () => git(root, ['worktree', 'list'])?.split('\n').length;

describe.skipIf(spawnSync('git', ['--version']).status !== 0)('another revision', () => {
  it('is its own engine under the benches of this tree', async () => {
    const revision = await openRevision({
      root,
      revision: 'HEAD~1',
      children,
      progress: () => undefined,
    });
    const tree = join(dirname(revision.runner), '../../..');

    expect(readFileSync(join(tree, 'dist/engine.js'), 'utf8')).toBe('compiled old');
    expect(existsSync(join(tree, 'dist/store/relational/sql/one.sql'))).toBe(true);
    expect(readFileSync(revision.runner, 'utf8')).toBe('the runner');
    expect(readFileSync(join(tree, 'bench/peers/ten.c'), 'utf8')).toBe('new');
    expect(lstatSync(join(tree, 'node_modules')).isSymbolicLink()).toBe(true);
    expect(revision.engine).toEqual({
      label: 'HEAD~1',
      commit: git(root, ['rev-parse', '--short=12', 'HEAD~1']),
      isDirty: false,
    });
    expect(trees()).toBe(2);

    revision.close();

    expect(existsSync(tree)).toBe(false);
    expect(trees()).toBe(1);
    // What it was linked to is still there.
    expect(existsSync(join(root, 'node_modules/typescript/bin/tsc'))).toBe(true);
    expect(readFileSync(join(root, 'bench/peers/ten.c'), 'utf8')).toBe('new');
  });

  it('leaves nothing behind where it does not compile, or is stopped while it does', async () => {
    const fails = { run: () => Promise.reject(new Error('it does not compile')) };
    const said: string[] = [];
    const opened = openRevision({
      root,
      revision: 'HEAD~1',
      children: fails,
      progress: (text) => said.push(text),
    });

    await expect(opened).rejects.toThrow('it does not compile');
    const [, folder = ''] = /is built in (\S+)/.exec(said.join('\n')) ?? [];
    expect(folder).not.toBe('');
    expect(existsSync(dirname(folder))).toBe(false);
    expect(trees()).toBe(1);
  });

  it('that git does not know is wrong use', async () => {
    const opened = openRevision({
      root,
      revision: 'nowhere',
      children,
      progress: () => undefined,
    });

    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow('nowhere');
  });
});
