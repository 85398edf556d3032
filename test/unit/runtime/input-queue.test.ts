import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputQueue } from '../../../src/actors/runtime/input-queue.ts';
import { InvariantError } from '../../../src/core/assert.ts';
import { type Input, INPUT_CLASS } from '../../../src/ports/input.ts';

const answer = (effectInput: number): Input => ({
  kind: 'answered',
  effectInput,
  effectIndex: 0,
  outcome: 'done',
});
const health = (reason: string): Input => ({
  kind: 'serviceChanged',
  service: 'broker',
  state: 'up',
  reason,
});

describe('the queue of inputs', () => {
  it('takes the first class that has one, and within a class what came first', () => {
    const steps = fc.array(fc.constantFrom('answer', 'health', 'take'), { maxLength: 6_000 });
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new InputQueue(16_384);
        const model: { readonly input: Input; readonly atUs: number }[] = [];
        for (const [atUs, step] of all.entries()) {
          if (step === 'take') {
            const classes = model.map(({ input }) => INPUT_CLASS[input.kind]);
            const place = classes.indexOf(Math.min(...classes));
            expect(queue.take()).toEqual(place < 0 ? undefined : model.splice(place, 1)[0]);
          } else {
            const input = step === 'answer' ? answer(atUs) : health(String(atUs));
            expect(queue.add(input, atUs)).toBe(true);
            model.push({ input, atUs });
          }
          expect(queue.count).toBe(model.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps its order where more were taken than it keeps of them', () => {
    const queue = new InputQueue(16_384);
    for (let at = 0; at < 10_000; at += 1) queue.add(answer(at), at);
    for (let at = 0; at < 9_000; at += 1) expect(queue.take()?.atUs).toBe(at);
    for (let at = 10_000; at < 12_000; at += 1) queue.add(answer(at), at);
    for (let at = 9_000; at < 12_000; at += 1) expect(queue.take()?.atUs).toBe(at);

    expect([queue.take(), queue.count, queue.countMost]).toEqual([undefined, 0, 10_000]);
  });

  it('G5 refuses a command when it is full, and stops where an answer finds no room', () => {
    const queue = new InputQueue(2);
    queue.add(answer(1), 1);
    queue.add(answer(2), 2);
    const told = { newsId: '1', symbols: [], headline: 'x', sentiment: 0, venueUs: 1 };
    const story: Input = { kind: 'newsArrived', ...told };

    expect([queue.add(story, 3), queue.refused, queue.countMost]).toEqual([false, 1, 2]);
    expect(() => queue.add(answer(3), 4)).toThrow(InvariantError);
  });
});
