import { ByteReader } from '../core/bytes.ts';
import { EFFECT_TRAITS, type EffectKind } from '../ports/effect.ts';
import { inputCodec } from '../ports/input.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { SimulatedPart } from '../ports/simulated-world.ts';
import { readTurn, RECORD_INPUT, RECORD_TURN } from '../ports/turn-record.ts';
import { recordsOf } from './recorded-session.ts';

/** How long the services of a live session took to answer, in its own time. */
export interface RecordedDelays {
  /** Of the last question of this kind that was asked by then, or of the first; else undefined. */
  at(kind: EffectKind, requestedUs: number): number | undefined;
  median(kind: EffectKind): number | undefined;
  /** No shorter than the longest of them: what was in time then is in time again. */
  deadlineUs(kind: EffectKind): number;
}

/** Throws `JournalDamage` where the journal is damaged. */
export function recordedDelays(folder: string): RecordedDelays {
  return delaysOf(recordsOf(folder));
}

interface Delay {
  readonly requestedUs: number;
  readonly delayUs: number;
}

interface Asked {
  readonly kind: EffectKind;
  readonly requestedUs: number;
}

/**
 * A market hour that passes in fifteen seconds makes every service 240 times as slow as the clock
 * of the market sees it. What was measured then is a better model of it than any setting. Only
 * what was answered counts: a deadline that passed says nothing of how long it would have taken.
 * Deadlines pass on the wall, and in virtual time on the market's clock: they are as long as the
 * longest answer that was in time.
 */
export function delaysOf(records: Iterable<JournalRecord>): RecordedDelays {
  const asked = new Map<string, Asked>();
  const delays = new Map<EffectKind, Delay[]>();
  let begun = 0;
  for (const { kind, sequence, nowUs, payload } of records) {
    if (kind === RECORD_TURN) {
      noteEffects(begun, payload, asked);
      continue;
    }
    begun = sequence;
    if (kind !== RECORD_INPUT) continue;
    const input = inputCodec.read(new ByteReader(payload));
    if (input.kind !== 'answered') continue;
    const id = `${input.effectInput}/${input.effectIndex}`;
    const question = asked.get(id);
    asked.delete(id);
    if (question === undefined || (input.outcome !== 'done' && input.outcome !== 'refused')) {
      continue;
    }
    const { requestedUs } = question;
    const list = delays.get(question.kind) ?? [];
    list.push({ requestedUs, delayUs: nowUs - requestedUs });
    delays.set(question.kind, list);
  }
  for (const list of delays.values()) list.sort((one, two) => one.requestedUs - two.requestedUs);
  return {
    at: (kind, requestedUs) => lastBy(delays.get(kind) ?? [], requestedUs),
    median: (kind) => medianOf(delays.get(kind) ?? []),
    deadlineUs: (kind) => {
      const longest = (delays.get(kind) ?? []).reduce(
        (most, one) => Math.max(most, one.delayUs),
        0,
      );
      return Math.max(EFFECT_TRAITS[kind].deadlineUs, longest + 1);
    },
  };
}

/** Effects are numbered by their place in the turn, those of which a hash is kept too. */
function noteEffects(input: number, payload: Uint8Array, asked: Map<string, Asked>): void {
  let index = 0;
  for (const item of readTurn(new ByteReader(payload)).items) {
    if (item.type === 'fact') continue;
    const { requestedUs } = item;
    if (item.type === 'effect') {
      asked.set(`${input}/${index}`, { kind: item.effect.kind, requestedUs });
    }
    index += 1;
  }
}

function lastBy(delays: readonly Delay[], requestedUs: number): number | undefined {
  let [low, high] = [0, delays.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((delays[middle]?.requestedUs ?? 0) <= requestedUs) low = middle + 1;
    else high = middle;
  }
  return delays[Math.max(0, low - 1)]?.delayUs;
}

function medianOf(delays: readonly Delay[]): number | undefined {
  const sorted = delays.map(({ delayUs }) => delayUs).toSorted((one, two) => one - two);
  return sorted[sorted.length >> 1];
}

/**
 * A part that answers as late as the live session's did, wherever it was asked; itself where there
 * was none. The broker is left alone: its latency is part of what its venue sees.
 */
export function asLate(part: SimulatedPart, delays: RecordedDelays | undefined): SimulatedPart {
  if (delays === undefined || part.name === 'broker') return part;
  return {
    ...part,
    handles: (kind) => part.handles(kind),
    request(requested, agenda) {
      const { requestedUs, effect } = requested;
      const delayUs = delays.at(effect.kind, requestedUs);
      if (delayUs === undefined) return part.request(requested, agenda);
      part.request(requested, {
        enter: (_, input) => agenda.enter(requestedUs + delayUs, input),
        reserve: () => agenda.reserve(requestedUs + delayUs),
        happen: (dueUs, run) => agenda.happen(dueUs, run),
      });
    },
  };
}
