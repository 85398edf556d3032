// Compiles bench/ for `npm run bench`. What is measured is the build in dist/, so the compiled
// benches import from there; the copy of src/ that the compiler makes beside them is removed.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist-bench');
rmSync(out, { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const done = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.bench.json'], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
if (done.status !== 0) process.exit(done.status ?? 1);
rmSync(join(out, 'src'), { recursive: true });
for (const entry of readdirSync(join(out, 'bench'), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll("'../../src/", "'../../../dist/"));
}
