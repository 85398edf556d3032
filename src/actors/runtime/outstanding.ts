import { EFFECT_TRAITS, type EffectKind, type Requested } from '../../ports/effect.ts';

export interface Outstanding extends Requested {
  /** Place of the actor that gets the answer. */
  readonly actor: number;
}

/** Effects that were requested and not answered yet: every one gets exactly one final answer. */
export class OutstandingEffects {
  /** By the input that caused them: one causes few. */
  readonly #open = new Map<number, Outstanding[]>();
  /** Per actor, per kind. */
  readonly #counts: Partial<Record<EffectKind, number>>[] = [];
  /** Answers to nothing: repeated, or to an effect a recovery has settled. Counted, never used. */
  strayAnswers = 0;

  add(entry: Outstanding): void {
    const others = this.#open.get(entry.input);
    if (others === undefined) this.#open.set(entry.input, [entry]);
    else others.push(entry);
    this.#count(entry, 1);
  }

  /** Takes the effect that an answer belongs to; undefined if it has had its answer. */
  settle(input: number, index: number): Outstanding | undefined {
    const others = this.#open.get(input);
    const entry = others?.find((other) => other.index === index);
    if (others === undefined || entry === undefined) {
      this.strayAnswers += 1;
      return undefined;
    }
    if (others.length === 1) this.#open.delete(input);
    else others.splice(others.indexOf(entry), 1);
    this.#count(entry, -1);
    return entry;
  }

  has(input: number, index: number): boolean {
    return this.#open.get(input)?.some((other) => other.index === index) === true;
  }

  of(actor: number, kind: EffectKind): number {
    return this.#counts[actor]?.[kind] ?? 0;
  }

  list(): readonly Outstanding[] {
    return [...this.#open.values()].flat();
  }

  /** What the journal keeps only as a hash cannot be counted by a recovery, so it never is. */
  #count(entry: Outstanding, change: number): void {
    if (EFFECT_TRAITS[entry.effect.kind].journaled === 'hash') return;
    const { kind } = entry.effect;
    const counts = (this.#counts[entry.actor] ??= {});
    counts[kind] = (counts[kind] ?? 0) + change;
  }
}
