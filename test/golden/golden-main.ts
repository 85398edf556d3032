import { runGolden } from './golden-session.ts';

/** Run by another version of Node: its version and the golden session's hash. */
const { hash } = await runGolden();
process.stdout.write(`${JSON.stringify({ node: process.version, hash })}\n`);
