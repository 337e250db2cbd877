// Changes the catalogue of a server that serves, as its users do: by importing files into its database.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, serve } from './program.mjs';

// `files` are texts by their paths in the folder of a catalogue. With '--prune', all others go.
export async function write({ home }, files, ...options) {
  const folder = mkdtempSync(join(tmpdir(), 'stackfit-files-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  try {
    await run(home, 'import', folder, ...options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The file of a tool without facts. Importing it is one change, and one more for each new summary.
export const tool = (slug, summary) => ({
  [`technologies/${slug}.yaml`]: `slug: ${slug}\nkind: TOOL\nname: ${slug}\nsummary: ${JSON.stringify(summary)}\n`,
});

// Makes one change: creates the tool, or alters its summary.
export const change = (server, slug, summary) => write(server, tool(slug, summary));

// A server with nothing but these files, which starts at once: the whole catalogue takes seconds.
export const serveOnly = (files, settings) => serve(settings, (home) => write({ home }, files));
