import { interpret } from '../../models/interpreter/interpreter.ts';
import type { OpenRunner } from '../../models/training/graph-runner.ts';

/** Runs training graphs in plain JavaScript: slower, the same bits on every machine. */
export const openInterpreter: OpenRunner = async (graph) => {
  const interpreter = interpret(graph, { precision: 'single' });
  return {
    runtime: 'plain JavaScript, single precision',
    async run(inputs) {
      const answers = interpreter.run(inputs);
      return new Map([...answers].map(([name, values]) => [name, Float32Array.from(values)]));
    },
    release: async () => undefined,
  };
};
