import type { DateNumber } from '../core/time.ts';
import type { IndicatorFamily } from '../domain/indicators/declaration.ts';
import type { Command } from '../ports/input.ts';
import type { BenchOptions } from './bench-options.ts';
import type { ExitCode } from './exit-codes.ts';
import type { LogLevel } from './log-events.ts';
import type { Profile } from './load-config.ts';
import type { PolicyOptions } from './policy-options.ts';
import type { ExportOptions, QueryOptions } from './query-options.ts';
import type { StoreOptions } from './store-options.ts';
import type { ModelsOptions, TrainOptions } from './train-options.ts';
import type { VerbOptions } from './verb-options.ts';

export type { VerbOptions };

/** Where sessions lie unless another place is named. */
export const DATA_DIR = '.strata';

export interface DemoOptions extends VerbOptions {
  /** One compressed session, then the end. */
  readonly isOnce: boolean;
  /** Plants crashes, so that healing can be watched. */
  readonly isCrashing: boolean;
  /** No venue and no sockets: a simulated broker in virtual time. */
  readonly isVirtual: boolean;
  /** Undefined: as configured. */
  readonly seed: number | undefined;
  readonly symbols: number | undefined;
  readonly speed: number | undefined;
  readonly date: DateNumber | undefined;
}

export interface TradeOptions extends VerbOptions {
  /** `sim`: the embedded venue. `paper`: Alpaca's paper account, with the user's own keys. */
  readonly mode: 'sim' | 'paper';
  /** Admin address of a venue that runs already; undefined to start one. `sim` only. */
  readonly venue: string | undefined;
  readonly isCrashing: boolean;
}

export interface VenueOptions extends VerbOptions {
  readonly port: number;
  readonly adminPort: number;
  readonly seed: number | undefined;
  readonly symbols: number | undefined;
  readonly speed: number | undefined;
  readonly date: DateNumber | undefined;
  /** Time of day in New York at which the market begins, as 11:00. */
  readonly at: string | undefined;
  readonly plan: 'basic' | 'plus';
  readonly key: string;
  readonly secret: string;
  /** Seconds without a client after which it ends by itself; 0 for never. */
  readonly idleExitS: number;
}

export interface StopOptions extends VerbOptions {
  /** Close every position first. */
  readonly isFlattening: boolean;
  /** Leave open orders working; undefined: as configured. */
  readonly isKeepingOrders: boolean | undefined;
}

export interface ReplayOptions extends VerbOptions {
  readonly path: string;
  readonly date: DateNumber | undefined;
  readonly history: string | undefined;
  /** Market seconds in one of ours; 0 for as fast as it goes. */
  readonly pace: number;
}

export interface SessionOptions extends VerbOptions {
  /** An id, or a beginning that only one session has; undefined for the last. */
  readonly session: string | undefined;
}

export interface ParityOptions extends VerbOptions {
  readonly left: string;
  readonly right: string;
  /** What only a recovery caused counts too. */
  readonly isStrict: boolean;
}

export interface ExplainOptions extends SessionOptions {
  readonly target: string;
}

export interface LogsOptions extends SessionOptions {
  readonly level: LogLevel | undefined;
  readonly eventName: string | undefined;
  readonly linesMax: number;
}

export interface ConfigShowOptions extends VerbOptions {
  readonly profile: Profile;
  /** Every setting, not only those that some file of the profile or the user sets. */
  readonly isResolved: boolean;
  readonly isRedacted: boolean;
}

export interface IndicatorsOptions extends VerbOptions {
  /** As it was typed: a name, a label or a call; undefined for all. */
  readonly name: string | undefined;
  readonly family: IndicatorFamily | undefined;
  readonly isMarkdown: boolean;
}

export interface FeaturesOptions extends VerbOptions {
  /** One of them, to be told whole. */
  readonly name: string | undefined;
  /** Undefined: the registry is listed. */
  readonly row: FeatureRowOptions | undefined;
}

/** Files of a user's own from which features learn what no market tells. */
export interface FactFileOptions {
  /** A folder of series as FRED writes them. */
  readonly macro: string | undefined;
  /** An index by days for each name: `VIX`. */
  readonly indices: readonly (readonly [name: string, path: string])[];
  readonly earnings: string | undefined;
  readonly fundamentals: string | undefined;
  readonly news: string | undefined;
  readonly sectors: string | undefined;
}

export interface FeatureRowOptions {
  readonly symbol: string;
  /** The moment, as it was typed. */
  readonly at: string;
  /** A recording of a market, or the folder of a session. */
  readonly source: string;
  /** Only this New York date of a recording. */
  readonly date: DateNumber | undefined;
  /** Features up to this layer; not asked where names are given. */
  readonly layer: number;
  readonly names: readonly string[] | undefined;
  /** A stored layout, instead of names or a layer. */
  readonly layout: string | undefined;
  /** Daily bars before the recording. */
  readonly history: string | undefined;
  readonly files: FactFileOptions;
}

export interface OperatorOptions extends VerbOptions {
  readonly verb: Command['verb'];
  /** For the verbs about one symbol, as it was typed. */
  readonly symbol: string | undefined;
  readonly reason: string;
  /** Who gave the command. */
  readonly by: string;
}

/**
 * What `strata` does. A verb writes its own result and answers the exit code; it rejects only with
 * what went wrong, which the program tells. `main.ts` fills the table.
 */
export interface Verbs {
  demo(options: DemoOptions): Promise<ExitCode>;
  /** A session in the time of the world, over sockets. */
  trade(options: TradeOptions): Promise<ExitCode>;
  /** The embedded venue alone, until it is told to end. */
  venue(options: VenueOptions): Promise<ExitCode>;
  replay(options: ReplayOptions): Promise<ExitCode>;
  verify(options: SessionOptions): Promise<ExitCode>;
  parity(options: ParityOptions): Promise<ExitCode>;
  explain(options: ExplainOptions): Promise<ExitCode>;
  actors(options: SessionOptions): Promise<ExitCode>;
  status(options: VerbOptions): Promise<ExitCode>;
  doctor(options: VerbOptions): Promise<ExitCode>;
  logs(options: LogsOptions): Promise<ExitCode>;
  configShow(options: ConfigShowOptions): Promise<ExitCode>;
  indicators(options: IndicatorsOptions): Promise<ExitCode>;
  features(options: FeaturesOptions): Promise<ExitCode>;
  /** halt, resume, flatten, cancelAll, ban, unban, handsOff, handsOn. */
  operate(options: OperatorOptions): Promise<ExitCode>;
  stop(options: StopOptions): Promise<ExitCode>;
  /** What is kept of the past: looked at, moved, brought back, saved. */
  store(options: StoreOptions): Promise<ExitCode>;
  /** Policies of the registry, and of the engine that runs. */
  policy(options: PolicyOptions): Promise<ExitCode>;
  /** Trains models out of a market, and keeps them with their cards. */
  train(options: TrainOptions): Promise<ExitCode>;
  /** Which models there are, or the card of one. */
  models(options: ModelsOptions): Promise<ExitCode>;
  query(options: QueryOptions): Promise<ExitCode>;
  exportRows(options: ExportOptions): Promise<ExitCode>;
  /** What the engine costs on this machine. */
  bench(options: BenchOptions): Promise<ExitCode>;
}
