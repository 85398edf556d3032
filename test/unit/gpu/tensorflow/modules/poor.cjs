// A backend without one of the kernels: what tfjs says of them.
const tf = require('@tensorflow/tfjs');
module.exports = {
  ...tf,
  relu() {
    throw new Error("Kernel 'Relu' not registered for backend 'cpu'");
  },
};
