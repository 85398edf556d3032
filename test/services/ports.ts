import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take the near ends of outgoing connections (from 32768 on
 * Linux): a server that is killed must find its ports free when it comes back.
 */
const PORT_MIN = 20_000;
const PORT_MAX = 32_000;
const TRIES_MAX = 200;
const given = new Set<number>();

/** Ports of loopback that nobody listens on now, each handed out once in this process. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tries = 0; tries < TRIES_MAX && ports.length < count; tries += 1) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    ports.push(port);
  }
  if (ports.length < count) throw new Error(`fewer than ${count} free ports on loopback`);
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
