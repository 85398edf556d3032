import { plural } from '../cli/figures.ts';
import { TABLES } from '../store/tables/tables.ts';
import { migrateRelational } from '../store/relational/relational-store.ts';
import { APPLY, type StoreAnswer, type StoreCall } from './store-call.ts';

/** Both stores: what is missing in them is made, or told. */
export async function migrateVerb(call: StoreCall): Promise<StoreAnswer> {
  const { bench, options, environment } = call;
  const isDryRun = !options.isApplied;
  const { relational } = bench.config.store;
  const series =
    bench.store === undefined
      ? TABLES.map(({ name }) => ({ table: name, what: 'create table' }))
      : await bench.store.migrate(TABLES, { isDryRun });
  const isAbsent = bench.store === undefined && bench.config.store.series.kind === 'none';
  const password = environment[relational.passwordVariable];
  const setting = { ...relational, dataDirectory: bench.dataDir, password };
  const registry = await migrateRelational(setting, { isDryRun });
  const changes = isAbsent ? [] : series;
  const verb = isDryRun ? 'to do' : 'done';
  return {
    lines: [
      `time series: ${plural(changes.length, 'change')} ${verb}`,
      ...changes.map(({ table, what }) => `  ${table}: ${what}`),
      `registries in ${registry.place}: ${plural(registry.steps.length, 'migration')} ${verb}`,
      ...registry.steps.map((step) => `  ${step}`),
      ...(isDryRun && changes.length + registry.steps.length > 0 ? [APPLY] : []),
    ],
    json: { isApplied: options.isApplied, series: changes, relational: registry },
  };
}
