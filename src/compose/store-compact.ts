import { bytesText, count, plural } from '../cli/figures.ts';
import type { StoreAction } from '../cli/store-options.ts';
import { partitionFolder } from '../store/lake/manifest.ts';
import {
  type Consolidated,
  consolidate,
  type Fragmented,
  fragmented,
} from '../store/lifecycle/compact.ts';
import { lakeTools } from './store-bench.ts';
import { rowProgress } from './store-progress.ts';
import { chosen, tablesOfLake } from './store-tables.ts';
import { APPLY, type StoreAnswer, type StoreCall } from './store-call.ts';

type CompactCall = StoreCall<Extract<StoreAction, { kind: 'compact' }>>;

/** The lake alone: the store's own files are its own business. */
export async function compactVerb(call: CompactCall): Promise<StoreAnswer> {
  const { bench, options, action, terminal } = call;
  const { lake } = bench;
  const tables = chosen(await tablesOfLake(lake), action.tables, lake.place.name);
  const tools = lakeTools(bench, lake.place, rowProgress(terminal, 'compact'));
  const found: Fragmented[] = [];
  for (const { name } of tables) found.push(...(await fragmented(lake, name, tools)));
  const done: Consolidated[] = [];
  if (options.isApplied) for (const one of found) done.push(await consolidate(tools, one));
  const files = found.reduce((sum, one) => sum + one.files, 0);
  const strays = found.reduce((sum, one) => sum + one.strays.length, 0);
  const bytes = bytesText(found.reduce((sum, one) => sum + one.bytes, 0));
  const verb = options.isApplied ? 'were' : 'would be';
  return {
    lines: [
      ...found.map(lineOf),
      `${plural(files, 'file')} of ${plural(found.length, 'partition')}, ${bytes}, ${verb} joined`,
      `${plural(strays, 'file')} that no manifest names ${verb} removed`,
      ...(options.isApplied || found.length === 0 ? [] : [APPLY]),
    ],
    json: {
      isApplied: options.isApplied,
      partitions: options.isApplied ? done : found.map(jsonOf),
    },
  };
}

function lineOf({ manifest, files, strays }: Fragmented): string {
  return `  ${partitionFolder(manifest)} ${plural(files, 'file')}, ${count(strays.length)} strays`;
}

function jsonOf({ manifest, files, bytes, strays }: Fragmented): object {
  return { partition: partitionFolder(manifest), files, bytes, strays: strays.length };
}
