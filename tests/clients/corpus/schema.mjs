// The committed schema as graphql-js has it, with our scalars as their descriptions tell them.
import { GraphQLError, Kind, buildSchema } from 'graphql';
import { committed } from '../program.mjs';

export const schema = buildSchema(committed);

const forms = {
  Date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text),
  DateTime: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && isDay(text.slice(0, 10)),
  Decimal: (text) => /^-?\d+(\.\d+)?$/.test(text),
  URL: (text) => /^https?:\/\//.test(text) && URL.canParse(text),
};

for (const [name, form] of Object.entries(forms)) {
  const parse = (value) => {
    if (typeof value === 'string' && form(value)) return value;
    throw new GraphQLError(`${JSON.stringify(value)} is no ${name}`);
  };
  const scalar = schema.getType(name);
  scalar.serialize = (value) => value;
  scalar.parseValue = parse;
  scalar.parseLiteral = (node) => parse(node.kind === Kind.STRING ? node.value : null);
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
