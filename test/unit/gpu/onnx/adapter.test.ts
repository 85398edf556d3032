import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { adapterOf, probeAdapter } from '../../../../src/gpu/onnx/adapter.ts';
import type { MachineView } from '../../../../src/gpu/onnx/machine-view.ts';

const ICD = '/usr/share/vulkan/icd.d';
const LAVAPIPE = { [`${ICD}/lvp_icd.json`]: '{"ICD":{"library_path":"libvulkan_lvp.so"}}' };
const NVIDIA = { '/etc/vulkan/icd.d/nvidia_icd.json': '{"ICD":{"library_path":"libGLX_nvidia"}}' };
/** What Debian's package of Mesa puts on any machine. */
const MESA = {
  ...LAVAPIPE,
  [`${ICD}/intel_icd.json`]: '{"ICD":{"library_path":"libvulkan_intel.so"}}',
  [`${ICD}/radeon_icd.json`]: '{"ICD":{"library_path":"libvulkan_radeon.so"}}',
};

function machine(
  files: Readonly<Record<string, string>>,
  given: Partial<Pick<MachineView, 'platform' | 'environment'>> = {},
): MachineView {
  const paths = Object.keys(files);
  return {
    platform: 'linux',
    environment: {},
    list: (folder) =>
      paths.flatMap((path) =>
        path.slice(0, path.lastIndexOf('/')) === folder
          ? [path.slice(path.lastIndexOf('/') + 1)]
          : [],
      ),
    read: (path) => files[path],
    ...given,
  };
}

function node(driver: string): Readonly<Record<string, string>> {
  return {
    '/dev/dri/renderD128': '',
    '/sys/class/drm/renderD128/device/uevent': `DRIVER=${driver}\nPCI_CLASS=30000\n`,
  };
}

describe('adapterOf', () => {
  it.each([
    ['a card and its driver', { ...MESA, ...node('amdgpu') }, /radeon_icd.json and \/dev\/dri/],
    ['another card and its driver', { ...MESA, ...node('i915') }, /intel_icd.json/],
    ['a card of NVIDIA in a container', { ...NVIDIA, '/dev/nvidia0': '' }, /\/dev\/nvidia0/],
    ['Windows below Linux', { [`${ICD}/dzn_icd.json`]: '{}', '/dev/dxg': '' }, /\/dev\/dxg/],
  ])('takes %s for hardware', (_, files, evidence) => {
    const verdict = adapterOf(machine(files));

    expect(verdict).toEqual({ isHardware: true, evidence: expect.stringMatching(evidence) });
  });

  it.each([
    ['no driver', { '/dev/nvidia0': '' }, 'there is no Vulkan driver'],
    ['drivers for cards that are not there', MESA, /no card for the Vulkan drivers .*intel_icd/],
    ['software alone', LAVAPIPE, /computes in software: lvp_icd.json/],
    ['a card that no driver is for', { ...MESA, ...node('nvidia') }, /no card for/],
    ['a virtual card', { ...MESA, ...node('virtio-pci') }, /no card for/],
    ['a driver that is not known', { [`${ICD}/x.json`]: '{}', ...node('x') }, /no card for/],
  ])('refuses %s', (_, files, evidence) => {
    const verdict = adapterOf(machine(files));

    expect(verdict).toEqual({ isHardware: false, evidence: expect.stringMatching(evidence) });
  });

  it('believes the variables by which Vulkan is given other drivers', () => {
    const files = { ...NVIDIA, '/dev/nvidia0': '', '/opt/lvp_icd.json': 'libvulkan_lvp.so' };
    const instead = { environment: { VK_DRIVER_FILES: '/opt/lvp_icd.json' } };
    const besides = { environment: { VK_ADD_DRIVER_FILES: '/opt/lvp_icd.json' } };

    expect(adapterOf(machine(files, instead)).isHardware).toBe(false);
    expect(adapterOf(machine(files, besides)).isHardware).toBe(true);
  });

  it('knows that every Mac has Metal, and does not guess elsewhere', () => {
    expect(adapterOf(machine({}, { platform: 'darwin' })).isHardware).toBe(true);
    expect(adapterOf(machine({}, { platform: 'win32' })).isHardware).toBe(false);
  });
});

describe('probeAdapter', () => {
  const card = machine({ ...NVIDIA, '/dev/nvidia0': '' });

  it.each([
    ['software.cjs', false, /a software adapter: mesa, software, llvmpipe/],
    ['hardware.cjs', true, /a hardware adapter: nvidia, hopper/],
    ['none.cjs', false, /finds no adapter/],
  ])('believes the package webgpu more than files: %s', async (module, isHardware, evidence) => {
    const verdict = await probeAdapter(card, adapterModule(module));

    expect(verdict).toEqual({ isHardware, evidence: expect.stringMatching(evidence) });
  });

  it.each(['not-there', adapterModule('broken.cjs')])(
    'looks at files without it: %s',
    async (at) => {
      expect(await probeAdapter(card, at)).toEqual(adapterOf(card));
    },
  );
});

function adapterModule(name: string): string {
  return fileURLToPath(new URL(`adapters/${name}`, import.meta.url));
}
