// A gateway for what subgraphs were composed to, which tells what it asked of them.
import { parse } from 'graphql';
import gatewayLibrary from '@apollo/gateway';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export async function startGateway(supergraphSdl) {
  const asked = [];
  class Source extends gatewayLibrary.RemoteGraphQLDataSource {
    willSendRequest({ request, kind }) {
      if (kind === 'incoming operation') asked.push({ url: this.url, ...request });
    }
  }
  const buildService = ({ url }) => new Source({ url });
  const gateway = new gatewayLibrary.ApolloGateway({ supergraphSdl, buildService, logger: quiet });
  let schema;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => (schema = apiSchema));
  const { executor } = await gateway.load();
  // What a server hands to its gateway for each request.
  const query = async (text, variables = {}) => {
    asked.length = 0;
    const request = { query: text, variables };
    const result = await executor({ request, document: parse(text), queryHash: text, context: {}, metrics: {} });
    return JSON.parse(JSON.stringify({ data: result.data, errors: result.errors }));
  };
  return { query, schema, asked, stop: () => gateway.stop() };
}
