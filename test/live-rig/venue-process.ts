import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { VenueOptions } from '../../src/venue/process/venue-options.ts';

/**
 * A venue in a process of its own, with the settings that `strata venue` does not have: how slow it
 * is to acknowledge, how often it fills in parts. From the build under test, given as the first
 * argument; the options are the second, as JSON.
 */
const [main = '', text = '{}'] = process.argv.slice(2);
const path = join(dirname(main), 'venue', 'process', 'run-venue.js');
const built: typeof import('../../src/venue/process/run-venue.ts') = await import(
  pathToFileURL(path).href
);
const options: VenueOptions = JSON.parse(text);
const venue = await built.runVenue(options);
const { adminUrl, tradingUrl, streamUrl } = venue;
process.stdout.write(`${JSON.stringify({ adminUrl, tradingUrl, streamUrl })}\n`);
await venue.ended;
process.exit(0);
