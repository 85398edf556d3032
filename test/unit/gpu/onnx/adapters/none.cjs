exports.create = () => ({ requestAdapter: async () => null });
