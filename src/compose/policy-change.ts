import { parseJson } from '../core/json.ts';
import type { Decided } from '../ports/relational/decided.ts';
import type { PolicyChange, PolicyRegistry, PolicyVersion } from '../ports/relational/policies.ts';
import type { Input } from '../ports/input.ts';

/** Far below what a record can hold, and far above what a policy has to say. */
export const POLICY_BYTES_MAX = 10_000;

export type PolicyChanged =
  | Decided<PolicyVersion>
  | { readonly kind: 'late'; readonly why: string };

/**
 * A person changes a policy of a running session: first the registry, which says whose change came
 * first, then the kernel, by an input in its journal. `late` where the registry has it and the
 * kernel takes no input now: it hears of it when the next session begins.
 */
export async function changePolicy(
  policies: PolicyRegistry,
  change: PolicyChange,
  enter: (input: Input) => boolean,
): Promise<PolicyChanged> {
  const fault = policyFault(change);
  if (fault !== undefined) return { kind: 'refused', code: 'STATUS_FORBIDS', reason: fault };
  const decided = await policies.change(change);
  if (decided.kind === 'refused' || enter(policyInput(decided.value))) return decided;
  return { kind: 'late', why: 'too much waits: the next session begins with it' };
}

/** What a session hears before anything else of the world: every policy that there is. */
export async function currentPolicies(policies: PolicyRegistry): Promise<readonly Input[]> {
  return (await policies.current()).map(policyInput);
}

export function policyInput({ changeId, name, version, value, by, reason }: PolicyVersion): Input {
  return { kind: 'policyChanged', changeId, name, version, value, by, reason };
}

/** What the journal could not carry, or nobody could read. */
function policyFault(change: PolicyChange): string | undefined {
  const { value, changeId, name, by, reason } = change;
  if (parseJson(value) === undefined) return 'the value is no JSON';
  const texts = [value, changeId, name, by, reason];
  if (texts.some((text) => /\p{Surrogate}/u.test(text))) return 'a text of it is not well-formed';
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes > POLICY_BYTES_MAX
    ? `it has ${bytes} bytes, more than ${POLICY_BYTES_MAX}`
    : undefined;
}
