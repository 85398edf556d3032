// One process from `npm start` to the engine, so that a signal sent to npm reaches the engine
// (with `setup && main` the shell between them dies alone and the engine trades on).
import './setup.mjs';

await import('../dist/main.js');
