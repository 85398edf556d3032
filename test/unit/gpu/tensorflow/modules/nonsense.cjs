// A driver that computes something else.
const tf = require('@tensorflow/tfjs');
module.exports = { ...tf, relu: (x) => tf.mul(tf.relu(x), 1.1) };
