const real = require('onnxruntime-node');

/** onnxruntime whose runs go through `change`, with the number of the run. */
exports.faulty = (change) => ({
  Tensor: real.Tensor,
  env: { versions: { common: 'faulty' } },
  InferenceSession: { create: (bytes) => create(bytes, change) },
});

async function create(bytes, change) {
  const session = await real.InferenceSession.create(bytes);
  let runs = 0;
  return {
    async run(feeds) {
      runs += 1;
      const { scores } = await session.run(feeds);
      return { scores: { dims: scores.dims, data: change(scores.data, runs) } };
    },
    release: () => session.release(),
  };
}
