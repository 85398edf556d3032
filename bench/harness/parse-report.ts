import { type BenchReport, SCHEMA } from './report.ts';

/** A file is not a report of ours, or not one of this shape. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/** A report out of a file that somebody kept. */
export function parseReport(text: string, name: string): BenchReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ReportError(`${name} is not JSON: give a file that \`strata bench --json\` wrote`);
  }
  const schema: unknown = Reflect.get(Object(value), 'schema');
  if (schema !== SCHEMA) {
    const found = schema === undefined ? 'no schema' : JSON.stringify(schema);
    throw new ReportError(`${name} has ${found}, this build reads ${SCHEMA}`);
  }
  if (!isReport(value)) throw new ReportError(`${name} calls itself ${SCHEMA} and is not`);
  return value;
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const figure: Check = (value) => typeof value === 'number';
const flag: Check = (value) => typeof value === 'boolean';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (check: Check): Check =>
  (value) =>
    Object(value) === value && !Array.isArray(value) && Object.values(Object(value)).every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    mapOf(() => true)(value) &&
    Object.entries(fields).every(([name, check]) => check(Reflect.get(Object(value), name)));
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value);

const spread = shape({ median: figure, min: figure, max: figure, runs: figure });
const statement = shape({ isStated: flag, floor: optional(figure), why: optional(text) });
const variant = shape({
  variant: text,
  engine: text,
  figures: mapOf(spread),
  cost: mapOf(spread),
  percentiles: mapOf(statement),
  notes: listOf(text),
  runs: listOf(mapOf(figure)),
});
const suite = shape({
  name: text,
  measures: text,
  leavesOut: text,
  target: text,
  origin: shape({
    startedAt: text,
    commit: text,
    isDirty: flag,
    load: listOf(figure),
    runs: figure,
    scale: oneOf('full', 'quick'),
  }),
  variants: listOf(variant),
});
const goal = shape({
  id: text,
  suite: text,
  says: text,
  limit: figure,
  sense: oneOf('atLeast', 'atMost'),
  measured: optional(spread),
  verdict: oneOf('met', 'not met', 'not measured', 'not judged'),
  argued: optional(text),
  doubt: optional(text),
});
const report = shape({
  startedAt: text,
  endedAt: text,
  command: text,
  machine: shape({
    node: text,
    v8: text,
    system: text,
    cpu: text,
    cores: figure,
    memoryGb: figure,
    load: listOf(figure),
    loadAtEnd: listOf(figure),
  }),
  engines: listOf(shape({ label: text, commit: text, isDirty: flag })),
  configHash: text,
  scale: oneOf('full', 'quick'),
  runs: figure,
  suites: listOf(suite),
  goals: listOf(goal),
  failures: listOf(shape({ suite: text, side: text, variant: text, what: text })),
});

function isReport(value: unknown): value is BenchReport {
  return report(value);
}
