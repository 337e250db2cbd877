// What the page of the tests does with Apollo Client in a browser: the tests call it at `window.apollo`.
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import schema from '../../../examples/apollo-client/src/gql/possible-types';

const server = new URLSearchParams(location.search).get('server');

async function sha256(text) {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const http = new HttpLink({ uri: `${server}/graphql` });
const links = {
  http,
  hashed: new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(http),
  socket: new GraphQLWsLink(createClient({ url: `${server.replace('http', 'ws')}/graphql`, retryAttempts: 0 })),
};

function clientOver(link) {
  const typePolicies = { Query: { fields: { frameworks: relayStylePagination() } } };
  return new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes: schema.possibleTypes, typePolicies }) });
}

const clients = Object.fromEntries(Object.entries(links).map(([name, link]) => [name, clientOver(link)]));

// An error as it can be handed to the test.
function told(error) {
  if (!error) return undefined;
  const { message, errors } = error;
  return { message, errors, ofGraphQL: CombinedGraphQLErrors.is(error) };
}

async function query(over, text, variables) {
  const { data, error } = await clients[over].query({ query: gql(text), variables, errorPolicy: 'all' });
  return { data, error: told(error) };
}

// All pages of a list, as the cache makes one list of them.
async function whole(text, first) {
  const list = clients.http.watchQuery({ query: gql(text), variables: { first } });
  list.subscribe(() => {});
  let { pageInfo } = (await clients.http.query({ query: gql(text), variables: { first } })).data.frameworks;
  while (pageInfo.hasNextPage) {
    const { data } = await list.fetchMore({ variables: { after: pageInfo.endCursor } });
    ({ pageInfo } = data.frameworks);
  }
  return clients.http.readQuery({ query: gql(text), variables: { first } });
}

function follow(over, text, variables) {
  const heard = { events: [], times: [], errors: [], ended: false };
  clients[over].subscribe({ query: gql(text), variables }).subscribe({
    next: ({ data, error }) => {
      if (error) heard.errors.push(told(error));
      if (!data) return;
      heard.times.push(Date.now());
      heard.events.push(data.catalogueChanged);
    },
    error: (error) => heard.errors.push(told(error)),
    complete: () => (heard.ended = true),
  });
  return heard;
}

const read = (over, id, text) => clients[over].readFragment({ id, fragment: gql(text) });

window.apollo = { query, whole, follow, read, heard: undefined };
