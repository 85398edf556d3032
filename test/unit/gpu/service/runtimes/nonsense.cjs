module.exports = require('./faulty.cjs').faulty((scores) => scores.map((score) => 1 - score));
