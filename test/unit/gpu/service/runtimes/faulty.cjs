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
      const answers = Object.entries(await session.run(feeds));
      const changed = answers.map(([name, { dims, data }]) => [
        name,
        { dims, data: change(data, runs) },
      ]);
      return Object.fromEntries(changed);
    },
    release: () => session.release(),
  };
}
