import { writeSync } from 'node:fs';
import { startTurnWatchdog } from '../../../src/actors/services/turn-watchdog.ts';

/**
 * A process with a watched thread. `hang`: its second turn never ends. `busy`: many short turns,
 * longer together than one may take. `idle`: nothing else keeps it alive.
 */
const [mode, turnMsMax] = [process.argv[2], Number(process.argv[3])];
const watchdog = startTurnWatchdog({ turnMsMax });

watchdog.turnBegan();
watchdog.turnEnded();
if (mode === 'hang') {
  watchdog.turnBegan();
  writeSync(1, 'hanging\n');
  for (;;) work(1);
}
if (mode === 'busy') {
  const endMs = performance.now() + 4 * turnMsMax;
  while (performance.now() < endMs) {
    watchdog.turnBegan();
    work(turnMsMax / 10);
    watchdog.turnEnded();
  }
}
writeSync(1, 'done\n');

function work(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}
