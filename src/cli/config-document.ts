import { type Document, LineCounter, isMap, isScalar, parseDocument } from 'yaml';
import { ConfigError } from './config-error.ts';

/** One YAML file of settings: what it says, and on which line it says it. */
export interface ConfigDocument {
  readonly file: string;
  readonly settings: Settings;
  /** The line of a key, from 1; undefined where the file does not have it. */
  lineOf(path: readonly string[]): number | undefined;
}

export type Settings = Readonly<Record<string, unknown>>;

const TEXT_LENGTH_MAX = 262_144;
const ALIASES_MAX = 100;

/** Throws a `ConfigError` for text that is not one YAML map with unique text keys. */
export function readConfigDocument(file: string, text: string): ConfigDocument {
  if (text.length > TEXT_LENGTH_MAX) {
    throw unreadable(file, 1, `is longer than ${TEXT_LENGTH_MAX} characters`);
  }
  const lines = new LineCounter();
  const [document, settings] = parse(file, text, lines);
  if (!isSettings(settings)) throw unreadable(file, 1, 'must be a map of sections');
  return {
    file,
    settings,
    lineOf(path) {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

export function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(file: string, text: string, lineCounter: LineCounter): [Document, unknown] {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) {
      throw unreadable(file, lineCounter.linePos(fault.pos[0]).line, fault.message);
    }
    return [
      document,
      document.contents === null ? {} : document.toJS({ maxAliasCount: ALIASES_MAX }),
    ];
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // The library throws on text made to exhaust it: nesting without end, aliases of aliases.
    throw unreadable(file, 1, `cannot be read: ${String(error)}`, { cause: error });
  }
}

function offsetOf(document: Document, path: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const name of path) {
    if (!isMap(node)) return undefined;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === name);
    if (pair === undefined) return undefined;
    offset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    node = pair.value;
  }
  return offset;
}

function unreadable(file: string, line: number, what: string, options?: ErrorOptions): ConfigError {
  return new ConfigError('CONFIG_UNREADABLE', [{ file, line, key: '', what }], options);
}
