import type { Author, Decided } from './decided.ts';

/**
 * Model artefacts and which of them is in use. Of a type one at most is `ACTIVE`, and once one has
 * been there is always one: both are rules of the database, whoever writes to it.
 */
export interface ModelRegistry {
  /** As a `CANDIDATE`. The same again answers it as it stands. */
  register(model: NewModel): Promise<Decided<Model>>;
  /**
   * To `SHADOW` or `ACTIVE`. Where `replaces` is given, that one is retired in the same moment;
   * without it a second active model of a type is refused with `ALREADY_ACTIVE`.
   */
  promote(promotion: Promotion): Promise<Decided<Model>>;
  /** The last active model of a type is refused with `SUCCESSOR_MISSING`: promote one over it. */
  retire(retirement: Retirement): Promise<Decided<Model>>;
  find(modelId: string): Promise<Model | undefined>;
  active(type: string): Promise<Model | undefined>;
  /** By type, newest first. */
  list(filter?: ModelFilter): Promise<readonly Model[]>;
  /** What happened to it, oldest first. */
  transitions(modelId: string): Promise<readonly ModelTransition[]>;
  /** Archives what was retired 180 days before that moment; answers how many. */
  archiveRetired(nowUs: number): Promise<number>;
}

export type ModelStatus = 'CANDIDATE' | 'SHADOW' | 'ACTIVE' | 'RETIRED' | 'ARCHIVED';

export interface NewModel extends Author {
  readonly modelId: string;
  /** What it is for: of a type one is active. Such as `momentum`. */
  readonly type: string;
  readonly version: string;
  /** SHA-256 of its file, 64 hex digits: what it is, wherever it lies. */
  readonly digest: string;
  /** Of the features it takes, 16 hex digits. */
  readonly layoutHash: string;
  /** JSON: how it was trained and what it reached. */
  readonly detail: string;
  readonly createdUs: number;
}

export interface Model extends Omit<NewModel, 'by' | 'reason'> {
  readonly status: ModelStatus;
  readonly activeUs?: number;
  readonly retiredUs?: number;
}

export interface Promotion extends Author {
  readonly modelId: string;
  readonly to: 'SHADOW' | 'ACTIVE';
  readonly replaces?: string;
  readonly atUs: number;
}

export interface Retirement extends Author {
  readonly modelId: string;
  /** Becomes the active one in the same moment. */
  readonly successor?: string;
  readonly atUs: number;
}

export interface ModelTransition extends Author {
  readonly modelId: string;
  /** Absent where it was registered. */
  readonly from?: ModelStatus;
  readonly to: ModelStatus;
  readonly atUs: number;
}

export interface ModelFilter {
  readonly type?: string;
  readonly status?: ModelStatus;
}
