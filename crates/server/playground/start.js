// Opens GraphiQL with a tab for each worked example.
(async () => {
  const examples = await (await fetch('/playground/examples.json')).json();
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    title: 'Stackfit',
    endpoint: '/graphql',
    defaultTabs: examples,
  });
})();
