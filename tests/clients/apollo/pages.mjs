// Pages with Apollo Client for a browser: the built example as it is previewed, and the page of the tests, which the
// example's bundler makes.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { here } from '../program.mjs';
import { example } from './clients.mjs';

const { build, preview } = await import(createRequire(join(example, 'package.json')).resolve('vite'));

export const builtExample = () => promisify(execFile)('npm', ['run', 'build'], { cwd: example });

// Serves what was built as `npm run preview` does.
export async function previewed(server) {
  process.env.STACKFIT_URL = server.url;
  const serving = await preview({ root: example, logLevel: 'silent' });
  return { url: serving.resolvedUrls.local[0], stop: () => serving.close() };
}

const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

// Serves the page of the tests on an origin of its own.
export async function pageOfTheTests() {
  const made = { write: false, rolldownOptions: { input: join(here, 'apollo/page.mjs') } };
  const { output } = await build({ root: here, configFile: false, logLevel: 'silent', build: made });
  const serving = createServer((request, response) => {
    const [type, text] = request.url === '/page.js' ? ['text/javascript', output[0].code] : ['text/html', html];
    response.setHeader('content-type', type).end(text);
  });
  await new Promise((resolve) => serving.listen(0, '127.0.0.1', resolve));
  return { port: serving.address().port, stop: () => serving.close() };
}
