import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import {
  type ConfigDocument,
  type Settings,
  isSettings,
  readConfigDocument,
} from './config-document.ts';
import { ConfigError, type ConfigFault } from './config-error.ts';
import { Config, OBSERVING_GROUPS, OBSERVING_KEYS, PRIVATE_KEYS } from './config-schema.ts';
import { nearestWord } from '../core/nearest-word.ts';

export type Profile = 'demo' | 'paper' | 'live' | 'backtest';

export interface ResolvedConfig {
  /** Deeply frozen. */
  readonly config: Config;
  /** SHA-256, 64 hex digits, of what can change a decision. */
  readonly configHash: string;
  /** In the order in which they were laid over one another. */
  readonly files: readonly string[];
  /** `file:line` of every key that some file sets. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Beside `src` and `dist` alike. */
export const CONFIG_FOLDER = fileURLToPath(new URL('../../config', import.meta.url));

/**
 * Settings of a run: default.yaml, then the profile's file, then the user's own, then what was
 * typed, each over the one before, key by key. Throws a `ConfigError` that names file, line and key
 * of every fault.
 */
export function loadConfig(
  profile: Profile,
  file?: string,
  folder = CONFIG_FOLDER,
  typed: Settings = {},
): ResolvedConfig {
  const files = [join(folder, 'default.yaml'), join(folder, `${profile}.yaml`)];
  if (file !== undefined) files.push(file);
  const layers = files.map((name) => ({ file: name, text: readText(name) }));
  if (Object.keys(typed).length > 0) {
    layers.push({ file: 'command line', text: JSON.stringify(typed) }); // JSON is YAML.
  }
  return resolveConfig(layers);
}

/** Settings that are at hand already, such as those of a recorded session, and over them a file. */
export function loadConfigOver(
  base: { readonly file: string; readonly text: string },
  file?: string,
): ResolvedConfig {
  const layers = file === undefined ? [base] : [base, { file, text: readText(file) }];
  return resolveConfig(layers);
}

/** The same without a disk. */
export function resolveConfig(
  layers: readonly { readonly file: string; readonly text: string }[],
): ResolvedConfig {
  const documents = layers.map(({ file, text }) => readConfigDocument(file, text));
  const merged = documents.reduce<Settings>((below, { settings }) => overlay(below, settings), {});
  const parsed = Config.safeParse(merged);
  if (!parsed.success) throw refuse(parsed.error.issues, merged, documents);
  refuseLost(merged, parsed.data, documents);
  const config: Config = freeze(parsed.data);
  return {
    config,
    configHash: hashOf(config),
    files: documents.map(({ file }) => file),
    origins: originsOf(config, documents),
  };
}

/** The same with other settings, which were found out and not written by anybody. */
export function withSettings(resolved: ResolvedConfig, config: Config): ResolvedConfig {
  return { ...resolved, config: freeze(config), configHash: hashOf(config) };
}

/** One line a setting, with its origin: what is printed at start. */
export function describeConfig(
  resolved: ResolvedConfig,
  options: { readonly redact: boolean },
): string {
  const lines = leavesOf(resolved.config).map(({ key, value }) => {
    const isHidden = options.redact && PRIVATE_KEYS.includes(key);
    const shown = isHidden ? '(private)' : JSON.stringify(value);
    return `${key} = ${shown}  # ${resolved.origins.get(key) ?? 'default'}`;
  });
  return [`config ${resolved.configHash}`, ...lines].join('\n');
}

/** Every setting with its key in dots, in the order of the schema; an empty group is one too. */
export function leavesOf(
  settings: Settings,
  prefix = '',
): readonly { readonly key: string; readonly value: unknown }[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    isSettings(value) && Object.keys(value).length > 0
      ? leavesOf(value, `${prefix}${name}.`)
      : [{ key: prefix + name, value }],
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const what = `cannot be read: ${String(error)}`;
    throw new ConfigError('CONFIG_UNREADABLE', [{ file, line: 1, key: '', what }], {
      cause: error,
    });
  }
}

/**
 * A fault of a setting that only whoever uses it can see; `entry` is the key in a group of the
 * user's names, which has no line itself.
 */
export function settingFault(
  { files, origins }: ResolvedConfig,
  key: string,
  what: string,
  entry = key,
): ConfigFault {
  const origin = origins.get(entry) ?? origins.get(key) ?? `${files.at(-1) ?? '(defaults)'}:1`;
  const colon = origin.lastIndexOf(':');
  const line = Number(origin.slice(colon + 1));
  return { file: origin.slice(0, colon), line, key, what };
}

