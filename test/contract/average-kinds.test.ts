import { AVERAGES } from '../../src/domain/indicators/average-kind.ts';
import { bollinger } from '../../src/domain/indicators/overlap/bollinger.ts';
import { ma } from '../../src/domain/indicators/overlap/ma.ts';
import { mavp } from '../../src/domain/indicators/overlap/mavp.ts';
import { indicatorContract } from './indicator.ts';

// The contract of all takes usual and least parameters, and thus one kind of average. MAMA is left
// out: it has a contract of its own, and in a flat market it is not yet at the price.
for (const [kind, { name }] of AVERAGES.entries()) {
  if (name === 'mama') continue;
  indicatorContract(ma, [7, kind]);
  indicatorContract(mavp, [2, 6, kind]);
  indicatorContract(bollinger, [9, 2, 1.5, kind]);
}
