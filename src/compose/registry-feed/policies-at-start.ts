import { plural } from '../../cli/figures.ts';
import type { Input } from '../../ports/input.ts';
import { currentPolicies } from '../policy-change.ts';
import { isRegistryMade, openRegistry, type RegistryPlace } from './open-registry.ts';

export interface PoliciesAtStart {
  readonly inputs: readonly Input[];
  /** For people. */
  readonly told: string;
  /** It is not known what people have set. */
  readonly isTrouble: boolean;
  /** Those that came too late for the start. */
  readonly late?: Promise<readonly Input[]>;
}

/**
 * Asks the registry what people have set, while the session's place is got ready; it is let go of
 * before anybody trades. `settle` waits a bounded time more.
 */
export function askPolicies(place: RegistryPlace): { settle(): Promise<PoliciesAtStart> } {
  if (!isRegistryMade(place)) {
    const none = { inputs: [], told: 'no policy was ever set', isTrouble: false };
    return { settle: () => Promise.resolve(none) };
  }
  const { policiesMsMax } = place.config.store.relational;
  const asked = ask(place);
  const answer = asked.then(
    (inputs): PoliciesAtStart => {
      return { inputs, told: plural(inputs.length, 'policy', 'policies'), isTrouble: false };
    },
    (error: unknown): PoliciesAtStart => {
      const why = error instanceof Error ? error.message : String(error);
      return { inputs: [], told: `runs without policies: ${why}`, isTrouble: true };
    },
  );
  return { settle: () => within(answer, policiesMsMax, asked) };
}

async function ask(place: RegistryPlace): Promise<readonly Input[]> {
  const registry = openRegistry(place);
  try {
    return await currentPolicies(registry.policies);
  } finally {
    await registry.close().catch(() => undefined);
  }
}

async function within(
  answer: Promise<PoliciesAtStart>,
  msMax: number,
  asked: Promise<readonly Input[]>,
): Promise<PoliciesAtStart> {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<PoliciesAtStart>((resolve) => {
    const told = `runs without policies: the registry gave no answer within ${msMax} ms`;
    const late = asked.catch(() => []);
    timer = setTimeout(() => resolve({ inputs: [], told, isTrouble: true, late }), msMax);
  });
  try {
    return await Promise.race([answer, slow]);
  } finally {
    clearTimeout(timer);
  }
}
