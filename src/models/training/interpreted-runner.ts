import { interpret } from '../interpreter/interpreter.ts';
import type { Numbers } from '../interpreter/numbers.ts';
import type { GraphRunner, OpenRunner } from './graph-runner.ts';

/**
 * Runs graphs in plain JavaScript, in 32-bit floats: the same bits on every machine, many times
 * slower than a native runtime. For small networks, tests, and where nothing else is installed.
 */
export const openInterpretedRunner: OpenRunner = (graph) => {
  const interpreter = interpret(graph, { precision: 'single' });
  const runner: GraphRunner = {
    runtime: 'plain',
    run: (inputs) => Promise.resolve(singles(interpreter.run(inputs))),
    release: () => Promise.resolve(),
  };
  return Promise.resolve(runner);
};

function singles(outputs: ReadonlyMap<string, Numbers>): ReadonlyMap<string, Float32Array> {
  const made = new Map<string, Float32Array>();
  for (const [name, values] of outputs) {
    made.set(name, values instanceof Float32Array ? values : Float32Array.from(values));
  }
  return made;
}
