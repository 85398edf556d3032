import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunning } from './is-running.ts';
import { freePorts } from './ports.ts';
import { type Place, type Recipe, startServer } from './running-server.ts';

/** A server in a line of JavaScript: `port` is its port, `folder` its folder. */
function recipe(script: (place: Place) => string, isReady = true): Recipe<{ port: number }> {
  return {
    name: 'small',
    portsWanted: 1,
    address: ({ ports: [port = 0] }) => ({ port }),
    launch: async (place) => ({
      file: process.execPath,
      args: ['-e', script(place), place.folder],
      env: {},
      readyMark: /listening/,
      isReady: async () => isReady,
      stopSignal: 'SIGTERM',
    }),
  };
}

const LISTEN = "require('net').createServer().listen(port, '127.0.0.1', () => say('listening'))";

function listening({ ports: [port = 0] }: Place): string {
  return `const port = ${port}, say = console.log; ${LISTEN}`;
}

describe('the rig', () => {
  it('starts at other ports when somebody was quicker', async () => {
    const asked: number[] = [];
    const unlucky = recipe((place) => {
      asked.push(...place.ports);
      return asked.length < 3
        ? "console.error('Error: listen EADDRINUSE: address already in use'); process.exit(1)"
        : listening(place);
    });

    await using server = await startServer(unlucky, {});

    expect(new Set(asked).size).toBe(3);
    expect(server.port).toBe(asked[2]);
  });

  it('says what a server said that ended before it was ready, and leaves no folder', async () => {
    let folder = '';
    const broken = recipe((place) => {
      folder = place.folder;
      return "console.error('no such setting: x'); process.exit(1)";
    });

    const told = await startServer(broken, {}).catch((error: unknown) => String(error));

    expect(told).toContain('small ended before it was ready\nno such setting: x');
    expect(existsSync(folder)).toBe(false);
  });

  it('is not fooled by another server at the port', async () => {
    // It would answer, but it has not said that it listens: it is somebody else who does.
    const late = recipe(() => 'setTimeout(() => process.exit(3), 300)');

    await expect(startServer(late, {})).rejects.toThrow('ended before it was ready');
  });

  it('restarts at the same port, with another process', async () => {
    await using server = await startServer(recipe(listening), {});
    const { pid, port } = server;

    await server.restart();

    expect([isRunning(pid), isRunning(server.pid), server.port]).toEqual([false, true, port]);
    expect(server.pid).not.toBe(pid);
  });

  it('ends a server that is held still', async () => {
    const server = await startServer(recipe(listening), {});
    const { pid } = server;
    server.pause();

    await server.stop();

    expect([isRunning(pid), existsSync(dirname(server.dir))]).toEqual([false, false]);
  });

  it('hands out no port twice', async () => {
    const ports = [...(await freePorts(50)), ...(await freePorts(50))];
    expect(new Set(ports).size).toBe(100);
  });
});
