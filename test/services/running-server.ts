import { rmSync } from 'node:fs';
import { freePorts } from './ports.ts';
import { serverFolder } from './room.ts';
import { type Launch, ServerProcess, StartError } from './server-process.ts';

const TRIES_MAX = 5;

/** A real server under a test's hands. `await using` stops it even when the test fails. */
export interface RunningServer extends AsyncDisposable {
  /** Throws while it is not running. */
  readonly pid: number;
  readonly isAlive: boolean;
  /** Where its data lie. */
  readonly dir: string;
  /** What it has written since it was last started. */
  log(): string;
  /** Settles when it is gone; SIGKILL if none is named. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Holds it still, as a server that hangs, until `resume`. */
  pause(): void;
  resume(): void;
  /** Over the same directory and at the same ports; killed first if it runs. */
  restart(): Promise<void>;
  /** Ended in good order, and its directory removed unless the test brought its own. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** A directory of the test's own, which outlives the server. Left out: a temporary one. */
  readonly dir?: string;
}

export interface Place {
  /** The server's folder of the rig. */
  readonly folder: string;
  /** Where its data go. */
  readonly dir: string;
  readonly ports: readonly number[];
}

export interface Recipe<Address> {
  readonly name: string;
  readonly portsWanted: number;
  /** Once a server: makes its data directory, as far as that does not depend on ports. */
  readonly create?: (place: Place) => Promise<void>;
  readonly launch: (place: Place) => Promise<Omit<Launch, 'name' | 'folder'>>;
  readonly address: (place: Place) => Address;
}

/** Starts it at free ports; at others, if somebody was quicker. */
export async function startServer<Address extends object>(
  recipe: Recipe<Address>,
  options: StartOptions,
): Promise<Address & RunningServer> {
  const folder = serverFolder(recipe.name);
  const dir = options.dir ?? `${folder}/data`;
  try {
    for (let tries = 1; ; tries += 1) {
      const place = { folder, dir, ports: await freePorts(recipe.portsWanted) };
      if (tries === 1) await recipe.create?.(place);
      const launch = { name: recipe.name, folder, ...(await recipe.launch(place)) };
      const process = new ServerProcess(launch);
      try {
        await process.start();
        return running(process, launch, place, recipe.address(place));
      } catch (error) {
        if (!(error instanceof StartError && error.isPortTaken && tries < TRIES_MAX)) throw error;
      }
    }
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

function running<Address extends object>(
  process: ServerProcess,
  launch: Launch,
  place: Place,
  address: Address,
): Address & RunningServer {
  const stop = async (): Promise<void> => {
    await process.kill(launch.stopSignal);
    removeFolder(place.folder);
  };
  return {
    ...address,
    dir: place.dir,
    get pid() {
      return process.pid;
    },
    get isAlive() {
      return process.isAlive;
    },
    log: () => process.log(),
    kill: (signal = 'SIGKILL') => process.kill(signal),
    pause: () => process.hold(true),
    resume: () => process.hold(false),
    restart: async () => {
      await process.kill('SIGKILL');
      await process.start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
