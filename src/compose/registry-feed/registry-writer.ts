import type { Decided } from '../../ports/relational/decided.ts';
import type { RelationalStore } from '../../ports/relational/store.ts';
import type { Listing, Move } from '../../ports/relational/symbols.ts';
import type { SessionDescription } from '../../ports/session-reader.ts';
import type { NotedMove, RegistryNotes } from './registry-notes.ts';

export interface Refusals {
  /** What the registry did not take, as it contradicts what it has. */
  count: number;
  first: string | undefined;
}

/** Nobody told since when a name has been a security's: since ever, as far as we know. */
const SINCE_EVER_US = 0;
/** In one statement. */
const PART_MAX = 2_000;
/** Past this the rest is not tried: something else is wrong. */
const REFUSED_MAX = 100;
const FAR_US = Number.MAX_SAFE_INTEGER;

/**
 * Writes what was noted of a session, in large statements. All of it may be sent again after a
 * failure: what is there already changes nothing.
 */
export class RegistryWriter {
  readonly refusals: Refusals = { count: 0, first: undefined };
  readonly #registry: RelationalStore;
  readonly #ids = new Map<string, string>();
  readonly #groups = new Map<string, Set<string>>();

  constructor(registry: RelationalStore) {
    this.#registry = registry;
  }

  async describe(session: SessionDescription): Promise<void> {
    this.#heard(await this.#registry.sessions.record(session));
  }

  /** Takes off the notes what is safe. */
  async write(notes: RegistryNotes): Promise<void> {
    try {
      await this.#write(notes);
    } catch (error) {
      // Whether the last part was done is not known: who is in is asked again.
      this.#groups.clear();
      throw error;
    }
  }

  /** Who was in a layer before the session, and is not at its end, has left. */
  async finish(notes: RegistryNotes, { sessionId, startedUs }: SessionDescription): Promise<void> {
    const later = await this.#registry.sessions.list({ fromUs: startedUs + 1, limit: 1 });
    if (later.length > 0) return; // A newer session knows better who is in.
    const reason = `not in it when ${sessionId} ended`;
    const atUs = notes.endedUs;
    for (const layer of notes.layers) {
      const stayed = new Set([...(notes.membersOf(layer) ?? [])].map((name) => this.#idOf(name)));
      const group = groupOf(layer);
      const left = [...(await this.#membersOf(group))].filter((id) => !stayed.has(id));
      const moves = left.map((securityId): Move => {
        return { securityId, group, direction: 'leave', atUs, reason };
      });
      for (let from = 0; from < moves.length; from += PART_MAX) {
        await this.#move(moves.slice(from, from + PART_MAX));
      }
    }
  }

  async #write(notes: RegistryNotes): Promise<void> {
    while (notes.names.length > 0) {
      const part = notes.names.slice(0, PART_MAX);
      await this.#introduce(part.map(listingOf));
      notes.names.splice(0, part.length);
    }
    while (notes.moves.length > 0) {
      const part = notes.moves.slice(0, PART_MAX);
      await this.#move(await this.#changes(part));
      notes.moves.splice(0, part.length);
    }
  }

  async #introduce(listings: readonly Listing[]): Promise<void> {
    const { symbols } = this.#registry;
    await this.#sift(
      listings,
      (part) => symbols.introduce(part),
      async ({ name }, reason) => {
        // Renamed since, or listed otherwise by somebody who knows more: it is that one.
        const known = await symbols.called(name, FAR_US);
        if (known === undefined) return reason;
        this.#ids.set(name, known);
        return undefined;
      },
    );
  }

  /** The moves that change something: a session begins with nobody in, and the registry may not. */
  async #changes(noted: readonly NotedMove[]): Promise<readonly Move[]> {
    const moves: Move[] = [];
    for (const { name, layer, isMember, atUs, reason } of noted) {
      const group = groupOf(layer);
      const members = await this.#membersOf(group);
      const securityId = this.#idOf(name);
      if (isMember === members.has(securityId)) continue;
      if (isMember) members.add(securityId);
      else members.delete(securityId);
      const direction = isMember ? 'enter' : 'leave';
      moves.push({ securityId, group, direction, atUs, reason });
    }
    return moves;
  }

  async #move(moves: readonly Move[]): Promise<void> {
    if (moves.length === 0) return;
    const { symbols } = this.#registry;
    const decided = await symbols.move(moves);
    if (decided.kind === 'done') return;
    // Some of it may be there already, from before a crash or a failure.
    await this.#sift(
      await this.#newer(moves),
      (part) => symbols.move(part),
      async (_move, reason) => reason,
    );
  }

  /** Those after the last that is known of their security in their group. */
  async #newer(moves: readonly Move[]): Promise<readonly Move[]> {
    const last = new Map<string, number>();
    for (const securityId of new Set(moves.map((move) => move.securityId))) {
      for (const { group, fromUs, untilUs } of await this.#registry.symbols.stays(securityId)) {
        const key = `${group} ${securityId}`;
        last.set(key, Math.max(last.get(key) ?? 0, untilUs ?? fromUs));
      }
    }
    return moves.filter(
      ({ group, securityId, atUs }) => atUs > (last.get(`${group} ${securityId}`) ?? -1),
    );
  }

  /** In halves, until what is refused stands alone: one contradiction must not cost the rest. */
  async #sift<Item>(
    items: readonly Item[],
    ask: (part: readonly Item[]) => Promise<Decided<void>>,
    alone: (item: Item, reason: string) => Promise<string | undefined>,
  ): Promise<void> {
    const [item] = items;
    if (item === undefined) return;
    if (this.refusals.count >= REFUSED_MAX) {
      this.refusals.count += items.length;
      return;
    }
    const decided = await ask(items);
    if (decided.kind === 'done') return;
    if (items.length === 1) {
      const reason = await alone(item, decided.reason);
      if (reason !== undefined) this.#refused(reason);
      return;
    }
    const half = Math.ceil(items.length / 2);
    await this.#sift(items.slice(0, half), ask, alone);
    await this.#sift(items.slice(half), ask, alone);
  }

  async #membersOf(group: string): Promise<Set<string>> {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    const members = await this.#registry.symbols.members(group, FAR_US);
    const ids = new Set(members.map(({ securityId }) => securityId));
    this.#groups.set(group, ids);
    return ids;
  }

  /** A security that was first known by this name, but for those that others know better. */
  #idOf(name: string): string {
    return this.#ids.get(name) ?? name;
  }

  #heard(decided: Decided<void>): void {
    if (decided.kind === 'refused') this.#refused(decided.reason);
  }

  #refused(reason: string): void {
    this.refusals.count += 1;
    this.refusals.first ??= reason;
  }
}

function groupOf(layer: number): string {
  return `layer-${layer}`;
}

function listingOf({ name, assetClass }: RegistryNotes['names'][number]): Listing {
  return { securityId: name, name, assetClass, fromUs: SINCE_EVER_US };
}
