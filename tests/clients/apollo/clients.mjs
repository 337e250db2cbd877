// Clients of Apollo for the tests, with the types of the interfaces and unions as the example has them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { tap } from 'rxjs';
import { WebSocket } from 'ws';
import { here } from '../program.mjs';

// Apollo Client takes it for granted, and Node.js has it from version 22 on.
globalThis.WebSocket ??= WebSocket;

export const example = join(here, '../../examples/apollo-client');

const written = readFileSync(join(example, 'src/gql/possible-types.ts'), 'utf8');
export const { possibleTypes } = JSON.parse(written.match(/ = (\{.*\});/s)[1]);

// A client over the link, with the cache of the example.
export function clientOver(link) {
  const fields = { frameworks: relayStylePagination(['filter', 'orderBy']) };
  const cache = new InMemoryCache({ possibleTypes, typePolicies: { Query: { fields } } });
  return new ApolloClient({ link, cache });
}

// The client as live.mjs asks one.
export const live = (client) => ({
  subscribe({ query, variables }, { next, error: fail, complete }) {
    const told = ({ data, error }) => {
      if (error) fail(error);
      if (data) next({ data });
    };
    const following = client.subscribe({ query: gql(query), variables }).subscribe({ next: told, error: fail, complete });
    return () => following.unsubscribe();
  },
});

// A link over HTTP that notes what is sent and with which status it is answered.
export function noted(server, options = {}) {
  const sent = [];
  const noting = async (address, request) => {
    const response = await fetch(address, request);
    sent.push({ address, ...request, status: response.status });
    return response;
  };
  return { sent, link: new HttpLink({ uri: `${server.url}/graphql`, fetch: noting, ...options }) };
}

export function persisted(link) {
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  return new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(link);
}

// A link over a WebSocket that is made again at once when it breaks. Of one that cannot be made, a browser tells that
// it closed, and the package for Node.js that it failed: so whatever it is, it is tried again.
export function socketed(server, options = {}) {
  const socket = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    retryAttempts: 100,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    shouldRetry: () => true,
    ...options,
  });
  return { socket, link: new GraphQLWsLink(socket) };
}

// Goes on after the last change that came, as the example does.
export const resuming = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ data }) => {
      if (data?.catalogueChanged) operation.variables.after = data.catalogueChanged.revision;
    }),
  ),
);
