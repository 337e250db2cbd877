// What a Relay application asks: a paginated list, a fragment that is fetched again by id, and one that pages
// within a node.
import { graphql } from 'relay-runtime';

export const list = graphql`
  query operationsListQuery($count: Int!, $cursor: String) {
    ...operationsList_query @arguments(count: $count, cursor: $cursor)
  }
`;

export const page = graphql`
  fragment operationsList_query on Query
  @refetchable(queryName: "operationsListPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" }) {
    frameworks(first: $count, after: $cursor) @connection(key: "operationsList_frameworks") {
      edges {
        node {
          id
          slug
          ...operationsCard_framework
        }
      }
    }
  }
`;

export const card = graphql`
  fragment operationsCard_framework on Framework
  @refetchable(queryName: "operationsCardRefetchQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" }) {
    name
    facts(first: $count, after: $cursor) @connection(key: "operationsCard_facts") {
      edges {
        node {
          code
          statement
          verdict
        }
      }
    }
  }
`;
