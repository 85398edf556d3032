import { Random } from '../../core/random.ts';
import { AdminError, Parameters, type Range } from './parameters.ts';

/** One way to make the venue behave badly. Answers how many things it touched. */
export type ChaosAction = (parameters: Parameters, random: Random) => number;

export type ChaosActions = Readonly<Record<string, ChaosAction>>;

const SEED_RANGE: Range = [0, Number.MAX_SAFE_INTEGER];

/** The scripted misbehaviour of a venue (venues.md 10): names with parameters and a seed. */
export class Chaos {
  /** How often each action was run. */
  readonly counts: Record<string, number> = {};
  readonly #actions: ChaosActions;

  constructor(actions: ChaosActions) {
    this.#actions = actions;
  }

  get names(): readonly string[] {
    return Object.keys(this.#actions);
  }

  run(body: unknown): number {
    const parameters = new Parameters(body);
    const name = parameters.text('action');
    const action = Object.hasOwn(this.#actions, name) ? this.#actions[name] : undefined;
    if (action === undefined) throw new AdminError(`unknown action: ${name}`);
    const touched = action(parameters, new Random(parameters.whole('seed', SEED_RANGE, 1)));
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    return touched;
  }
}
