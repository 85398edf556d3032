// The package `webgpu` where Mesa's lavapipe is the only driver, as version 0.6.2 answers there.
exports.create = () => ({
  requestAdapter: async () => ({
    info: {
      vendor: 'mesa',
      architecture: 'software',
      description: 'llvmpipe: Mesa 25.0.7-2~bpo12+1 (LLVM 15.0.6) 0.0.1',
      isFallbackAdapter: true,
    },
  }),
});
