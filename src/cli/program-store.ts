import { type Command, Option } from 'commander';
import type { DateNumber } from '../core/time.ts';
import { parseAnyDate } from './demo-date.ts';
import type { Profile } from './load-config.ts';
import { common, type End, type Typed, verb } from './program-parts.ts';
import type { StoreAction } from './store-options.ts';
import type { Verbs } from './verbs.ts';

interface TypedStore extends Typed {
  readonly profile: Profile;
  readonly apply?: true;
}

interface TypedTables extends TypedStore {
  readonly table: readonly string[];
}

interface TypedRestore extends TypedTables {
  readonly from?: DateNumber;
  readonly until?: DateNumber;
  readonly session?: string;
  readonly backup?: string;
}

const PROFILES: readonly Profile[] = ['demo', 'paper', 'live', 'backtest'];

/** The verbs over what is kept of the past; those that change it do so with `--apply` alone. */
export function addStore(program: Command, verbs: Verbs, end: End): void {
  const store = program.command('store').description('what is kept of the past, and where');
  const run = async (typed: TypedStore, action: StoreAction): Promise<void> => {
    const { profile, apply } = typed;
    end(await verbs.store({ ...common(typed), profile, isApplied: apply === true, action }));
  };
  addMoving(store, run);
  addSaving(store, run);
}

type Run = (typed: TypedStore, action: StoreAction) => Promise<void>;

function addMoving(store: Command, run: Run): void {
  profiled(store, 'status', 'tables of the store, of the lake, and what is due').action(
    (typed: TypedStore) => run(typed, { kind: 'status' }),
  );
  applied(store, 'migrate', 'make the tables what this build declares').action(
    (typed: TypedStore) => run(typed, { kind: 'migrate' }),
  );
  applied(store, 'archive', 'move what is due to the lake: verified first, then dropped')
    .option(...TABLE)
    .action((typed: TypedTables) => run(typed, { kind: 'archive', tables: typed.table }));
  applied(store, 'restore', 'bring rows back from the lake, a journal, or a whole backup')
    .option(...TABLE)
    .option('--from <date>', 'the first day, as 2025-01-02', parseAnyDate)
    .option('--until <date>', 'the last day', parseAnyDate)
    .addOption(
      new Option('--session <id>', 'the journal segments of this session').conflicts('backup'),
    )
    .option('--backup <place>', 'out of this backup: a folder, or bucket:FOLDER')
    .action((typed: TypedRestore) => {
      const { table: tables, from, until, session, backup } = typed;
      return run(typed, { kind: 'restore', tables, from, until, session, backup });
    });
}

function addSaving(store: Command, run: Run): void {
  applied(store, 'refill', "make a session's rows again from its journal")
    .argument('<session>', 'its id, or a unique beginning of it')
    .action((session: string, typed: TypedStore) => run(typed, { kind: 'refill', session }));
  applied(
    store,
    'compact',
    'join small files of the lake, remove strays, arrange past rows by symbol',
  )
    .option(...TABLE)
    .action((typed: TypedTables) => run(typed, { kind: 'compact', tables: typed.table }));
  applied(store, 'backup', 'copy rows, the lake, journals and registries to an empty place')
    .argument('<place>', 'a folder, or bucket:FOLDER in the bucket of store.lake')
    .action((to: string, typed: TypedStore) => run(typed, { kind: 'backup', to }));
}

const TABLE: readonly [string, string, typeof collect, readonly string[]] = [
  '--table <name>',
  'only this table; may be repeated',
  collect,
  [],
];

function collect(name: string, before: readonly string[]): readonly string[] {
  return [...before, name];
}

function profiled(store: Command, name: string, description: string): Command {
  const profile = new Option('--profile <name>', 'whose settings').choices(PROFILES);
  return verb(store, name, description).addOption(profile.default('demo'));
}

function applied(store: Command, name: string, description: string): Command {
  const command = profiled(store, name, description);
  return command.option('--apply', 'do it; without it, only say what would be done');
}
