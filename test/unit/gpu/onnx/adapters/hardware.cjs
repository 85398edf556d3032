exports.create = () => ({
  requestAdapter: async () => ({
    info: { vendor: 'nvidia', architecture: 'hopper', description: 'a card' },
  }),
});
