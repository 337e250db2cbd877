import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { tap } from 'rxjs';
import interfaces from './gql/possible-types';
import type { CatalogueChangedSubscription } from './gql/graphql';

// By itself graphql-ws gives up when nobody listens, for example while the server starts again.
const socket = createClient({
  url: `${location.origin.replace('http', 'ws')}/graphql`,
  shouldRetry: () => true,
  retryAttempts: Infinity,
});

// A connection that breaks is made again with the same variables: so it goes on after the last change that came.
const resume = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ data }) => {
      const change = (data as CatalogueChangedSubscription | null | undefined)?.catalogueChanged;
      if (change) operation.variables.after = change.revision;
    }),
  ),
);

export const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    resume.concat(new GraphQLWsLink(socket)),
    new HttpLink({ uri: '/graphql' }),
  ),
  cache: new InMemoryCache({
    possibleTypes: interfaces.possibleTypes,
    typePolicies: { Query: { fields: { frameworks: relayStylePagination(['filter', 'orderBy']) } } },
  }),
});
