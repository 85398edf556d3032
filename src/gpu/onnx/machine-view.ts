import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';

/** What a machine shows of itself without a driver being loaded. */
export interface MachineView {
  /** As `process.platform` names it. */
  readonly platform: string;
  readonly environment: Environment;
  /** Names in a folder; none where it is not there. */
  list(folder: string): readonly string[];
  /** The text of a file; nothing where it cannot be read. */
  read(path: string): string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables by which Vulkan is given other drivers than it finds by itself. */
const VULKAN_VARIABLES = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'] as const;

/** Those alone: what is sent to a thread holds no keys. */
export function vulkanVariables(environment: Environment): Environment {
  return Object.fromEntries(VULKAN_VARIABLES.map((name) => [name, environment[name]]));
}

export function thisMachine(environment: Environment = {}): MachineView {
  return {
    platform: platform(),
    environment,
    list(folder) {
      try {
        return readdirSync(folder).toSorted();
      } catch {
        return [];
      }
    },
    read(path) {
      try {
        return readFileSync(path, 'utf8').slice(0, TEXT_MAX);
      } catch {
        return undefined;
      }
    },
  };
}

/** A driver's manifest has about two hundred characters. */
const TEXT_MAX = 65_536;
