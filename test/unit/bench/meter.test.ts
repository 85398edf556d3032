import { describe, expect, it } from 'vitest';
import { allocatedBytes, RunMeter } from '../../../bench/harness/meter.ts';
import { parseAnswer } from '../../../bench/harness/run-answer.ts';

/** An object of two fields, 40 bytes, and the double that one of them refers to, 16. */
const BYTES_EACH = 56;
const EVENTS = 400_000;

/** Objects that nobody keeps for long. */
function allocate(): number {
  const kept: { readonly at: number; readonly price: number }[] = [];
  for (let event = 0; event < EVENTS; event += 1) {
    kept[event % 10] = { at: event, price: event + 0.5 };
  }
  return kept.length;
}

describe('the meter of a run', () => {
  it('sums what the heap grew between collections', () => {
    const collection = (before: number, after: number) => ({
      beforeGC: { heapStatistics: { usedHeapSize: before } },
      afterGC: { heapStatistics: { usedHeapSize: after } },
    });
    const profile = { statistics: [collection(150, 110), collection(200, 100)] };

    // 50 to the first, 90 to the second, 30 to the end.
    expect(allocatedBytes(profile, 100, 130)).toBe(170);
    expect(allocatedBytes(undefined, 100, 130)).toBe(30);
    // What is freed without a collection of ours is no allocation.
    expect(allocatedBytes(undefined, 130, 100)).toBe(0);
  });

  it('tells what an event allocates, of the measured part alone', async () => {
    const meter = new RunMeter();
    allocate(); // With these four, five times as much would show.
    allocate();
    meter.begin();
    allocate();
    meter.end(EVENTS);
    allocate();
    allocate();
    const { allocatedBytesPerEvent = Number.NaN, gcCount = 0, gcMs } = await meter.figures();

    expect(allocatedBytesPerEvent).toBeGreaterThan(BYTES_EACH / 2);
    // Code that is not compiled yet keeps its doubles in boxes.
    expect(allocatedBytesPerEvent).toBeLessThan(BYTES_EACH * 2);
    expect(gcCount).toBeGreaterThan(0);
    expect(gcMs).toBeGreaterThan(0);
  });

  it('adds up parts where there are several, and else takes the whole run', async () => {
    const parts = new RunMeter();
    for (const events of [100, 300]) {
      parts.begin();
      allocate();
      parts.end(events);
    }
    const whole = new RunMeter();
    allocate();
    const [ofParts, ofWhole] = [await parts.figures(), await whole.figures()];

    expect(ofParts['allocatedBytesPerEvent']).toBeGreaterThan((BYTES_EACH * EVENTS) / 400);
    expect(ofWhole).not.toHaveProperty('allocatedBytesPerEvent');
    for (const figures of [ofParts, ofWhole]) {
      expect(figures['runCpuMs']).toBeGreaterThan(0);
      expect(figures['runWallMs']).toBeGreaterThan(0);
      expect(figures['rssMaxMb']).toBeGreaterThan(10);
      expect(figures['preemptions']).toBeGreaterThanOrEqual(0);
    }
  });

  it('tells how late the event loop was', async () => {
    const meter = new RunMeter();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const untilMs = performance.now() + 100;
    while (performance.now() < untilMs) continue;
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { loopLateMaxMs } = await meter.figures();

    expect(loopLateMaxMs).toBeGreaterThan(60);
  });
});

describe('the answer of a run', () => {
  it('is the last line, and what JSON cannot say is NaN', () => {
    const output = 'a library says hello\n\n{"figures":{"a":1,"b":null},"cost":{"c":2}}\n';

    expect(parseAnswer(output)).toEqual({ figures: { a: 1, b: Number.NaN }, cost: { c: 2 } });
  });

  it('is an error where there is none', () => {
    expect(() => parseAnswer('')).toThrow();
    expect(() => parseAnswer('it broke\n')).toThrow();
  });
});
