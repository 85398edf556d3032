import type { AnyActor, AnyDefinition } from '../../src/actors/runtime/slot.ts';
import type { Applied } from '../../src/actors/runtime/definition.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import { type ClientOrderId, textId } from '../../src/core/ids.ts';
import type { Requested } from '../../src/ports/effect.ts';
import type { Journal } from '../../src/ports/journal.ts';

/** A fault of ours, put into the composition of a test: production code knows nothing of it. */
export interface PlantedBug {
  readonly name: string;
  /** In place of an actor's definition; undefined leaves it as it is. */
  readonly definition?: (actor: AnyDefinition) => AnyDefinition | undefined;
  /** In place of the journal that the sequencer sees. */
  readonly journal?: (journal: Journal) => Journal;
  /** The name under which an attempt is sent. */
  readonly attemptId?: (requested: Requested, attempt: number) => ClientOrderId;
  /** What a start forgets. */
  readonly isEnquiryForgotten?: boolean;
  readonly recovered?: (kernel: Kernel) => void;
}

/** RELIABILITY A6: who tests the tester. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  sendBeforeJournal(),
  timeoutIsRejection(),
  newIdPerAttempt(),
  noEnquiryAtStart(),
  noFillDedupe(),
  lostReservation(),
  entryUnreconciled(),
  driftIgnored(),
];

/** Every record counts as safe, so nothing waits for one. */
function sendBeforeJournal(): PlantedBug {
  return {
    name: 'send before journal',
    journal: (journal) => ({
      append: (kind, sequence, nowUs, hash, payload) =>
        journal.append(kind, sequence, nowUs, hash, payload),
      flush: () => undefined,
      mark: () => journal.mark(),
      isDurable: () => true,
      requestSync: () => journal.requestSync(),
    }),
  };
}

/** No answer is taken for a no. */
function timeoutIsRejection(): PlantedBug {
  return {
    name: 'timeout is a rejection',
    definition: (actor) =>
      deciding(actor, 'execution', (state, message) => [state, withoutDoubt(message)]),
  };
}

function withoutDoubt(message: unknown): unknown {
  if (!isRecord(message) || message['kind'] !== 'replied') return message;
  const { effect, answer } = message;
  if (!isRecord(effect) || !isRecord(answer) || effect['kind'] !== 'submitOrder') return message;
  const isOpen = answer['outcome'] === 'unknown' || answer['outcome'] === 'failed';
  return isOpen ? { ...message, answer: { ...answer, outcome: 'refused' } } : message;
}

/** An attempt that is not answered within a second is made again, under a name of its own. */
function newIdPerAttempt(): PlantedBug {
  return {
    name: 'a new id per attempt',
    attemptId: ({ effect }, attempt) => {
      const id = 'clientOrderId' in effect ? effect.clientOrderId : 'none';
      return textId<ClientOrderId>(attempt === 1 ? id : `${id}-${attempt}`);
    },
  };
}

/** A start that asks nothing: not what was owed, and not what the timers before would have. */
function noEnquiryAtStart(): PlantedBug {
  return {
    name: 'no enquiry at start',
    isEnquiryForgotten: true,
    definition: (actor) => hearing(actor, 'execution', (kind) => kind !== 'opened'),
    recovered: ({ timers, slots }) => {
      const place = slots.findIndex(({ definition }) => definition.name === 'execution');
      const kept = timers.list().filter(({ actor }) => actor !== place);
      while (timers.take(Number.POSITIVE_INFINITY) !== undefined);
      for (const timer of kept) timers.add(timer);
    },
  };
}

/** Execution takes every report of a fill for a fill. */
function noFillDedupe(): PlantedBug {
  return {
    name: 'no fill dedupe',
    definition: (actor) =>
      deciding(actor, 'execution', (state, message) => [withoutMemory(state), message]),
  };
}

function withoutMemory(state: unknown): unknown {
  if (!isRecord(state) || !isRecord(state['orders'])) return state;
  const orders = new Proxy(state['orders'], {
    get(target, key) {
      if (key === 'isBooked') return () => false;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...state, orders };
}

/** Risk gives the money back as soon as nobody knows where the order is. */
function lostReservation(): PlantedBug {
  return {
    name: 'lost reservation',
    definition(actor) {
      if (actor.name !== 'risk' || 'stride' in actor) return undefined;
      return {
        ...actor,
        apply(state: unknown, applied: Applied) {
          actor.apply(state, applied);
          if (applied.kind !== 'stood' || applied.standing !== 'unknown') return;
          const { clientOrderId, symbol } = applied;
          actor.apply(state, { kind: 'released', clientOrderId, symbol });
        },
      };
    },
  };
}

/** A life trades at once, whatever the broker holds. */
function entryUnreconciled(): PlantedBug {
  return {
    name: 'entries before reconciliation',
    definition(actor) {
      if (actor.name !== 'risk' || 'stride' in actor) return undefined;
      return {
        ...actor,
        apply(state: unknown, applied: Applied) {
          actor.apply(state, applied);
          if (applied.kind !== 'reconcileAsked') return;
          actor.apply(state, { kind: 'reconciled', account: applied.account, attempt: 0, atUs: 0 });
        },
      };
    },
  };
}

/** What the broker holds otherwise is looked at and left out of our books. */
function driftIgnored(): PlantedBug {
  return {
    name: 'drift ignored',
    definition(actor) {
      if (actor.name !== 'reconciliation' || 'stride' in actor) return undefined;
      return {
        ...actor,
        decide: (state, message, turn) =>
          actor.decide(state, message, turn).filter(({ kind }) => kind !== 'positionAdopted'),
      };
    },
  };
}

type Seen = readonly [state: unknown, message: unknown];

/** The actor of that name, deciding about something else than it was given. */
function deciding(
  actor: AnyDefinition,
  name: string,
  see: (state: unknown, message: unknown) => Seen,
): AnyActor | undefined {
  if (actor.name !== name || 'stride' in actor) return undefined;
  return {
    ...actor,
    decide: (state, message, turn) => {
      const [seen, heard] = see(state, message);
      return actor.decide(seen, heard, turn);
    },
  };
}

function hearing(
  actor: AnyDefinition,
  name: string,
  isHeard: (kind: string) => boolean,
): AnyActor | undefined {
  if (actor.name !== name || 'stride' in actor) return undefined;
  return { ...actor, hears: actor.hears.filter((kind) => isHeard(kind)) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
