// Node 20 cannot run .ts. vitest compiles what a test imports; this does the same for the worker
// threads and child processes that the code under test starts (they inherit `--import`).
// Registering by hand matters: `--import tsx` itself does nothing inside a worker thread.
import { register } from 'tsx/esm/api';

register();
