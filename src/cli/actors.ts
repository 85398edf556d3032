import type { SessionView } from './session-view.ts';
import { onOneLine, type Paint, painter, type Style } from './terminal-text.ts';
import { plural } from './figures.ts';

/** `ended` and, where it was killed, `stopped` are what ran well in a session that is over. */
export type ActorState = 'running' | 'degraded' | 'stopped' | 'quarantined' | 'ended';

/** A place in the one supervision tree. */
export interface ActorNode {
  readonly name: string;
  readonly state: ActorState;
  readonly crashes: number;
  /** Rows of a family; 1 for a single actor, 0 for one that only supervises. */
  readonly rows: number;
  readonly rowsOut: number;
  /** Why it is in this state, where it says. */
  readonly note: string;
  readonly children: readonly ActorNode[];
}

/** A kernel actor as the running engine reports it, or as a view knows it. */
export interface KernelActor {
  readonly name: string;
  readonly rows: number;
  readonly rowsOut: number;
  readonly isOut: boolean;
  readonly crashes: number;
}

export interface ServiceActor {
  readonly name: string;
  readonly state: 'up' | 'down' | 'degraded' | 'overloaded';
  readonly note: string;
}

/** Under the root in this order, whether they have been heard of or not. */
const SERVICES = ['market', 'broker', 'inference', 'stores'] as const;

/** root -> services and `engine`; under `engine` the kernel's actors. */
export function supervisionTree(
  services: readonly ServiceActor[],
  kernel: readonly KernelActor[],
): ActorNode {
  const engine = branch('engine', kernel.map(kernelNode));
  const known = SERVICES.map(
    (name) =>
      services.find((one) => one.name === name) ?? ({ name, state: 'up', note: '' } as const),
  );
  const others = services.filter(({ name }) => !known.some((one) => one.name === name));
  return branch('strata', [...[...known, ...others].map(serviceNode), engine]);
}

/** The same with groups of services as their supervisor tells of them. */
export function supervisedTree(
  groups: readonly ActorNode[],
  kernel: readonly KernelActor[],
): ActorNode {
  return branch('strata', [...groups, branch('engine', kernel.map(kernelNode))]);
}

/** The tree of a session that is over, from what it recorded. Nothing of it runs any more. */
export function treeOfView(view: SessionView, isEnded: boolean): ActorNode {
  const { actors, services } = view.health;
  const kernel = [...actors.values()].map(({ name, crashes, quarantined }) => ({
    name,
    rows: 1,
    rowsOut: [...quarantined.keys()].filter((row) => row >= 0).length,
    isOut: quarantined.has(-1),
    crashes,
  }));
  // The journal's disk and the stores hang in one branch.
  const heard = [...services].map(([name, { state, reason }]) => ({
    name: name === 'store' ? 'stores' : name,
    state,
    note: state === 'up' ? '' : reason,
  }));
  return over(supervisionTree(heard, kernel), isEnded ? 'ended' : 'stopped');
}

/** What was out or degraded is shown as it was left; who supervised it is over all the same. */
function over(node: ActorNode, end: 'ended' | 'stopped'): ActorNode {
  const isLeft = node.children.length === 0 && node.state !== 'running';
  const children = node.children.map((child) => over(child, end));
  return { ...node, state: isLeft ? node.state : end, children };
}

export function renderActors(root: ActorNode, options: { readonly isColoured: boolean }): string {
  const paint = painter(options.isColoured);
  const lines = [nodeLine(root, 0, paint), ...childLines(root, '', paint)];
  return `${lines.join('\n')}\n`;
}

function childLines({ children }: ActorNode, indent: string, paint: Paint): readonly string[] {
  return children.flatMap((child, at) => {
    const isLast = at === children.length - 1;
    const line = `${indent}${isLast ? '└─ ' : '├─ '}`;
    const below = `${indent}${isLast ? '   ' : '│  '}`;
    return [line + nodeLine(child, line.length, paint), ...childLines(child, below, paint)];
  });
}

const STATE_STYLES: Readonly<Record<ActorState, Style>> = {
  running: 'green',
  degraded: 'yellow',
  stopped: 'red',
  quarantined: 'red',
  ended: 'dim',
};

const NAME_COLUMNS = 30;

function nodeLine(node: ActorNode, indent: number, paint: Paint): string {
  const { name, state, crashes, rows, rowsOut, note } = node;
  const told = [
    ...(rows > 1 ? [plural(rows, 'row')] : []),
    ...(rowsOut > 0 ? [paint(plural(rowsOut, 'row out', 'rows out'), 'red')] : []),
    ...(crashes > 0 ? [paint(plural(crashes, 'crash healed', 'crashes healed'), 'yellow')] : []),
    ...(note === '' ? [] : [onOneLine(note)]),
  ];
  const label = name.padEnd(Math.max(name.length, NAME_COLUMNS - indent));
  return `${label} ${paint(state.padEnd(11), STATE_STYLES[state])} ${told.join(', ')}`.trimEnd();
}

function kernelNode({ name, rows, rowsOut, isOut, crashes }: KernelActor): ActorNode {
  const state = isOut ? 'quarantined' : rowsOut > 0 ? 'degraded' : 'running';
  return { name, state, crashes, rows, rowsOut, note: '', children: [] };
}

function serviceNode({ name, state, note }: ServiceActor): ActorNode {
  const states = {
    up: 'running',
    degraded: 'degraded',
    overloaded: 'degraded',
    down: 'stopped',
  } as const;
  return { name, state: states[state], crashes: 0, rows: 0, rowsOut: 0, note, children: [] };
}

/** A supervisor is as well as the worst below it, but it runs. */
function branch(name: string, children: readonly ActorNode[]): ActorNode {
  const isWell = children.every(({ state }) => state === 'running');
  const crashes = children.reduce((sum, child) => sum + child.crashes, 0);
  const state = isWell ? 'running' : 'degraded';
  return { name, state, crashes, rows: 0, rowsOut: 0, note: '', children };
}
