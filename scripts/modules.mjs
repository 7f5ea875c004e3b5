// The studio's own modules in node, as vite resolves them: for scripts that measure.
import { createServer } from 'vite'

import { ROOT } from './build.mjs'

/** Close it at the end, or the process does not. */
export async function openModules() {
  const server = await createServer({
    root: ROOT,
    logLevel: 'error',
    server: { middlewareMode: true, ws: false },
  })
  return {
    /** @param {string} name below src, without its extension */
    load: (name) => server.ssrLoadModule(`/src/${name}.ts`),
    close: () => server.close(),
  }
}
