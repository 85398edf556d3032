import type { SimulatedBroker } from '../../src/brokers/simulated/simulated-broker.ts';
import type { Requested } from '../../src/ports/effect.ts';
import type { Input } from '../../src/ports/input.ts';
import type { Agenda, SimulatedPart } from '../../src/ports/simulated-world.ts';

interface Pending {
  readonly dueUs: number;
  readonly run: (nowUs: number) => void;
  /** The line went with the process: what it was to be told, it is not told. */
  readonly isSpoken: boolean;
}

/**
 * A venue that outlives the process: requests that left go on their way, orders rest and are
 * filled while nobody listens, and nothing is said twice. Who wants to know has to ask.
 */
export class LastingVenue implements SimulatedPart {
  readonly name = 'broker';
  readonly isLasting = true;
  /**
   * Instants at which an order or a cancel was sent, answered or reported on. Not of enquiries:
   * each life makes its own.
   */
  readonly instants = new Set<number>();
  /** Until then it says nothing at all. */
  silentUntilUs = 0;
  readonly #enquiries = new Set<string>();
  readonly #broker: SimulatedBroker;
  readonly #onRequest: (requested: Requested) => void;
  #pending: readonly Pending[] = [];
  #agenda: Agenda | undefined;
  /** Frames of this life and of all, as a recovered session is shown the market from its start. */
  #shown = 0;
  #seen = 0;

  constructor(broker: SimulatedBroker, onRequest: (requested: Requested) => void) {
    this.#broker = broker;
    this.#onRequest = onRequest;
  }

  handles(kind: Requested['effect']['kind']): boolean {
    return this.#broker.handles(kind);
  }

  request(requested: Requested, agenda: Agenda): void {
    this.#connect(agenda);
    const { input, index, effect, requestedUs } = requested;
    if (effect.kind === 'enquireOrder') this.#enquiries.add(`${input}:${index}`);
    else this.instants.add(requestedUs);
    this.#onRequest(requested);
    this.#broker.request(requested, this.#world);
  }

  frame(...[batch, begin, end, nowUs, agenda]: Parameters<SimulatedBroker['frame']>): void {
    this.#connect(agenda);
    this.#shown += 1;
    if (this.#shown <= this.#seen) return;
    this.#seen = this.#shown;
    this.#broker.frame(batch, begin, end, nowUs, this.#world);
  }

  /** Another agenda is another life: what is on its way stays so, what was being said is lost. */
  #connect(agenda: Agenda): void {
    if (agenda === this.#agenda) return;
    this.#agenda = agenda;
    this.#shown = 0;
    this.#pending = this.#pending.filter(({ isSpoken }) => !isSpoken);
    for (const pending of this.#pending) this.#arrange(pending);
  }

  get #world(): Agenda {
    return {
      enter: (dueUs, input) =>
        this.#add({ dueUs, run: () => this.#say(dueUs, input), isSpoken: true }),
      reserve: () => {
        throw new Error('a venue computes nothing in advance');
      },
      happen: (dueUs, run) => this.#add({ dueUs, run, isSpoken: false }),
    };
  }

  #say(dueUs: number, input: Input): void {
    if (dueUs < this.silentUntilUs) return;
    const isEnquiry =
      input.kind === 'answered' && this.#enquiries.has(`${input.effectInput}:${input.effectIndex}`);
    if (!isEnquiry) this.instants.add(dueUs);
    this.#agenda?.enter(dueUs, input);
  }

  #add(pending: Pending): void {
    this.#pending = [...this.#pending, pending];
    this.#arrange(pending);
  }

  #arrange(pending: Pending): void {
    this.#agenda?.happen(pending.dueUs, (nowUs) => {
      this.#pending = this.#pending.filter((other) => other !== pending);
      pending.run(nowUs);
    });
  }
}
