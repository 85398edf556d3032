import { present } from '../../core/assert.ts';
import { outputId } from '../autodiff/gradients.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { parameterCount, parameterPlaces } from '../graph/parameters.ts';
import { transcribe } from '../graph/transcribe.ts';
import { adam, type OptimiserOptions } from './adam.ts';

const LOSS = 'loss';

/**
 * One step of training as a graph: forward, backward, and the step of the optimiser.
 *
 * The parameters are one flat vector, and so are the moments: inputs `P`, `M` and `V`, outputs
 * `P2`, `M2` and `V2`. Further inputs are `rate`, `correction1` and `correction2` (1 - beta^step),
 * each of one number, and those of the graph; further outputs those of the graph and
 * `gradientNorm`, which is of the gradient before it is clipped.
 */
export function trainingGraph(graph: Graph, options: OptimiserOptions): Graph {
  const count = parameterCount(graph);
  if (count === 0) throw new GraphError('GRAPH_GRADIENT', `${graph.name} has nothing to train`);
  const builder = new GraphBuilder(`${graph.name} training`);
  const flat = (name: string) => builder.input(name, [count]);
  const state = { parameters: flat('P'), first: flat('M'), second: flat('V') };
  const single = (name: string) => builder.input(name, [1]);
  const rates = {
    rate: single('rate'),
    correction1: single('correction1'),
    correction2: single('correction2'),
  };
  const places = parameterPlaces(graph);
  const parameters: Tensor[] = [];
  const values = transcribe(graph, builder, {
    parameter: ({ shape }, index) => {
      // A slice for each: one Split of all has more outputs than WebGPU binds.
      const { at, length } = present(places[index], 'the place of a parameter');
      const own = builder.slice(state.parameters, { axis: 0, start: at, end: at + length });
      const made = builder.reshape(own, shape);
      parameters.push(made);
      return made;
    },
  });
  const loss = values.at(outputId(graph, LOSS));
  const parts = differentiate(builder, loss, parameters).map((gradient, index) =>
    builder.reshape(gradient, [present(places[index], 'the place of a parameter').length]),
  );
  const gradient = builder.concat(parts, 0);
  const step = adam(builder, { gradient, ...state, ...rates }, options);
  for (const { name, id } of graph.outputs) builder.output(name, values.at(id));
  builder.output('P2', step.parameters);
  builder.output('M2', step.first);
  builder.output('V2', step.second);
  builder.output('gradientNorm', step.norm);
  return builder.build();
}
