// Compiles bench/ for `strata bench`, where a source of it is newer than what was compiled. What is
// measured is the build in dist/, so the compiled benches import from there; the copy of src/ that
// the compiler makes beside them is removed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist-bench');
const stamp = join(out, '.strata-build');
const wanted = hashOf(['tsconfig.json', 'tsconfig.bench.json', ...sources('bench')]);
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) process.exit(0);

const compiler = join(root, 'node_modules/typescript/bin/tsc');
if (!existsSync(compiler)) {
  process.stderr.write('strata: the benches need the compiler: npm install --include=dev\n');
  process.exit(1);
}
const began = Date.now();
process.stderr.write('strata: the benches are compiled ...\n');
// Beside its place, and moved there when it is whole: two at once do not disturb each other.
const made = `${out}.${process.pid}`;
const options = ['-p', 'tsconfig.bench.json', '--outDir', made];
const done = spawnSync(process.execPath, [compiler, ...options], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
if (done.status !== 0) {
  rmSync(made, { recursive: true, force: true });
  process.exit(done.status ?? 1);
}
rmSync(join(made, 'src'), { recursive: true });
for (const entry of readdirSync(join(made, 'bench'), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll("'../../src/", "'../../../dist/"));
}
writeFileSync(join(made, '.strata-build'), wanted);
rmSync(out, { recursive: true, force: true });
renameSync(made, out);
process.stderr.write(`strata: compiled in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .filter((file) => !file.includes('node_modules'))
    .sort();
}
