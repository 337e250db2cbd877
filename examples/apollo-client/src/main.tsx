import { ApolloProvider } from '@apollo/client/react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { client } from './client';

createRoot(document.getElementById('page')!).render(
  <ApolloProvider client={client}>
    <App />
  </ApolloProvider>,
);
