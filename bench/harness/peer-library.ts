import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** `bench/peers` from `dist-bench/bench`. */
const FOLDER = fileURLToPath(new URL('../../../bench/peers/', import.meta.url));
const INSTALL_MS_MAX = 120_000;

/** Where a file of `bench/peers` lies. */
export function peerPath(name: string): string {
  return FOLDER + name;
}

/**
 * Installs the peers where they are not. They are no dependency of the product, one of them by its
 * licence; without a network their rows say so and the rest is measured.
 */
export function installPeers(): void {
  if (versionsNamed().every(([name]) => isInstalled(name))) return;
  process.stderr.write('installing what we are measured beside ...\n');
  const options = ['--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  spawnSync('npm', ['install', '--prefix', FOLDER, ...options], {
    stdio: 'ignore',
    timeout: INSTALL_MS_MAX,
  });
}

/** What to import for a peer; undefined where its exact version is not installed. */
export function peerModule(name: string, entry: string): string | undefined {
  if (!isInstalled(name)) return undefined;
  return pathToFileURL(`${FOLDER}node_modules/${name}/${entry}`).href;
}

function isInstalled(name: string): boolean {
  const path = `${FOLDER}node_modules/${name}/package.json`;
  if (!existsSync(path)) return false;
  const { version }: { readonly version?: string } = JSON.parse(readFileSync(path, 'utf8'));
  return versionsNamed().some(([named, wanted]) => named === name && wanted === version);
}

function versionsNamed(): readonly (readonly [name: string, version: string])[] {
  const { dependencies }: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(`${FOLDER}package.json`, 'utf8'),
  );
  return Object.entries(dependencies);
}
