/** In place of onnxruntime: one of the modules in `runtimes`. */
export function faultyRuntime(fault: string): string {
  return new URL(`./runtimes/${fault}.cjs`, import.meta.url).pathname;
}
