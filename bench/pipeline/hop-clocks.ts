import type { Figures } from '../harness/suite.ts';
import { Samples } from '../harness/percentiles.ts';
import type { FedOptions, FedSession } from './fed-session.ts';

const SAMPLES_MAX = 1_000_000;

/**
 * A clock at each hop of an order, and none elsewhere. Of one frame at a time: what is between two
 * hops is the frame's alone.
 */
export class HopClocks {
  /** Bytes of the frame to events in columns, their gaps and windows looked at. */
  readonly decode = new Samples(SAMPLES_MAX);
  /** The queue, and whatever the driver does before the sequencer has the frame. */
  readonly queue = new Samples(SAMPLES_MAX);
  /** Row, strategy, risk, execution, and the turn as bytes in the journal's open block. */
  readonly decision = new Samples(SAMPLES_MAX);
  /** The block is as safe as the durability says. */
  readonly durable = new Samples(SAMPLES_MAX);
  /** The order as the body of a request. */
  readonly encode = new Samples(SAMPLES_MAX);
  /** All of it. */
  readonly order = new Samples(SAMPLES_MAX);
  /** Frames that made no order, to the end of their turn. */
  readonly quiet = new Samples(SAMPLES_MAX);
  readonly floor = new Samples(SAMPLES_MAX);
  isOn = false;
  /** The frame's order has left; while it waits for the disk it has not. */
  hasLeft = false;
  #handedMs = 0;
  #decodedMs = 0;
  #takenMs = 0;
  #encodedMs = 0;
  #leavingMs = 0;

  /** What a session is to be given, so that they stand where they should. */
  options(): Pick<FedOptions, 'decoded' | 'fault' | 'leaving' | 'left'> {
    return {
      decoded: () => {
        this.#decodedMs = performance.now();
      },
      fault: (point) => {
        if (point === 'turnAppended' && this.#encodedMs === 0) this.#encodedMs = performance.now();
      },
      leaving: () => {
        this.#leavingMs = performance.now();
      },
      left: () => this.#left(),
    };
  }

  stand(fed: FedSession): void {
    const { sequencer } = fed;
    const acceptMarket = sequencer.acceptMarket.bind(sequencer);
    sequencer.acceptMarket = (batch, from, gate) => {
      this.#encodedMs = 0;
      this.#takenMs = performance.now();
      return acceptMarket(batch, from, gate);
    };
  }

  handed(): void {
    const beforeMs = performance.now();
    this.hasLeft = false;
    this.#handedMs = performance.now();
    if (this.isOn) this.floor.add(this.#handedMs - beforeMs);
  }

  /** Its turns are over, and it made no order. */
  ended(): void {
    if (this.isOn && !this.hasLeft) this.quiet.add(performance.now() - this.#handedMs);
  }

  figures(): Figures {
    const { decode, queue, decision, durable, encode, order, quiet, floor } = this;
    const named = { decode, queue, decision, durable, encode, order, quiet, floor };
    return Object.assign(
      {},
      ...Object.entries(named).map(([name, samples]) => samples.figures(name)),
    );
  }

  #left(): void {
    const leftMs = performance.now();
    this.hasLeft = true;
    if (!this.isOn) return;
    this.decode.add(this.#decodedMs - this.#handedMs);
    this.queue.add(this.#takenMs - this.#decodedMs);
    this.decision.add(this.#encodedMs - this.#takenMs);
    this.durable.add(this.#leavingMs - this.#encodedMs);
    this.encode.add(leftMs - this.#leavingMs);
    this.order.add(leftMs - this.#handedMs);
  }
}
