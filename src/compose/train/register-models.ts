import type { ModelCard } from '../../models/artefact/card.ts';
import { openRegistry, type RegistryPlace } from '../registry-feed/open-registry.ts';
import { holderText } from '../store-claim.ts';

export interface KeptModel {
  readonly card: ModelCard;
  readonly folder: string;
}

/**
 * Writes models into the registry as candidates. What is there already stays as it stands. The
 * models are kept and can be used without it, so what goes wrong is told and ends nothing.
 *
 * @returns what a person should know.
 */
export async function registerModels(
  place: RegistryPlace,
  kept: readonly KeptModel[],
): Promise<readonly string[]> {
  if (kept.length === 0) return [];
  const isEmbedded = place.config.store.relational.kind === 'embedded';
  const holder = isEmbedded ? await holderText(place.dataDir) : undefined;
  if (holder !== undefined) {
    return [`not written into the registry: it is held by ${holder}`];
  }
  const registry = openRegistry(place);
  const notes: string[] = [];
  try {
    for (const { card } of kept) {
      const decided = await registry.models.register({
        modelId: card.version,
        type: card.name,
        version: card.version,
        digest: card.file.sha256,
        layoutHash: card.input.layoutHash,
        detail: JSON.stringify(detailOf(card)),
        createdUs: card.madeUs,
        by: 'train',
        reason: card.metrics.verdict,
      });
      if (decided.kind === 'refused') notes.push(`${card.version}: ${decided.reason}`);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    notes.push(`not written into the registry: ${why}`);
  } finally {
    await registry.close();
  }
  return notes;
}

function detailOf({ family, purpose, contentHash, data, metrics }: ModelCard) {
  const figures = metrics.table[0]?.figures ?? {};
  return {
    family,
    purpose,
    contentHash,
    dataHash: data.hash,
    verdict: metrics.verdict,
    isBetter: metrics.beatsBaselines,
    figures,
  };
}
