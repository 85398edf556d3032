const real = require('onnxruntime-node');

module.exports = {
  Tensor: real.Tensor,
  env: { versions: {} },
  InferenceSession: {
    create: () => Promise.reject(new Error('no device')),
  },
};
