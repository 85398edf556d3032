import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { CONFIG_FOLDER, loadConfig } from '../../src/cli/load-config.ts';
import type { Engine, Machine } from './report.ts';

/** All but how loaded it was in the end. */
export function describeMachine(): Omit<Machine, 'loadAtEnd'> {
  const all = cpus();
  return {
    node: process.version,
    v8: process.versions.v8,
    system: `${process.platform} ${release()} ${process.arch}`,
    cpu: (all[0]?.model ?? 'unknown').trim(),
    cores: all.length,
    memoryGb: Math.round(totalmem() / 1e9),
    load: shortLoad(),
  };
}

export function shortLoad(): readonly number[] {
  return loadavg().map((value) => Math.round(value * 100) / 100);
}

/** As part of a file's name: `amd-epyc-2-cores`. */
export function machineSlug({ cpu, cores }: Pick<Machine, 'cpu' | 'cores'>): string {
  const plain = cpu
    .toLowerCase()
    .replaceAll(/\(r\)|\(tm\)|processor|cpu|@.*$/g, ' ')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${plain === '' ? 'unknown' : plain}-${cores}-cores`;
}

/** What is measured decides by this: the settings of a replay, with nothing of a user's own. */
export function configHash(): string {
  try {
    return loadConfig('backtest', undefined, CONFIG_FOLDER).configHash.slice(0, 16);
  } catch {
    return 'unknown'; // A harness built elsewhere has no settings beside it.
  }
}

/** What of the tree decides what is measured. */
const MEASURED = ['src', 'bench', 'config', 'package-lock.json', 'tsconfig.json'];

export function engineAt(root: string, label: string): Engine {
  const commit = git(root, ['rev-parse', '--short=12', 'HEAD']);
  if (commit === undefined) return { label, commit: 'unknown', isDirty: false };
  const changes = git(root, ['status', '--porcelain', '--', ...MEASURED]);
  return { label, commit, isDirty: changes !== '' };
}

/** Undefined where there is no git, or nothing of it here. */
export function git(root: string, args: readonly string[]): string | undefined {
  const done = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim() : undefined;
}
