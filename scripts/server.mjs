// A read-only file server for the command line: dist/ at /, given files and folders below /files/.
import { createReadStream, existsSync, realpathSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, relative, sep } from 'node:path'

import { COMMON, headersFor } from './headers.mjs'

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
}

/** A build, a test's case: all may be others the next time. */
const FRESH = { 'Cache-Control': 'no-store' }

/**
 * The file that a path leads to, or null; a path cannot climb out of its root, not by links either.
 * @param {string} root @param {string} path
 */
function fileUnder(root, path) {
  const full = join(root, path)
  if (!existsSync(full)) return null
  const [realRoot, real] = [realpathSync(root), realpathSync(full)]
  if (real !== realRoot && !real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)) return null
  return statSync(real).isFile() ? real : null
}

/** @param {string} dist @param {Record<string, string>} mounts @param {string} pathname */
function resolvePath(dist, mounts, pathname) {
  const inFiles = /^\/files\/([^/]+)(?:\/(.*))?$/.exec(pathname)
  if (inFiles === null) return fileUnder(dist, pathname === '/' ? 'index.html' : pathname)
  const root = Object.hasOwn(mounts, inFiles[1]) ? mounts[inFiles[1]] : undefined
  return root === undefined ? null : fileUnder(root, inFiles[2] ?? '')
}

/**
 * Serves on the loopback interface, on a free port unless one is named.
 * @param {{dist: string, mounts?: Record<string, string>, port?: number}} options name below /files/ -> local file or folder
 * @returns {Promise<{origin: string, close(): Promise<void>}>}
 */
export async function serve({ dist, mounts = {}, port = 0 }) {
  const server = createServer((request, response) => {
    const end = (/** @type {number} */ status) => response.writeHead(status, { ...COMMON, ...FRESH }).end()
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(405)
    try {
      const pathname = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
      const file = resolvePath(dist, mounts, pathname)
      if (file === null) return end(404)
      response.writeHead(200, {
        ...headersFor(relative(realpathSync(dist), file).replaceAll(sep, '/')),
        ...FRESH,
        'Content-Type':
          TYPES[/** @type {keyof typeof TYPES} */ (extname(file).toLowerCase())] ??
          'application/octet-stream',
        'Content-Length': statSync(file).size,
      })
      if (request.method === 'HEAD') response.end()
      else
        createReadStream(file)
          .on('error', () => response.destroy())
          .pipe(response)
    } catch {
      end(400)
    }
  })
  await new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => done(undefined))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
