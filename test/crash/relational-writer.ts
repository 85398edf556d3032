import { migrateRelational, openRelational } from '../../src/store/relational/relational-store.ts';
import { embeddedIn } from './relational-options.ts';

/** A process of its own for a test to kill: enqueues, claims and ends jobs, and tells of each. */
const [, , dataDirectory = '', life = '0'] = process.argv;
const options = embeddedIn(dataDirectory);
await migrateRelational(options);
const { jobs } = openRelational(options);
for (let at = 0; ; at += 1) {
  const jobId = `${life}-${at}`;
  await jobs.enqueue({ jobId, kind: 'k', payload: '{}', queuedUs: at });
  process.send?.({ jobId, state: 'queued' });
  const wish = { worker: life, kinds: ['k'], nowUs: 1_000_000, leaseUs: 1 };
  const claimed = await jobs.claim(wish);
  if (claimed === undefined) continue;
  await jobs.complete(claimed, at, '1');
  process.send?.({ jobId: claimed.jobId, state: 'done' });
}
