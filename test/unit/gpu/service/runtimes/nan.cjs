module.exports = require('./faulty.cjs').faulty((scores) => scores.fill(Number.NaN));
