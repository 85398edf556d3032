import { type Command, Option } from 'commander';
import type { Profile } from './load-config.ts';
import type { PolicyAction } from './policy-options.ts';
import { common, type End, type Typed, verb } from './program-parts.ts';
import type { Verbs } from './verbs.ts';

interface TypedPolicy extends Typed {
  readonly profile: Profile;
}

interface TypedSet extends TypedPolicy {
  readonly why: string;
  readonly by?: string;
}

const PROFILES: readonly Profile[] = ['demo', 'paper', 'live', 'backtest'];

/** Settings that people change while the engine runs: who, why and when stay known. */
export function addPolicies(
  program: Command,
  verbs: Verbs,
  end: End,
  userName: () => string,
): void {
  const policy = program
    .command('policy')
    .description('what people set while the engine runs; it tightens, and never loosens');
  const run = async (typed: TypedPolicy, action: PolicyAction): Promise<void> =>
    end(await verbs.policy({ ...common(typed), profile: typed.profile, action }));
  profiled(policy, 'list', 'the policies that hold').action((typed: TypedPolicy) =>
    run(typed, { kind: 'list' }),
  );
  profiled(policy, 'set', 'set one: the registry first, then the engine that runs')
    .argument('<name>', 'such as risk.entries')
    .argument('<value>', 'such as stopped')
    .requiredOption('--why <text>', 'kept with it')
    .option('--by <name>', 'who; you, where it is left out')
    .action((name: string, value: string, typed: TypedSet) => {
      const { why, by = userName() } = typed;
      return run(typed, { kind: 'set', name, value, why, by });
    });
  profiled(policy, 'history', 'every version of one, oldest first')
    .argument('<name>', 'such as risk.entries')
    .action((name: string, typed: TypedPolicy) => run(typed, { kind: 'history', name }));
}

function profiled(policy: Command, name: string, description: string): Command {
  const profile = new Option('--profile <name>', 'whose settings').choices(PROFILES);
  return verb(policy, name, description).addOption(profile.default('demo'));
}
