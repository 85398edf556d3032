import { z } from 'zod';
import { hashText } from '../../core/hash.ts';
import { ArtefactError } from './artefact-error.ts';
import { CARD_BYTES_MAX } from './card.ts';

/** What is known of a vote among models: its members, and how it did beside each of them. */
export const ENSEMBLE_FORMAT = 'strata-ensemble/1';

const figure = z.number();

const line = z.object({
  name: z.string().max(128),
  /** Decisions of the final test in which it gave a signal. */
  signals: z.int().min(0),
  /** Share of its signals after which the label was 1. */
  hitRate: figure.optional(),
  /** Mean return of a decision: the forward return where there was a signal, else nothing. */
  returnOfDecision: figure,
  /** The vote less it, of the return of a decision, on the same decisions. */
  difference: z
    .object({
      value: figure,
      low: figure.optional(),
      high: figure.optional(),
      level: z.number().gt(0).lt(1),
      blocks: z.int().min(0),
    })
    .optional(),
});

const Ensemble = z.object({
  format: z.literal(ENSEMBLE_FORMAT),
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  contentHash: z.string().regex(/^[0-9a-f]{16}$/),
  members: z
    .array(
      z.object({
        version: z.string().max(80),
        threshold: figure,
        weight: figure,
      }),
    )
    .min(2)
    .max(64),
  votesLeast: z.int().min(1),
  boosts: z.array(figure).min(1).max(64),
  rows: z.int().min(0),
  fromUs: figure,
  toUs: figure,
  /** The vote first, then its members, then what is always in. */
  table: z.array(line).min(1).max(64),
  verdict: z.string().max(4_096),
  isBetter: z.boolean(),
});

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

export type EnsembleCard = DeepReadonly<z.infer<typeof Ensemble>>;
export type EnsembleLine = EnsembleCard['table'][number];

export function ensembleHash(
  card: Pick<EnsembleCard, 'name' | 'members' | 'votesLeast' | 'boosts'>,
): string {
  const members = card.members.map(({ version, threshold, weight }) => {
    return [version, threshold, weight];
  });
  const parts = [ENSEMBLE_FORMAT, card.name, members, card.votesLeast, card.boosts];
  return hashText(JSON.stringify(parts));
}

/** Throws `ArtefactError`, as `parseCard` does. */
export function parseEnsemble(json: string): EnsembleCard {
  if (json.length > CARD_BYTES_MAX) {
    throw new ArtefactError('MODEL_OVERSIZED', `a card of ${json.length} characters is too long`);
  }
  const parsed = Ensemble.safeParse(valueOf(json));
  if (!parsed.success) {
    throw new ArtefactError('MODEL_UNREADABLE', `the card: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  if (ensembleHash(parsed.data) === parsed.data.contentHash) return parsed.data;
  throw new ArtefactError('MODEL_CHANGED', `the card of ${parsed.data.name} was changed`);
}

function valueOf(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch (error) {
    throw new ArtefactError('MODEL_UNREADABLE', 'the card is no JSON', { cause: error });
  }
}
