import type { ActorNode as ServiceNode } from '../../actors/services/tree-view.ts';
import type { ActorNode, ActorState } from '../../cli/actors.ts';

/** The groups of services as `strata actors` prints them; the engine's branch is the kernel's. */
export function groupsOf(root: ServiceNode): readonly ActorNode[] {
  return root.children.filter(({ role }) => role === 'supervisor').map(nodeOf);
}

function nodeOf(node: ServiceNode): ActorNode {
  const { name, role, restarts, children } = node;
  return {
    name,
    state: stateOf(node.state),
    crashes: restarts,
    rows: role === 'supervisor' ? 0 : 1,
    rowsOut: 0,
    note: noteOf(node),
    children: children.map(nodeOf),
  };
}

function stateOf(state: string): ActorState {
  if (state === 'up') return 'running';
  if (state === 'down' || state === 'failed') return 'quarantined';
  return state === 'stopped' ? 'ended' : 'degraded';
}

function noteOf({
  role,
  state,
  reason,
  lastError,
  inFlight,
  queued,
  hanging,
}: ServiceNode): string {
  if (role === 'supervisor') return '';
  const said = [
    ...(state === 'up' ? [] : [state, reason ?? lastError ?? '']),
    ...(inFlight + queued > 0 ? [`${inFlight} under way, ${queued} waiting`] : []),
    ...hanging.map((what) => `${what} hangs`),
  ];
  return said.filter((text) => text !== '').join(', ');
}
