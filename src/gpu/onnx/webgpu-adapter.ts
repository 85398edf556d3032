import { createRequire } from 'node:module';

/** What the package `webgpu` says of the adapter that a native runtime would be given. */
export type AskedAdapter =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'adapter';
      readonly vendor: string;
      readonly architecture: string;
      readonly description: string;
      readonly isSoftware: boolean;
    };

/** Nothing where the package is not installed, or is not what it was. */
export async function askWebgpu(module = 'webgpu'): Promise<AskedAdapter | undefined> {
  const gpu = openGpu(module);
  if (gpu === undefined) return undefined;
  let adapter: unknown;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch {
    return undefined;
  }
  if (!isObject(adapter)) return { kind: 'none' };
  const info = 'info' in adapter && isObject(adapter.info) ? adapter.info : {};
  const [vendor, architecture, description] = [
    textIn(info, 'vendor'),
    textIn(info, 'architecture'),
    textIn(info, 'description'),
  ];
  const words = `${vendor} ${architecture} ${description}`;
  const isFallback = 'isFallbackAdapter' in info && info.isFallbackAdapter === true;
  const isSoftware = isFallback || /software|swiftshader|llvmpipe|lavapipe|warp/i.test(words);
  return { kind: 'adapter', vendor, architecture, description, isSoftware };
}

interface Gpu {
  requestAdapter(options: { readonly powerPreference: 'high-performance' }): Promise<unknown>;
}

function openGpu(module: string): Gpu | undefined {
  try {
    const loaded: unknown = createRequire(import.meta.url)(module);
    if (!isObject(loaded) || !('create' in loaded) || typeof loaded.create !== 'function') {
      return undefined;
    }
    const gpu: unknown = loaded.create([]);
    return isGpu(gpu) ? gpu : undefined;
  } catch {
    return undefined;
  }
}

function isGpu(value: unknown): value is Gpu {
  return isObject(value) && 'requestAdapter' in value && typeof value.requestAdapter === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function textIn(info: object, key: 'vendor' | 'architecture' | 'description'): string {
  const value: unknown = Reflect.get(info, key);
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
