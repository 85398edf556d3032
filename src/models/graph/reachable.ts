import type { Graph, GraphNode } from './graph.ts';

/** The graph without the nodes that no output needs; the rest keeps its order. */
export function reachable(graph: Graph): Graph {
  const { nodes } = graph;
  const needed = new Uint8Array(nodes.length);
  for (const { id } of [...graph.outputs, ...graph.inputs, ...graph.parameters]) needed[id] = 1;
  for (let id = nodes.length - 1; id >= 0; id -= 1) {
    if (needed[id] === 1) for (const input of nodes[id]?.inputs ?? []) needed[input] = 1;
  }
  const places = new Int32Array(nodes.length);
  const kept: GraphNode[] = [];
  for (const node of nodes) {
    if (needed[node.id] !== 1) continue;
    const inputs = node.inputs.map((input) => places[input] ?? 0);
    places[node.id] = kept.length;
    kept.push({ ...node, id: kept.length, inputs });
  }
  const renumber = <T extends { readonly id: number }>(values: readonly T[]): T[] =>
    values.map((value) => ({ ...value, id: places[value.id] ?? 0 }));
  return {
    name: graph.name,
    nodes: kept,
    inputs: renumber(graph.inputs),
    parameters: renumber(graph.parameters),
    outputs: renumber(graph.outputs),
  };
}
