import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A real one on loopback, as `npm run services -- questdb` starts it; undefined without Java. */
export async function startedQuestDb() {
  const loader = `${ROOT}test/typescript-threads.mjs`;
  const args = ['--import', loader, `${ROOT}test/services/main.ts`, 'questdb'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]: unknown[]) => String(line)),
    once(child, 'exit').then(() => ''),
  ]);
  if (first === '') return undefined;
  const { httpPort }: { readonly httpPort: number } = JSON.parse(first);
  return {
    port: httpPort,
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
