import { DAY } from '../../../core/time.ts';
import type { RegimeModel } from './regime-model.ts';

/**
 * Fitted by `fitRegimeModel` with three states to the 3,772 daily returns of SPY's unadjusted close
 * from 1998-01-05 to 2012-12-31; what came later it has not seen. Two steps that the fit leaves at
 * less than 1e-19 are 0.
 */
export const DAILY_REGIME: RegimeModel = {
  spanUs: DAY,
  hmm: {
    states: 3,
    dimensions: 1,
    initial: Float64Array.of(0.1288472341612303, 0.5221451482232711, 0.34900761761549876),
    transition: Float64Array.of(
      0.972946220340678,
      0.027053779659321927,
      0,
      0.006675930427721656,
      0.9802594126919217,
      0.013064656880356606,
      0,
      0.019545840431469886,
      0.9804541595685302,
    ),
    means: Float64Array.of(-0.11235278984957232, -0.0010920496901710704, 0.09689868154888961),
    variances: Float64Array.of(6.746635819430617, 1.3816993849945316, 0.37117843954332447),
  },
};
