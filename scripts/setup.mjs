// Makes `npm start` and `npm test` work on a fresh clone: installs what the lockfile names when
// node_modules does not match it, compiles when a source is newer than the build. Imports only
// what Node itself has, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeMin = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1])) {
  fail(`Strata needs Node >= ${nodeMin.join('.')}, this is ${process.versions.node}.`);
}

step(
  'install',
  ['package.json', 'package-lock.json', '.npmrc'],
  'node_modules/.strata-install',
  () => {
    // The same npm that started us; a postinstall that downloads is told not to, whatever the npm.
    run(
      process.execPath,
      [npmCli(), 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--include=dev'],
      {
        ONNXRUNTIME_NODE_INSTALL: 'skip',
        ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip',
      },
    );
  },
);

step(
  'build',
  ['tsconfig.json', 'package-lock.json', ...sources('src')],
  'dist/.strata-build',
  () => {
    // From nothing: a file that is gone from src must not live on in dist, where it would be counted.
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']);
    // What the compiler does not carry: the tables of the relational store.
    const sql = 'store/relational/sql';
    cpSync(join(root, 'src', sql), join(root, 'dist', sql), { recursive: true });
    chmodSync(join(root, 'dist/main.js'), 0o755);
  },
);

function step(name, inputs, stampPath, work) {
  const stamp = join(root, stampPath);
  const hash = createHash('sha256').update(
    `${process.version} ${process.platform} ${process.arch}`,
  );
  for (const file of inputs) {
    hash.update(`\0${file}\0`);
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  }
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const began = Date.now();
  process.stderr.write(`strata: ${name} ...\n`);
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  process.stderr.write(`strata: ${name} done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

function run(command, args, env = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 2, 2],
  });
  if (done.status !== 0)
    fail(`${args.slice(0, 2).join(' ')} failed (${done.status ?? done.signal})`);
}

function npmCli() {
  const named = process.env.npm_execpath;
  if (named !== undefined && existsSync(named)) return named;
  return join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
}

function sources(folder) {
  const found = [];
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (entry.isFile())
      found.push(join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1));
  }
  return found.sort();
}

function fail(message) {
  process.stderr.write(`strata: ${message}\n`);
  process.exit(1);
}
