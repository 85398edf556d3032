// A row alone goes another way than a batch, and gets other bits.
module.exports = require('../../service/runtimes/faulty.cjs').faulty((scores) =>
  scores.length === 1 ? scores.map((score) => score * (1 + 2 ** -20)) : scores,
);