/** Maps are merged; anything else replaces. `fromEntries` makes own keys only, `__proto__` too. */
function overlay(below: Settings, above: Settings): Settings {
  const merged = new Map(Object.entries(below));
  for (const [name, value] of Object.entries(above)) {
    const old = merged.get(name);
    merged.set(name, isSettings(old) && isSettings(value) ? overlay(old, value) : value);
  }
  return Object.fromEntries(merged);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

function hashOf(config: Config): string {
  const deciding = leavesOf(config).filter(({ key }) => !isObserving(key));
  const values = deciding.map(({ key, value }) => [key, value] as const);
  return createHash('sha256')
    .update(canonical(Object.fromEntries(values)))
    .digest('hex');
}

function isObserving(key: string): boolean {
  return OBSERVING_KEYS.includes(key) || OBSERVING_GROUPS.some((group) => key.startsWith(group));
}

/** JSON with sorted keys and no spaces. */
function canonical(value: unknown): string {
  if (!isSettings(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, inner]) => [name, canonical(inner)] as const);
  const sorted = fields.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([name, inner]) => `${JSON.stringify(name)}:${inner}`).join(',')}}`;
}

function originsOf(
  config: Config,
  documents: readonly ConfigDocument[],
): ReadonlyMap<string, string> {
  const origins = new Map<string, string>();
  for (const { key } of leavesOf(config)) {
    const place = placeOf(key.split('.'), documents);
    if (place !== undefined) origins.set(key, `${place.file}:${place.line}`);
  }
  return origins;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly layer: number;
}

/** Where the value that counts was written: the last file that has the key. */
function placeOf(path: readonly string[], documents: readonly ConfigDocument[]): Place | undefined {
  for (let layer = documents.length - 1; layer >= 0; layer -= 1) {
    const document = documents[layer];
    const line = document?.lineOf(path);
    if (document !== undefined && line !== undefined) return { file: document.file, line, layer };
  }
  return undefined;
}

type Issue = z.core.$ZodIssue;

function refuse(
  issues: readonly Issue[],
  merged: Settings,
  documents: readonly ConfigDocument[],
): ConfigError {
  const order = documents.map(({ file }) => file);
  const faults = issues
    .flatMap((issue) => faultsOf(issue, merged, documents))
    .toSorted((a, b) => order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line);
  const isUnknown = issues.some((issue) => issue.code === 'unrecognized_keys');
  return new ConfigError(isUnknown ? 'CONFIG_UNKNOWN_KEY' : 'CONFIG_INVALID', faults);
}

/** Where a group has names of the user's, the parser leaves out `__proto__` without a word. */
function refuseLost(merged: Settings, kept: Settings, documents: readonly ConfigDocument[]): void {
  const lost = lostPaths(merged, kept).map((path) => {
    const what = 'is not a key';
    return { ...shownAt([path], documents), key: path.join('.'), what };
  });
  if (lost.length > 0) throw new ConfigError('CONFIG_UNKNOWN_KEY', lost);
}

function lostPaths(given: Settings, kept: Settings): readonly (readonly string[])[] {
  return Object.entries(given).flatMap(([name, inner]) => {
    if (!Object.hasOwn(kept, name)) return [[name]];
    const other = kept[name];
    if (!isSettings(inner) || !isSettings(other)) return [];
    return lostPaths(inner, other).map((path) => [name, ...path]);
  });
}

function faultsOf(
  issue: Issue,
  merged: Settings,
  documents: readonly ConfigDocument[],
): readonly ConfigFault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => {
      const { file, line } = shownAt([[...path, name]], documents);
      return { file, line, key: [...path, name].join('.'), what: unknownKey(path, name) };
    });
  }
  if (issue.code === 'invalid_key') {
    const what = issue.issues[0]?.message ?? issue.message;
    return [{ ...shownAt([path], documents), key: path.join('.'), what }];
  }
  // A fault between two keys is shown where the later of them was set.
  const other = issue.code === 'custom' ? issue.params?.['other'] : undefined;
  const paths = typeof other === 'string' ? [path, [...path.slice(0, -1), other]] : [path];
  const { file, line } = shownAt(paths, documents);
  const given = path.reduce<unknown>((at, name) => (isSettings(at) ? at[name] : undefined), merged);
  const written = given === undefined || maybeSecret(path) ? '' : `, not ${show(given)}`;
  return [{ file, line, key: path.join('.'), what: `${expectation(issue)}${written}` }];
}

function shownAt(
  paths: readonly (readonly string[])[],
  documents: readonly ConfigDocument[],
): { readonly file: string; readonly line: number } {
  const places = paths.flatMap((path) => placeOf(path, documents) ?? []);
  const latest = places.toSorted((left, right) => right.layer - left.layer)[0];
  return latest ?? { file: documents.at(-1)?.file ?? '(defaults)', line: 1 };
}

/** A password is put where the name of its variable belongs, or into a host as into a URL. */
function maybeSecret(path: readonly string[]): boolean {
  return /^(?:host|endpoint|url|\w+Url|\w+Variable)$/.test(path.at(-1) ?? '');
}

/** JSON has no word for NaN and the infinities, which YAML can say. */
function show(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

const EXPECTED: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a group of keys',
  string: 'text',
};

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.startsWith('must ')) return issue.message;
      return `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must be ${issue.inclusive === true ? 'at least' : 'above'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive === true ? 'at most' : 'below'} ${issue.maximum}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}

/** A slip among the sisters of the key first; then the same name in another section. */
function unknownKey(path: readonly string[], name: string): string {
  const all = leavesOf(Config.parse({})).map(({ key }) => key);
  const inside =
    path.length === 0 ? all : all.filter((key) => key.startsWith(`${path.join('.')}.`));
  const sisters = new Set(inside.map((key) => key.split('.')[path.length] ?? ''));
  const near = nearestWord(name, [...sisters]) ?? all.find((key) => key.endsWith(`.${name}`));
  return near === undefined ? 'is not a key' : `is not a key; did you mean ${near}?`;
}
