import { measure } from '../../src/cli/figures.ts';
import type { GoalResult } from './goals.ts';
import type { Statement } from './percentile-rules.ts';
import type { BenchReport, Machine } from './report.ts';
import type { Spread } from './spread.ts';

/** A figure as people read it: four digits. */
export function number(value: number): string {
  return measure(value);
}

/** `142 [132..157]`; one run has no range. */
export function range({ median, min, max, runs }: Spread): string {
  return runs < 2 ? number(median) : `${number(median)} [${number(min)}..${number(max)}]`;
}

/** What a table says of a figure: a tail that may not be stated says why instead. */
export function told(spread: Spread | undefined, statement: Statement | undefined): string {
  if (statement?.isStated === false) return `not stated: ${reason(statement)}`;
  return spread === undefined ? 'none' : range(spread);
}

export function reason({ why, floor }: Statement): string {
  const text = why ?? '';
  return floor === undefined ? text : `${text} (${number(floor)})`;
}

/** `>= 3.5`. */
export function limit({ sense, limit: at }: Pick<GoalResult, 'sense' | 'limit'>): string {
  return `${sense === 'atLeast' ? '>=' : '<='} ${number(at)}`;
}

/** The lines that stand above every table: a figure without them means nothing. */
export function heading(report: BenchReport): readonly string[] {
  return [...opening(report), ...ending(report)];
}

export type Opening = Pick<
  BenchReport,
  'engines' | 'startedAt' | 'scale' | 'runs' | 'configHash' | 'command'
> & { readonly machine: Omit<Machine, 'loadAtEnd'> };

/** What is known when it begins. */
export function opening(report: Opening): readonly string[] {
  const { machine, engines, startedAt, scale, runs } = report;
  const { node, v8, system, cpu, cores, memoryGb, load } = machine;
  const built = engines.map(
    ({ label, commit, isDirty }) => `${label} ${commit}${isDirty ? ' with changes' : ''}`,
  );
  return [
    `begun    ${startedAt}, ${scale} scale, ${runs} ${runs === 1 ? 'run' : 'runs'}`,
    `machine  ${cores} x ${cpu}, ${memoryGb} GB, ${system}, load ${load.join(' ')}`,
    `node     ${node}, V8 ${v8}`,
    `engine   ${built.join(', ')}`,
    `config   ${report.configHash}`,
    `command  ${report.command}`,
  ];
}

export function ending({ endedAt, machine }: BenchReport): readonly string[] {
  return [`ended    ${endedAt}, load ${machine.loadAtEnd.join(' ')}`];
}
