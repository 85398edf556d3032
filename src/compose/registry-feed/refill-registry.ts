import { plural } from '../../cli/figures.ts';
import type { Disk } from '../../ports/disk.ts';
import { readJournal } from '../../store/journal/journal-reader.ts';
import { journalFolder } from '../../store/journal/segment-names.ts';
import type { SessionFile } from '../session-files.ts';
import { openRegistry, type RegistryPlace } from './open-registry.ts';
import { RegistryNotes } from './registry-notes.ts';
import { RegistryWriter } from './registry-writer.ts';
import { descriptionOf } from './session-registry.ts';

export interface RegistryRefilled {
  readonly names: number;
  readonly moves: number;
  /** What contradicts what the registry has. */
  readonly refused: number;
  readonly lines: readonly string[];
}

/** Tells the registries of a session from its journal; what they know of it already stays. */
export async function refillRegistry(
  disk: Disk,
  file: SessionFile,
  place: RegistryPlace,
  isApplied: boolean,
): Promise<RegistryRefilled> {
  const notes = new RegistryNotes(file);
  readJournal(disk, journalFolder(file.sessionId), (record) => notes.retell(record));
  const names = notes.names.length;
  const moves = notes.moves.length;
  const { count, first } = isApplied ? await write(notes, file, place) : NOTHING;
  const verb = isApplied ? 'told' : 'to tell';
  const refused = count + notes.lost;
  return {
    names,
    moves,
    refused,
    lines: [
      `registries: ${plural(names, 'symbol')}, ${plural(moves, 'move')} between layers ${verb}`,
      ...(refused > 0 ? [`${plural(refused, 'entry', 'entries')} not taken: ${first ?? ''}`] : []),
    ],
  };
}

const NOTHING: RegistryWriter['refusals'] = { count: 0, first: undefined };

async function write(
  notes: RegistryNotes,
  file: SessionFile,
  place: RegistryPlace,
): Promise<RegistryWriter['refusals']> {
  const registry = openRegistry(place);
  try {
    const writer = new RegistryWriter(registry);
    const began = descriptionOf(file);
    const { ended } = file;
    await writer.write(notes);
    // Of one that was killed nobody knows who was in a layer when it would have ended.
    if (ended !== undefined) await writer.finish(notes, began);
    await writer.describe(ended === undefined ? began : { ...began, ended });
    return writer.refusals;
  } finally {
    await registry.close();
  }
}
