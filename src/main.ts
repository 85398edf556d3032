#!/usr/bin/env node
process.stdout.write('strata\n');
