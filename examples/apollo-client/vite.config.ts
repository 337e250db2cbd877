import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Written as a plain text, the target would get a `Host` of its own, and the server would take the page for another's.
const target = process.env.STACKFIT_URL ?? 'http://127.0.0.1:8000';
const proxy = { '/graphql': { target, ws: true } };

export default defineConfig({ plugins: [react()], server: { proxy }, preview: { proxy } });
