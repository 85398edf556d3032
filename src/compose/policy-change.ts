import { parseJson } from '../core/json.ts';
import type { Decided } from '../ports/relational/decided.ts';
import type { PolicyChange, PolicyRegistry, PolicyVersion } from '../ports/relational/policies.ts';
import type { Input } from '../ports/input.ts';
import type { Command as Request } from '../store/journal/control-line.ts';

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
  enter: (input: Input) => boolean | Promise<boolean>,
): Promise<PolicyChanged> {
  const fault = policyFault(change);
  if (fault !== undefined) return { kind: 'refused', code: 'STATUS_FORBIDS', reason: fault };
  const decided = await policies.change(change);
  if (decided.kind === 'refused' || (await enter(policyInput(decided.value)))) return decided;
  return { kind: 'late', why: 'too much waits: the next session begins with it' };
}

/** What a session hears before anything else of the world: every policy that there is. */
export async function currentPolicies(policies: PolicyRegistry): Promise<readonly Input[]> {
  return (await policies.current()).map(policyInput);
}

export function policyInput({ changeId, name, version, value, by, reason }: PolicyVersion): Input {
  return { kind: 'policyChanged', changeId, name, version, value, by, reason };
}

/** What a running engine is asked by, over its control channel. */
export const POLICY_VERB = 'policy';

/** A change as the control channel brings it; undefined for what is none. */
export function policyOf(request: Request): Input | undefined {
  const [changeId, name, value, by, reason] = FIELDS.map((field) => request[field]);
  const { version } = request;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
    return undefined;
  if (version > VERSION_MAX || typeof changeId !== 'string' || typeof name !== 'string') {
    return undefined;
  }
  if (typeof value !== 'string' || typeof by !== 'string' || typeof reason !== 'string') {
    return undefined;
  }
  const change = { changeId, name, value, by, reason };
  if (policyFault(change) !== undefined) return undefined;
  return { kind: 'policyChanged', ...change, version };
}

const FIELDS = ['changeId', 'name', 'value', 'by', 'reason'] as const;
/** What the column of the registry holds. */
const VERSION_MAX = 2_147_483_647;

/** What the journal could not carry, or nobody could read. */
function policyFault(change: Omit<PolicyChange, 'after' | 'atUs'>): string | undefined {
  const { value, changeId, name, by, reason } = change;
  if (parseJson(value) === undefined) return 'the value is no JSON';
  const texts = [value, changeId, name, by, reason];
  if (texts.some((text) => /\p{Surrogate}/u.test(text))) return 'a text of it is not well-formed';
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return bytes > POLICY_BYTES_MAX
    ? `it has ${bytes} bytes, more than ${POLICY_BYTES_MAX}`
    : undefined;
}
