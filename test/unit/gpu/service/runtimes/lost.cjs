// Loads, proves itself and is warmed up, and is lost at the first batch of nine rows.
module.exports = require('./faulty.cjs').faulty((scores) => {
  if (scores.length === 9) throw new Error('device lost');
  return scores;
});
