import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { loadConfig } from '../cli/load-config.ts';
import type { PolicyOptions, PolicySet } from '../cli/policy-options.ts';
import type { Terminal } from '../cli/terminal.ts';
import { parseJson } from '../core/json.ts';
import { MS } from '../core/time.ts';
import { policyFault, RISK_POLICIES } from '../domain/risk/policies.ts';
import type { Input } from '../ports/input.ts';
import type { PolicyRegistry, PolicyVersion } from '../ports/relational/policies.ts';
import { ControlError } from '../store/journal/control-line.ts';
import { askEngine } from '../store/journal/session-lock.ts';
import { boundedText } from './control.ts';
import { changePolicy, POLICY_VERB } from './policy-change.ts';
import { isRegistryMade, openRegistry } from './registry-feed/open-registry.ts';
import type { Environment } from './store-feed/open-store.ts';

interface Said {
  readonly lines: readonly string[];
  readonly json: object;
  readonly exitCode?: ExitCode;
}

/** `strata policy list|set|history`. The registry decides whose change came first. */
export async function policyVerb(
  options: PolicyOptions,
  terminal: Terminal,
  environment: Environment,
): Promise<ExitCode> {
  const { dataDir, profile, config: file, action, isJson } = options;
  const { config } = loadConfig(profile, file);
  const place = { config, dataDir, environment };
  const said =
    action.kind !== 'set' && !isRegistryMade(place)
      ? none(action.kind === 'history' ? action.name : undefined)
      : await asked(place, options);
  if (isJson) terminal.write(`${JSON.stringify(said.json)}\n`);
  else terminal.write(said.lines.map((line) => `${line}\n`).join(''));
  return said.exitCode ?? EXIT_CODES.ok;
}

async function asked(
  place: Parameters<typeof openRegistry>[0],
  { action, dataDir }: PolicyOptions,
): Promise<Said> {
  // What means nothing here is refused before anything is opened for it.
  const value = action.kind === 'set' ? valueOf(action) : '';
  if (action.kind === 'set' && value === undefined) return unreadable(action);
  const registry = openRegistry(place);
  try {
    switch (action.kind) {
      case 'list':
        return listed(await registry.policies.current());
      case 'history':
        return told(action.name, await registry.policies.history(action.name));
      case 'set':
        return await set(registry.policies, { ...action, value: value ?? '' }, dataDir);
    }
  } finally {
    await registry.close();
  }
}

/** JSON as it was typed, or the text as it stands; undefined where neither says anything. */
function valueOf({ name, value }: PolicySet): string | undefined {
  const readings = [...(parseJson(value) === undefined ? [] : [value]), JSON.stringify(value)];
  return readings.find((reading) => policyFault(name, reading) === undefined);
}

function unreadable({ name, value }: PolicySet): Said {
  const fault = policyFault(name, JSON.stringify(value)) ?? '';
  const known = Object.entries(RISK_POLICIES).map(([each, what]) => `  ${each}: ${what}`);
  return {
    lines: [`${name} = ${value} was refused: ${fault}`, 'policies:', ...known],
    json: { isOk: false, reason: fault, policies: RISK_POLICIES },
    exitCode: EXIT_CODES.error,
  };
}

async function set(policies: PolicyRegistry, wish: PolicySet, dataDir: string): Promise<Said> {
  const { name, value } = wish;
  const [current] = await policies.current([name]);
  const after = current?.version ?? 0;
  const atMs = Date.now();
  let engine = '';
  const change = {
    changeId: `${name}-${after + 1}-${atMs.toString(36)}-${process.pid}`,
    name,
    value,
    after,
    atUs: atMs * MS,
    by: boundedText(wish.by),
    reason: boundedText(wish.why),
  };
  const decided = await changePolicy(policies, change, async (input) => {
    const answer = await tellEngine(dataDir, input);
    engine = answer.text;
    return answer.isTaken;
  });
  if (decided.kind === 'refused') {
    const { code, reason } = decided;
    return {
      lines: [`${name} was refused: ${reason}`],
      json: { isOk: false, code, reason },
      exitCode: EXIT_CODES.error,
    };
  }
  const version = after + 1;
  return {
    lines: [`${name} is ${value}, version ${version}; ${engine}`],
    json: { isOk: true, name, version, value, isTold: decided.kind === 'done', engine },
    ...(decided.kind === 'late' ? { exitCode: EXIT_CODES.timeout } : {}),
  };
}

/** No engine is no fault: its next session begins with what the registry has. */
async function tellEngine(
  dataDir: string,
  input: Input,
): Promise<{ readonly isTaken: boolean; readonly text: string }> {
  const { kind: _, ...change } = input;
  try {
    const answer = await askEngine(dataDir, { ...change, verb: POLICY_VERB });
    if (answer['isOk'] === true) {
      return { isTaken: true, text: `taken by session ${String(answer['sessionId'])}` };
    }
    return { isTaken: false, text: `not taken by the engine: ${String(answer['reason'])}` };
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.code === 'ENGINE_NOT_RUNNING') {
      return { isTaken: true, text: 'no engine runs: the next session begins with it' };
    }
    return { isTaken: false, text: `the engine did not say that it took it: ${error.message}` };
  }
}

function listed(policies: readonly PolicyVersion[]): Said {
  const lines = policies.map(
    ({ name, value, version, by, reason, fromUs }) =>
      `${name} is ${value}, version ${version} by ${by} at ${moment(fromUs)}: ${reason}`,
  );
  return { lines: lines.length === 0 ? ['no policy is set'] : lines, json: policies };
}

function told(name: string, versions: readonly PolicyVersion[]): Said {
  if (versions.length === 0) return none(name);
  const lines = versions.map(
    ({ value, version, by, reason, fromUs }) =>
      `${version}  ${moment(fromUs)}  ${value}  by ${by}: ${reason}`,
  );
  return { lines: [name, ...lines], json: versions };
}

function none(name: string | undefined): Said {
  if (name === undefined) return listed([]);
  return { lines: [`${name} was never set`], json: [], exitCode: EXIT_CODES.notFound };
}

function moment(us: number): string {
  return new Date(us / MS).toISOString();
}
