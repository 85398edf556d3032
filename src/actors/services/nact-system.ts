import { dispatch, type Ref, spawn, start, stop } from 'nact';
import { assert } from '../../core/assert.ts';

/**
 * The only file that knows nact. What its actors are used for is life and death, a few messages a
 * second; what it does wrong there (test/unit/services/nact-faults.test.ts, one test each) cannot
 * be reached from here: there is no escalation, no resumption, no query, no actor without a name
 * or a policy, and nothing that a plan throws gets past this file.
 */
export interface ActorPlan<State, Message> {
  /** Unique among its siblings. Any text: it is encoded. */
  readonly name: string;
  /** Messages that may wait; more are refused and counted. */
  readonly mailboxMax: number;
  /** Made anew for each life of the actor, so that no state outlives a crash. */
  initial(): State;
  /** Synchronous, and the state is changed in place: one message is over before the next. */
  receive(state: State, message: Message): void;
  /** It threw. `reset` goes on with a new state and the messages that wait; `stop` ends it. */
  crashed(error: unknown): AfterCrash;
}

/** What of nact's ten answers to a crash does what it says. */
export type AfterCrash = 'reset' | 'stop';

export interface Actor<Message> {
  readonly name: string;
  readonly isStopped: boolean;
  /** Messages told and not handled yet. */
  readonly waiting: number;
  /** Messages told to it after its end, or waiting when it ended. nact says nothing of them. */
  readonly deadLetters: number;
  /** Messages refused by a full mailbox. */
  readonly refused: number;
  /** Times that `crashed` itself threw; it counts as `stop`. */
  readonly policyFailures: number;
  /** False where it will not be handled; that is counted. */
  tell(message: Message): boolean;
  /** A child. Supervisors have children and no messages; whoever has messages has no children. */
  spawn<S, M>(plan: ActorPlan<S, M>): Actor<M>;
  /** Children first; settles when all of it has stopped. Any number of times. */
  stop(): Promise<void>;
}

export interface ActorSystem {
  spawn<S, M>(plan: ActorPlan<S, M>): Actor<M>;
  stop(): Promise<void>;
}

export function createActorSystem(): ActorSystem {
  const ref = start();
  const children: Actor<never>[] = [];
  return {
    spawn(plan) {
      const actor = new NactActor(ref, plan);
      children.push(actor);
      return actor;
    },
    async stop() {
      for (const child of children.toReversed()) await child.stop();
      stop(ref); // Without this nact keeps every system that there ever was.
    },
  };
}

/** A name that nact takes, which refuses the colons of tickers. Different ones stay different. */
export function actorName(text: string): string {
  assert(text.length > 0, 'an actor has a name');
  return text.replaceAll(
    /[^A-Za-z0-9-]/gu,
    (character) => `$${(character.codePointAt(0) ?? 0).toString(16)}.`,
  );
}

type Held<State> = { readonly state: State } | undefined;

class NactActor<State, Message> implements Actor<Message> {
  readonly name: string;
  isStopped = false;
  waiting = 0;
  deadLetters = 0;
  refused = 0;
  policyFailures = 0;
  readonly #plan: ActorPlan<State, Message>;
  readonly #ref: Ref<Message>;
  #children: readonly Actor<never>[] = [];
  readonly #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;

  constructor(parent: Ref<never>, plan: ActorPlan<State, Message>) {
    this.name = plan.name;
    this.#plan = plan;
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    const receive = (held: Held<State>, message: Message): Held<State> =>
      this.#receive(held, message);
    this.#ref = spawn(parent, receive, actorName(plan.name), {
      initialStateFunc: () => this.#initial(),
      onCrash: (_message, error, context) =>
        this.#crashed(error) === 'reset' ? context.reset : context.stop,
      // Runs twice where a stop meets a stop: a promise does not mind.
      afterStop: () => this.#resolveEnded(),
    });
  }

  tell(message: Message): boolean {
    // By name is how nact finds an actor, so an old reference would reach its successor.
    if (this.isStopped) this.deadLetters += 1;
    else if (this.waiting >= this.#plan.mailboxMax) this.refused += 1;
    else {
      this.waiting += 1;
      dispatch(this.#ref, message);
      return true;
    }
    return false;
  }

  spawn<S, M>(plan: ActorPlan<S, M>): Actor<M> {
    assert(!this.isStopped, 'a stopped actor gets no children');
    const actor = new NactActor(this.#ref, plan);
    this.#children = [...this.#children.filter((child) => !child.isStopped), actor];
    return actor;
  }

  async stop(): Promise<void> {
    // A parent that nact stops leaves its children running, out of everybody's reach.
    for (const child of this.#children.toReversed()) await child.stop();
    if (!this.isStopped) {
      this.#end();
      stop(this.#ref);
    }
    await this.#ended;
  }

  #end(): void {
    this.isStopped = true;
    this.deadLetters += this.waiting;
    this.waiting = 0;
  }

  /** A state that cannot be made ends the actor: nact would try again for ever, in one turn. */
  #initial(): Held<State> {
    if (this.isStopped) return undefined;
    try {
      return { state: this.#plan.initial() };
    } catch (error) {
      this.#crashed(error);
      if (!this.isStopped) this.#end();
      setImmediate(() => stop(this.#ref)); // While it is being made there is nothing to stop.
      return undefined;
    }
  }

  #receive(held: Held<State>, message: Message): Held<State> {
    if (held === undefined) return held;
    this.waiting -= 1;
    this.#plan.receive(held.state, message);
    return held;
  }

  /** An error here would be nobody's, and end the process. */
  #crashed(error: unknown): AfterCrash {
    if (this.isStopped) return 'stop';
    let then: AfterCrash = 'stop';
    try {
      then = this.#plan.crashed(error);
    } catch {
      this.policyFailures += 1;
    }
    if (then === 'stop') this.#end();
    return then;
  }
}
