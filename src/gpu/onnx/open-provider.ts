import type { ExecutionProvider } from '../../ports/inference-backend.ts';
import { InferenceError, messageOf } from '../inference-error.ts';
import { type AdapterVerdict, probeAdapter } from './adapter.ts';
import { type Environment, type MachineView, thisMachine } from './machine-view.ts';
import { type OnnxRuntime, type OnnxSession, openSession } from './runtime.ts';

/** What WebGPU may compute on. It can be sent to a thread. */
export interface AdapterOptions {
  /** WebGPU on a software adapter as well, which is 50 to 130 times slower than the CPU. */
  readonly isSoftwareAllowed?: boolean;
  /** In which Vulkan's own variables may name other drivers. */
  readonly environment?: Environment;
}

/** Where onnxruntime may compute. */
export interface ProviderOptions extends AdapterOptions {
  /** Wanted first to last; `cpu` is tried when none of them opens. */
  readonly executionProviders?: readonly string[];
  /** For tests: another machine, and another module in place of `webgpu`. */
  readonly machine?: MachineView;
  readonly webgpuModule?: string;
}

export interface OpenedProvider {
  readonly session: OnnxSession;
  readonly provider: string;
  /** What was wanted before it, and why it is not that. */
  readonly fellBack?: string;
}

/** The first provider that opens the model. */
export async function openProvider(
  onnx: OnnxRuntime,
  model: Uint8Array,
  options: ProviderOptions & { readonly hasOneSize?: boolean },
): Promise<OpenedProvider> {
  const { executionProviders: wanted = [], hasOneSize = false } = options;
  const failures: string[] = [];
  for (const provider of new Set([...wanted, 'cpu'])) {
    const refusal = await refusalOf(provider, options);
    if (refusal !== undefined) {
      failures.push(`${provider}: ${refusal}`);
      continue;
    }
    try {
      const session = await openSession(onnx, model, { provider, hasOneSize });
      const fellBack = failures.join('; ');
      return { session, provider, ...(fellBack === '' ? {} : { fellBack }) };
    } catch (error) {
      failures.push(`${provider}: ${messageOf(error)}`);
    }
  }
  throw new InferenceError('ONNX_FAILED', `no session opens: ${failures.join('; ')}`);
}

/** Why a provider is not even tried. */
export async function refusalOf(
  provider: string,
  options: ProviderOptions,
): Promise<string | undefined> {
  if (provider !== WEBGPU || options.isSoftwareAllowed === true) return undefined;
  const { isHardware, evidence } = await adapterFor(options);
  return isHardware ? undefined : `refused, since ${evidence}`;
}

export function adapterFor(options: ProviderOptions): Promise<AdapterVerdict> {
  const machine = options.machine ?? thisMachine(options.environment);
  return probeAdapter(machine, options.webgpuModule);
}

const WEBGPU: ExecutionProvider = 'webgpu';
