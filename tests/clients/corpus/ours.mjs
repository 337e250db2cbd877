// What our server says of a document.

// When the answer is asked for as this type, its status tells whether the document was executed.
const type = 'application/graphql-response+json';

export function client(url) {
  return async ({ document, operation, variables }) => {
    const fields = [`"query": ${JSON.stringify(document)}`];
    if (operation) fields.push(`"operationName": ${JSON.stringify(operation)}`);
    if (variables) fields.push(`"variables": ${variables}`);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: type },
      body: `{${fields.join(', ')}}`,
    });
    return { body: await response.json(), ran: response.status === 200 };
  };
}

export async function ours(one, variables, ask) {
  const { body, ran } = await ask({ ...one, variables });
  const errors = body.errors ?? [];
  const codes = errors.map(({ extensions }) => extensions?.code);
  if (!ran) return { verdict: 'refused', codes, errors, hasData: 'data' in body };
  return { verdict: errors.length > 0 ? 'fails' : 'runs', data: body.data, errors };
}
