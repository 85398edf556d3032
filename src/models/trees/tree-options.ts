import { TreeDataError } from './tree-error.ts';
import { TREES_MAX } from './tree-model.ts';

/**
 * Rows to learn from. `features` holds `rows` times `names.length` doubles, row after row; NaN is
 * missing. Labels of a binary objective lie in 0 .. 1. Without weights every row weighs 1.
 */
export interface TreeRows {
  readonly rows: number;
  readonly names: readonly string[];
  readonly features: Float64Array;
  readonly labels: Float64Array;
  readonly weights?: Float64Array;
}

/** What both kinds of growth share. Names are ours; XGBoost's and LightGBM's stand beside them. */
export interface CommonTreeOptions {
  readonly objective: 'binary' | 'squared';
  /** num_boost_round, num_iterations. */
  readonly trees: number;
  /** eta, learning_rate. */
  readonly learningRate: number;
  /** lambda, lambda_l2. */
  readonly lambda: number;
  /** gamma, min_gain_to_split; in units of the stored gain, which has no factor of a half. */
  readonly gainMin: number;
  /** min_child_weight, min_sum_hessian_in_leaf. */
  readonly coverMin: number;
  /** max_bin. */
  readonly binsMax: number;
  /** subsample, bagging_fraction: rows of every tree, drawn without return. */
  readonly rowShare: number;
  /** colsample_bytree, feature_fraction. */
  readonly featureShare: number;
  /** Whether the first margin is that of the mean label; otherwise 0. */
  readonly beginsAtMean: boolean;
  /** Ends after so many trees without a better validation loss; 0 never does. */
  readonly patience: number;
  readonly seed: number;
}

export interface DepthWiseOptions extends CommonTreeOptions {
  readonly growth: 'depth-wise';
  readonly depthMax: number;
}

export interface LeafWiseOptions extends CommonTreeOptions {
  readonly growth: 'leaf-wise';
  readonly leavesMax: number;
  /** 0 for none. */
  readonly depthMax: number;
  /** min_data_in_leaf, estimated from the leaf's cover as LightGBM does. */
  readonly leafRowsMin: number;
  /** min_data_in_bin. */
  readonly binRowsMin: number;
}

export type BoostingOptions = DepthWiseOptions | LeafWiseOptions;

/** XGBoost's defaults, with 100 trees. */
export const DEPTH_WISE: DepthWiseOptions = {
  growth: 'depth-wise',
  objective: 'binary',
  trees: 100,
  learningRate: 0.3,
  depthMax: 6,
  lambda: 1,
  gainMin: 0,
  coverMin: 1,
  binsMax: 256,
  rowShare: 1,
  featureShare: 1,
  beginsAtMean: true,
  patience: 0,
  seed: 1,
};

/** LightGBM's defaults. */
export const LEAF_WISE: LeafWiseOptions = {
  growth: 'leaf-wise',
  objective: 'binary',
  trees: 100,
  learningRate: 0.1,
  leavesMax: 31,
  depthMax: 0,
  leafRowsMin: 20,
  binRowsMin: 3,
  lambda: 0,
  gainMin: 0,
  coverMin: 1e-3,
  binsMax: 255,
  rowShare: 1,
  featureShare: 1,
  beginsAtMean: true,
  patience: 0,
  seed: 1,
};

const ROWS_MAX = 1 << 26;

export function checkRows(data: TreeRows, what: string, isBinary: boolean): void {
  const { rows, names, features, labels, weights } = data;
  const width = names.length;
  if (!isWithin(rows, 1, ROWS_MAX) || width === 0) throw new TreeDataError(`${what}: no rows`);
  if (features.length !== rows * width) {
    throw new TreeDataError(`${what}: ${features.length} values for ${rows} rows of ${width}`);
  }
  if (labels.length !== rows || (weights !== undefined && weights.length !== rows)) {
    throw new TreeDataError(`${what}: labels or weights are not ${rows}`);
  }
  const infinite = features.findIndex((x) => Math.abs(x) === Number.POSITIVE_INFINITY);
  if (infinite >= 0) {
    const name = names[infinite % width] ?? '';
    throw new TreeDataError(`${what}: ${name} of row ${Math.trunc(infinite / width)} is infinite`);
  }
  const odd = labels.findIndex((y) => !(isBinary ? y >= 0 && y <= 1 : Number.isFinite(y)));
  if (odd >= 0) throw new TreeDataError(`${what}: label ${labels[odd] ?? ''} of row ${odd}`);
  if (weights === undefined) return;
  const light = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (light >= 0)
    throw new TreeDataError(`${what}: weight ${weights[light] ?? ''} of row ${light}`);
  if (!weights.some((weight) => weight > 0)) throw new TreeDataError(`${what}: no row has weight`);
}

export function checkOptions(options: BoostingOptions): void {
  const { trees, learningRate, lambda, gainMin, coverMin, rowShare, featureShare } = options;
  checkWhole('trees', trees, 1, TREES_MAX);
  checkWhole('binsMax', options.binsMax, 2, 256);
  checkWhole('patience', options.patience, 0, TREES_MAX);
  checkWhole('depthMax', options.depthMax, options.growth === 'depth-wise' ? 1 : 0, 64);
  if (options.growth === 'leaf-wise') {
    checkWhole('leavesMax', options.leavesMax, 2, 4_096);
    checkWhole('leafRowsMin', options.leafRowsMin, 0, ROWS_MAX);
    checkWhole('binRowsMin', options.binRowsMin, 1, ROWS_MAX);
  }
  const shares = [learningRate, rowShare, featureShare];
  if (!shares.every((share) => share > 0 && share <= 1)) {
    throw new TreeDataError('learningRate, rowShare and featureShare lie above 0 and up to 1');
  }
  if (![lambda, gainMin, coverMin].every((limit) => limit >= 0 && Number.isFinite(limit))) {
    throw new TreeDataError('lambda, gainMin and coverMin are finite and not negative');
  }
}

/** An option that is a whole number from `from` to `to`, both of them allowed. */
export function checkWhole(name: string, value: number, from: number, to: number): void {
  if (!isWithin(value, from, to)) {
    throw new TreeDataError(`${name} is ${value}, not a whole number in ${from} .. ${to}`);
  }
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}
