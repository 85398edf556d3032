import { bytesText, count, plural } from '../cli/figures.ts';
import type { StoreAction } from '../cli/store-options.ts';
import type { TableDeclaration } from '../ports/time-series.ts';
import { partitionFolder } from '../store/lake/manifest.ts';
import {
  type Consolidated,
  consolidate,
  type Fragmented,
  fragmented,
} from '../store/lifecycle/compact.ts';
import { type Compacted, type CompactWork, arrangeStore } from './store-arrange.ts';
import { lakeTools } from './store-bench.ts';
import { rowProgress } from './store-progress.ts';
import { chosen, tablesOf, tablesOfLake } from './store-tables.ts';
import { APPLY, type StoreAnswer, type StoreCall } from './store-call.ts';

type CompactCall = StoreCall<Extract<StoreAction, { kind: 'compact' }>>;

/** Small files of the lake, and rows of the store that lie as they came. */
export async function compactVerb(call: CompactCall): Promise<StoreAnswer> {
  const { bench, options, action, terminal } = call;
  const { lake, store } = bench;
  const ofLake = await tablesOfLake(lake);
  const ofStore = store === undefined ? [] : await tablesOf(store);
  const where = `${lake.place.name} or the store`;
  const named = chosen(merged(ofLake, ofStore), action.tables, where);
  const isNamed = ({ name }: TableDeclaration): boolean => named.some((one) => one.name === name);
  const progress = rowProgress(terminal, 'compact');
  const { isApplied } = options;
  const work = { bench, isApplied, progress };
  const joined = await joinFiles({ ...work, tables: ofLake.filter(isNamed) });
  const arranged = await arrangeStore({ ...work, tables: ofStore.filter(isNamed) });
  const isNothing = joined.parts.length === 0 && arranged.parts.length === 0;
  return {
    lines: [...joined.lines, ...arranged.lines, ...(isApplied || isNothing ? [] : [APPLY])],
    json: { isApplied, partitions: joined.parts, arranged: arranged.parts },
  };
}

function merged(
  first: readonly TableDeclaration[],
  others: readonly TableDeclaration[],
): readonly TableDeclaration[] {
  return [...first, ...others.filter(({ name }) => first.every((one) => one.name !== name))];
}

async function joinFiles({ bench, tables, isApplied, progress }: CompactWork): Promise<Compacted> {
  const { lake } = bench;
  const tools = lakeTools(bench, lake.place, progress);
  const found: Fragmented[] = [];
  for (const { name } of tables) found.push(...(await fragmented(lake, name, tools)));
  const done: Consolidated[] = [];
  if (isApplied) for (const one of found) done.push(await consolidate(tools, one));
  const files = found.reduce((sum, one) => sum + one.files, 0);
  const strays = found.reduce((sum, one) => sum + one.strays.length, 0);
  const bytes = bytesText(found.reduce((sum, one) => sum + one.bytes, 0));
  const verb = isApplied ? 'were' : 'would be';
  return {
    lines: [
      ...found.map(lineOf),
      `${plural(files, 'file')} of ${plural(found.length, 'partition')}, ${bytes}, ${verb} joined`,
      `${plural(strays, 'file')} that no manifest names ${verb} removed`,
    ],
    parts: isApplied ? done : found.map(jsonOf),
  };
}

function lineOf({ manifest, files, strays }: Fragmented): string {
  return `  ${partitionFolder(manifest)} ${plural(files, 'file')}, ${count(strays.length)} strays`;
}

function jsonOf({ manifest, files, bytes, strays }: Fragmented): object {
  return { partition: partitionFolder(manifest), files, bytes, strays: strays.length };
}
