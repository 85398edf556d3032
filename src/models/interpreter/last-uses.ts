import type { Graph } from '../graph/graph.ts';

export interface LastUses {
  /** The node whose numbers a node shows: itself, but for a new shape of the same numbers. */
  readonly owners: Int32Array;
  /** By owner, the last node that reads its numbers; -1 where they stay. */
  readonly lastUse: Int32Array;
}

export function lastUses(graph: Graph, isStatic: Uint8Array): LastUses {
  const { nodes } = graph;
  const owners = new Int32Array(nodes.length);
  const lastUse = new Int32Array(nodes.length).fill(-1);
  for (const { id, op, inputs } of nodes) {
    const isView = op === 'reshape' || op === 'detach';
    owners[id] = isView ? (owners[inputs[0] ?? 0] ?? 0) : id;
    for (const input of inputs) lastUse[owners[input] ?? 0] = id;
  }
  const stays = (id: number) => {
    lastUse[owners[id] ?? 0] = -1;
  };
  for (const { id } of [...graph.inputs, ...graph.parameters, ...graph.outputs]) stays(id);
  for (const { id } of nodes) if (isStatic[id] === 1) stays(id);
  return { owners, lastUse };
}
