/**
 * The one table of moments between which a process can die with something half done. A test makes
 * it die at each of them; in production nobody listens. In the order in which a turn passes them.
 */
export const FAULT_POINTS = [
  /** An input has its number and is not in the journal yet. */
  'inputNumbered',
  'inputAppended',
  /** Actors have handled the input; nothing of what they decided is recorded. */
  'turnDelivered',
  'turnAppended',
  /** The turn's block is the operating system's; effects that make exposure are still here. */
  'blockFlushed',
  /** One effect is out: the first of a turn's, maybe, and not the second. */
  'effectDispatched',
  'turnFinished',
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];
