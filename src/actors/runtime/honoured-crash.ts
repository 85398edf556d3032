import { present } from '../../core/assert.ts';
import type { CrashPoint } from '../../ports/turn-record.ts';
import { codeOf, textOf } from './crash-text.ts';
import type { Slot } from './slot.ts';

/** Thrown in place of a handling that crashed when the turn was recorded. */
export class HonouredCrash extends Error {
  override readonly name = 'HonouredCrash';
  readonly code = 'HONOURED';
}

/** Code and message of a crash: of one that is honoured, what was recorded; the next one is set. */
export function crashOf(
  error: unknown,
  slot: Slot,
  honoured: readonly CrashPoint[],
): { readonly code: string; readonly message: string } {
  if (!(error instanceof HonouredCrash)) return { code: codeOf(error), message: textOf(error) };
  const own = honoured.filter(({ actor }) => actor === slot.place);
  const recorded = own.find(({ ordinal }) => ordinal === slot.ordinal);
  const later = own.map(({ ordinal }) => ordinal).filter((ordinal) => ordinal > slot.ordinal);
  slot.honoured = later.length === 0 ? -1 : Math.min(...later);
  return present(recorded, 'the recorded crash that is honoured');
}
