// Takes the scripts and styles out of the GraphiQL package and writes them, compressed, into a folder.
// Usage: node extract.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as graphiql from './node_modules/@graphql-yoga/render-graphiql/esm/graphiql.js';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });

const assets = {
  'graphiql.js': graphiql.js,
  'graphiql.css': graphiql.css,
  'editor.worker.js': graphiql.editorWorkerService,
  'json.worker.js': graphiql.jsonWorker,
  'graphql.worker.js': graphiql.graphqlWorker,
};

for (const [name, text] of Object.entries(assets)) {
  if (typeof text !== 'string' || text.length === 0) {
    throw new Error(`the package has no ${name}`);
  }
  writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }));
}
