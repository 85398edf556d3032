import type { Figures } from './suite.ts';

/** What a process of its own answers for one run of a variant: the last line of its output. */
export interface RunAnswer {
  readonly figures: Figures;
  /** Those of the harness: what the run cost its process. */
  readonly cost: Figures;
  readonly note?: string;
}

/** As it came over a pipe: JSON has no NaN, so a figure that is none comes as null. */
export function parseAnswer(output: string): RunAnswer {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const value: unknown = JSON.parse(line);
  const note: unknown = Reflect.get(Object(value), 'note');
  return {
    figures: figuresOf(Reflect.get(Object(value), 'figures')),
    cost: figuresOf(Reflect.get(Object(value), 'cost')),
    ...(typeof note === 'string' ? { note } : {}),
  };
}

export function figuresOf(value: unknown): Figures {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(Object(value));
  return Object.fromEntries(
    entries.map(([name, figure]) => [name, typeof figure === 'number' ? figure : Number.NaN]),
  );
}
