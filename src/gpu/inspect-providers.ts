import { EXECUTION_PROVIDERS, type ExecutionProvider } from '../ports/inference-backend.ts';
import { GraphBuilder } from '../models/graph/builder.ts';
import { BATCH } from '../models/graph/graph.ts';
import { writeOnnx } from '../models/onnx/write-onnx.ts';
import { messageOf } from './inference-error.ts';
import type { OnnxOptions } from './onnx/onnx-backend.ts';
import { adapterFor, refusalOf } from './onnx/open-provider.ts';
import { loadOnnxRuntime, openSession, runtimeName } from './onnx/runtime.ts';

/** Whether onnxruntime can compute somewhere on this machine, and what says so. */
export interface ProviderFacts {
  readonly provider: ExecutionProvider;
  readonly isReady: boolean;
  readonly why: string;
}

/** Opens a small graph on every provider, but for one that is refused. */
export async function inspectProviders(
  options: OnnxOptions = {},
): Promise<readonly ProviderFacts[]> {
  const facts: ProviderFacts[] = [];
  for (const provider of EXECUTION_PROVIDERS) facts.push(await inspect(provider, options));
  return facts;
}

async function inspect(provider: ExecutionProvider, options: OnnxOptions): Promise<ProviderFacts> {
  const refusal = await refusalOf(provider, options);
  if (refusal !== undefined) return { provider, isReady: false, why: refusal };
  try {
    const onnx = loadOnnxRuntime(options.module);
    const session = await openSession(onnx, smallGraph(), { provider, hasOneSize: true });
    await session.release();
    const where = provider === 'webgpu' ? `: ${(await adapterFor(options)).evidence}` : '';
    return { provider, isReady: true, why: `${runtimeName(onnx, provider)}${where}` };
  } catch (error) {
    const [why = ''] = messageOf(error).split('\n', 1);
    return { provider, isReady: false, why };
  }
}

function smallGraph(): Uint8Array {
  const builder = new GraphBuilder('probe');
  const x = builder.input('x', [BATCH, 2]);
  builder.output('y', builder.mul(x, 2));
  return writeOnnx(builder.build());
}
