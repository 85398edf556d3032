import type { MachineView } from './machine-view.ts';
import { askWebgpu } from './webgpu-adapter.ts';

/** Whether WebGPU would compute on a graphics card, and what says so. */
export interface AdapterVerdict {
  readonly isHardware: boolean;
  readonly evidence: string;
}

/**
 * onnxruntime takes any Vulkan driver that is there, a software one as well, and is then 50 to 130
 * times slower than on the CPU, without a word. So the adapter is looked at first.
 *
 * Where a user has the package `webgpu` (it is never a dependency of ours), the adapter is asked
 * itself. Elsewhere a driver for a card and the device of that card must both be there: Mesa brings
 * the drivers of all cards to machines that have none.
 */
export async function probeAdapter(
  machine: MachineView,
  webgpuModule?: string,
): Promise<AdapterVerdict> {
  const asked = await askWebgpu(webgpuModule);
  if (asked === undefined) return adapterOf(machine);
  if (asked.kind === 'none') {
    return { isHardware: false, evidence: 'the package webgpu finds no adapter' };
  }
  const { vendor, architecture, description } = asked;
  const named = [vendor, architecture, description].filter((word) => word !== '').join(', ');
  const kind = asked.isSoftware ? 'software' : 'hardware';
  const evidence = `the package webgpu finds a ${kind} adapter: ${named}`;
  return { isHardware: !asked.isSoftware, evidence };
}

/** What the machine's files say. */
export function adapterOf(machine: MachineView): AdapterVerdict {
  switch (machine.platform) {
    case 'linux':
      return ofLinux(machine);
    case 'darwin':
      return { isHardware: true, evidence: 'macOS has Metal' };
    default:
      return { isHardware: false, evidence: `how to tell on ${machine.platform} is not known` };
  }
}

/** Drivers by what their manifests say, and the drivers of the kernel that a card of theirs has. */
const DRIVERS: readonly (readonly [manifest: RegExp, card: RegExp])[] = [
  [/nvidia/i, /^nvidia$/],
  [/nouveau|nvk/i, /^(?:nouveau|nova)$/],
  [/radeon|amdvlk|amd_icd|amdgpu/i, /^(?:amdgpu|radeon)$/],
  [/intel/i, /^(?:i915|xe)$/],
  [/freedreno|turnip/i, /^msm/],
  [/panfrost|panvk/i, /^pan(?:frost|thor)$/],
  [/broadcom|v3dv/i, /^v3d/],
  [/asahi/i, /^asahi$/],
  [/dzn/i, /^dxg$/],
];
const SOFTWARE = /lvp|llvmpipe|swiftshader|softpipe/i;

interface Driver {
  readonly name: string;
  readonly isSoftware: boolean;
  /** Of the kernel. Nothing where the driver is not known: a virtual one may have any host. */
  readonly card: RegExp | undefined;
}

function ofLinux(machine: MachineView): AdapterVerdict {
  const drivers = driversOf(machine);
  const names = drivers.map(({ name }) => name).join(', ');
  if (drivers.length === 0) return { isHardware: false, evidence: 'there is no Vulkan driver' };
  const devices = devicesOf(machine);
  for (const { name, card } of drivers) {
    const device = devices.find(({ driver }) => card?.test(driver) === true);
    if (device === undefined) continue;
    return { isHardware: true, evidence: `the Vulkan driver ${name} and ${device.path}` };
  }
  const isAllSoftware = drivers.every(({ isSoftware }) => isSoftware);
  const evidence = isAllSoftware
    ? `the only Vulkan driver computes in software: ${names}`
    : `there is no card for the Vulkan drivers ${names}`;
  return { isHardware: false, evidence };
}

// Where the loader looks: https://github.com/KhronosGroup/Vulkan-Loader/blob/main/docs/
// LoaderDriverInterface.md, "Driver Discovery".
const DRIVER_FOLDERS = [
  '/etc/xdg/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/etc/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/usr/local/nvidia/share/vulkan/icd.d',
  '/usr/share/vulkan/icd.d',
] as const;

function driversOf(machine: MachineView): readonly Driver[] {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES, VK_ADD_DRIVER_FILES } = machine.environment;
  const instead = pathsIn(VK_DRIVER_FILES ?? VK_ICD_FILENAMES);
  const usual = () =>
    DRIVER_FOLDERS.flatMap((folder) => machine.list(folder).map((name) => `${folder}/${name}`));
  const paths = [...pathsIn(VK_ADD_DRIVER_FILES), ...(instead.length > 0 ? instead : usual())];
  return paths
    .filter((path) => path.endsWith('.json'))
    .flatMap((path): Driver[] => {
      const manifest = machine.read(path);
      if (manifest === undefined) return [];
      const name = path.slice(path.lastIndexOf('/') + 1);
      const text = `${name} ${manifest}`;
      const isSoftware = SOFTWARE.test(text);
      const known = DRIVERS.find(([wanted]) => wanted.test(text));
      return [{ name, isSoftware, card: isSoftware ? undefined : known?.[1] }];
    });
}

function pathsIn(text: string | undefined): readonly string[] {
  return (text ?? '').split(':').filter((path) => path !== '');
}

interface Device {
  readonly path: string;
  readonly driver: string;
}

function devicesOf(machine: MachineView): readonly Device[] {
  const own = machine.list('/dev').flatMap((name): Device[] => {
    const driver = /^(nvidia)\d+$|^(dxg)$/.exec(name);
    return driver === null ? [] : [{ path: `/dev/${name}`, driver: driver[1] ?? driver[2] ?? '' }];
  });
  const nodes = machine.list('/dev/dri').flatMap((name): Device[] => {
    if (!name.startsWith('renderD')) return [];
    const said = machine.read(`/sys/class/drm/${name}/device/uevent`) ?? '';
    const driver = /^DRIVER=(.*)$/m.exec(said)?.[1];
    return driver === undefined ? [] : [{ path: `/dev/dri/${name}`, driver }];
  });
  return [...own, ...nodes];
}
