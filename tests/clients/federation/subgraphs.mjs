// Two subgraphs of somebody else, served over HTTP, which know our things by slug, by id and by code.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { parse } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import subgraph from '@apollo/subgraph';

// Who uses what. It has types that we have, too.
const teamSchema = `
  extend schema @link(
    url: "https://specs.apollo.dev/federation/v2.3"
    import: ["@key", "@shareable", "@external", "@requires"]
  )
  interface Node { id: ID! }
  type PageInfo @shareable { hasPreviousPage: Boolean! hasNextPage: Boolean! startCursor: String endCursor: String }
  type Query {
    team(name: String!): Team
    frameworksOf(slugs: [String!]!): [Framework]!
    providersOf(ids: [ID!]!): [BaasProvider]!
  }
  type Team implements Node @key(fields: "id") {
    id: ID!
    name: String!
    framework: Framework
    provider: BaasProvider
    why: [Trait!]!
    members: Members!
  }
  type Members { nodes: [String!]! pageInfo: PageInfo! }
  type Framework @key(fields: "slug") {
    slug: String!
    name: String! @external
    teams: [Team!]!
    label: String! @requires(fields: "name")
  }
  type BaasProvider @key(fields: "id", resolvable: false) { id: ID! }
  type Trait @key(fields: "code", resolvable: false) { code: String! }
`;

// What was paid for technologies, of whatever kind they are. It defines none of the kinds itself.
const licenseSchema = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@interfaceObject"])
  type Query { licenses: [License!]! }
  type License { technology: Technology! }
  type Technology @key(fields: "slug") @interfaceObject { slug: String! licenses: Int! }
`;

const teams = [
  { name: 'web', slug: 'django' },
  { name: 'shop', slug: 'django' },
  { name: 'past', slug: 'no-such-framework' },
  { name: 'mistaken', slug: 'python' },
];

function teamResolvers(provider) {
  const team = ({ name, slug }) => ({
    id: `team-${name}`,
    name,
    framework: { slug },
    provider: { id: provider },
    why: [{ code: 'phoenix.con.few-developers' }],
    members: { nodes: ['Ada'], pageInfo: { hasPreviousPage: false, hasNextPage: false } },
  });
  return {
    Query: {
      team: (_, { name }) => teams.filter((one) => one.name === name).map(team)[0],
      frameworksOf: (_, { slugs }) => slugs.map((slug) => ({ slug })),
      providersOf: (_, { ids }) => ids.map((id) => ({ id })),
    },
    Team: { __resolveReference: ({ id }) => teams.map(team).find((one) => one.id === id) },
    Framework: {
      __resolveReference: (reference) => reference,
      teams: ({ slug }) => teams.filter((one) => one.slug === slug).map(team),
      label: ({ slug, name }) => `${name} (${slug})`,
    },
  };
}

const licenseResolvers = {
  Query: { licenses: () => ['python', 'supabase', 'django'].map((slug) => ({ technology: { slug } })) },
  Technology: { __resolveReference: (reference) => reference, licenses: ({ slug }) => slug.length },
};

async function served(name, text, resolvers) {
  const typeDefs = parse(text);
  const schema = subgraph.buildSubgraphSchema({ typeDefs, resolvers });
  const server = createServer(createHandler({ schema })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { name, typeDefs, url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

// `provider` is the id of the provider that all teams use.
export const serveOthers = async (provider) => [
  await served('teams', teamSchema, teamResolvers(provider)),
  await served('licenses', licenseSchema, licenseResolvers),
];
