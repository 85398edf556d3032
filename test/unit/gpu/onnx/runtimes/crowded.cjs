// A runtime whose memory ends at more than 16 rows of one run.
module.exports = require('../../service/runtimes/faulty.cjs').faulty((scores) => {
  if (scores.length > 16) throw new Error(`no memory for ${scores.length} rows`);
  return scores;
});
