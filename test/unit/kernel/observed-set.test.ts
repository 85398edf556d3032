import { describe, expect, it } from 'vitest';
import { observedSet } from '../../../src/actors/kernel/observed-set.ts';
import { STANDARD_OUTPUTS } from '../../../src/domain/features/momentum-set.ts';
import { BAR_WIDTH, VOLUME } from '../../../src/domain/indicators/indicator.ts';

describe('observedSet', () => {
  it('has under standard the ten that every symbol has of its bars', () => {
    const labels = observedSet('standard').indicators.map(({ label }) => label);
    const ofBars = STANDARD_OUTPUTS.map((output) => output.split('.')[0]);

    expect(labels).toEqual([...new Set(ofBars)]);
  });

  it('reads to the bit the same of what the rule reads, whatever moves beside it', () => {
    const [rule, standard] = [observedSet('rule'), observedSet('standard')];
    const [small, large] = [new Float64Array(rule.width), new Float64Array(standard.width)];
    rule.reset(small, 0);
    standard.reset(large, 0);
    const bar = new Float64Array(BAR_WIDTH);
    for (let at = 0; at < 200; at += 1) {
      bar.fill(100 + ((at * 7_919) % 101) / 100, 0, VOLUME);
      bar[VOLUME] = 100 + at;
      rule.update(small, 0, bar);
      standard.update(large, 0, bar);
      for (const output of ['upper', 'middle', 'lower']) {
        const read = large[standard.output('bollinger20-2', output)];
        expect(read).toBe(small[rule.output('bollinger20-2', output)]);
      }
      expect(large[standard.output('atr14', 'atr')]).toBe(small[rule.output('atr14', 'atr')]);
    }
    expect(small[rule.output('atr14', 'atr')]).toBeGreaterThan(0);
  });
});
