import { symbolId } from '../../src/core/ids.ts';
import { MINUTE } from '../../src/core/time.ts';
import {
  type ActorDefinition,
  address,
  type FamilyDefinition,
  familyAddress,
} from '../../src/actors/runtime/definition.ts';
import { Kernel } from '../../src/actors/runtime/kernel.ts';

interface Token {
  readonly kind: 'token';
  readonly left: number;
}

export interface KernelRing {
  /** Actors that hand a token round; two at the least. */
  readonly actors: number;
  readonly messages: number;
  readonly perTurn: number;
}

/** Messages between kernel actors: queued, taken, `decide` called, the answer sent. */
export function kernelRing({ actors, messages, perTurn }: KernelRing): void {
  const places = Array.from({ length: actors }, (_, place) => place);
  run(
    places.map((place) => player(place, (place + 1) % actors, perTurn)),
    1,
    messages,
    perTurn,
  );
}

/**
 * The same between the rows of a family, which is what a thousand actors are here; one actor hands
 * the token to itself, the other rows stand idle.
 */
export function rowRing(rows: number, { actors, messages, perTurn }: KernelRing): void {
  run([family(actors, perTurn)], rows, messages, perTurn);
}

function run(
  definitions: ConstructorParameters<typeof Kernel>[0]['definitions'],
  rowsMax: number,
  messages: number,
  perTurn: number,
): void {
  const policy = { orderPathFailed: () => [], escalated: () => [] };
  const kernel = new Kernel({ definitions, rowsMax, messagesMax: 1_000_000, policy });
  const opening = { kind: 'timePassed' } as const;
  const named = {
    kind: 'symbolNamed',
    assetClass: 'equity',
    sector: '',
    isTradable: true,
  } as const;
  for (let row = 0; row < rowsMax; row += 1) {
    kernel.beginTurn();
    kernel.deliverInput({ ...named, symbol: symbolId(row), name: `P${row}` }, 0);
    kernel.endTurn();
  }
  for (let turn = 0; turn < messages / perTurn; turn += 1) {
    kernel.beginTurn();
    kernel.deliverInput(opening, turn);
    kernel.endTurn();
  }
}

function player(
  place: number,
  nextPlace: number,
  perTurn: number,
): ActorDefinition<object, Token, never> {
  const next = address<Token>(nextPlace);
  return {
    name: `player-${place}`,
    restart: { restartsMax: 1, withinUs: MINUTE, then: 'quarantine', quarantineUs: MINUTE },
    isOrderPath: false,
    hears: place === 0 ? ['timePassed'] : [],
    applies: [],
    initial: () => ({}),
    decide(_state, message, turn) {
      // The turn's input comes here as it is, and begins the ring.
      const left = message.kind === 'token' ? message.left : perTurn;
      if (left > 1) turn.send(next, { kind: 'token', left: left - 1 });
      return NOTHING;
    },
    apply: () => undefined,
    condense: () => [],
  };
}

function family(actors: number, perTurn: number): FamilyDefinition<Token, never> {
  const self = familyAddress<Token>(0);
  return {
    name: 'players',
    restart: { restartsMax: 1, withinUs: MINUTE, then: 'quarantine', quarantineUs: MINUTE },
    hears: ['timePassed'],
    applies: [],
    stride: 8,
    layoutHash: 'players',
    resetRow: () => undefined,
    receiveRow(_rows, row, { left }, turn) {
      if (left > 1) turn.sendRow(self, (row + 1) % actors, { kind: 'token', left: left - 1 });
    },
    sweep(_rows, _message, turn) {
      turn.sendRow(self, 0, { kind: 'token', left: perTurn });
    },
    apply: () => undefined,
    condense: () => [],
  };
}

const NOTHING: readonly [] = [];
