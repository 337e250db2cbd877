// The editor asks here where its workers are; it must be told before it loads.
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl(_moduleId, label) {
    const workers = { json: 'json', graphql: 'graphql' };
    return `/playground/${workers[label] ?? 'editor'}.worker.js`;
  },
};
