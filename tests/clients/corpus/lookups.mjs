// The data of our server, value by value: each question follows one path from the root, without aliases, variables and
// named fragments, so that everything else that a document does is done by graphql-js alone.
import { GraphQLError, astFromValue, getNamedType, isAbstractType, isLeafType, print } from 'graphql';

export class Lookups {
  #answers = new Map();
  #free = 8;
  #waiting = [];

  constructor(ask) {
    this.ask = ask;
  }

  answer(document) {
    if (!this.#answers.has(document)) this.#answers.set(document, this.#queued(document));
    return this.#answers.get(document);
  }

  get size() {
    return this.#answers.size;
  }

  async #queued(document) {
    if (this.#free === 0) await new Promise((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      const { body, ran } = await this.ask({ document });
      if (!ran) throw new RefusedLookup(`${document} is refused: ${JSON.stringify(body)}`);
      return body;
    } finally {
      if (this.#waiting.length > 0) this.#waiting.shift()();
      else this.#free += 1;
    }
  }
}

// The server does not answer the plainest question, so that there is nothing to compare with.
export class RefusedLookup extends Error {}

const root = { text: '{', depth: 1, keys: [] };

export async function resolveField(source, args, lookups, info) {
  const place = field(source ?? root, info, args);
  const type = getNamedType(info.returnType);
  const rest = isLeafType(type) ? '' : ' { __typename }';
  const { data, errors = [] } = await lookups.answer(`${place.text}${rest}${' }'.repeat(place.depth)}`);
  const value = place.keys.reduce((parent, key) => parent?.[key], data);
  return shape(value, { ...place, abstract: isAbstractType(type) }, errors);
}

function field(parent, { fieldName, parentType }, args) {
  const condition = parent.abstract ? ` ... on ${parentType.name} {` : '';
  const given = parentType.getFields()[fieldName].args.flatMap((argument) => literal(argument, args));
  const list = given.length > 0 ? `(${given.join(', ')})` : '';
  return {
    text: `${parent.text}${condition} ${fieldName}${list}`,
    depth: parent.depth + (condition ? 1 : 0),
    keys: [...parent.keys, fieldName],
  };
}

function literal({ name, type }, args) {
  return args[name] === undefined ? [] : [`${name}: ${print(astFromValue(args[name], type))}`];
}

// What graphql-js goes on with: a leaf as it is, a thing as the place where its fields are asked for.
function shape(value, place, errors) {
  const below = (index) => ({ ...place, keys: [...place.keys, index] });
  if (Array.isArray(value)) return value.map((item, index) => shape(item, below(index), errors));
  if (value === null || value === undefined) return failure(place.keys, value, errors);
  if (typeof value !== 'object') return value;
  return { ...place, text: `${place.text} {`, depth: place.depth + 1, __typename: value.__typename };
}

// An error belongs to a null at its path, and to everything below a null that it has spread to.
function failure(keys, value, errors) {
  const exact = errors.find(({ path }) => JSON.stringify(path) === JSON.stringify(keys));
  const error = exact ?? errors.find(({ path }) => value === undefined || !path);
  return error ? new GraphQLError(error.message, { extensions: error.extensions }) : null;
}
