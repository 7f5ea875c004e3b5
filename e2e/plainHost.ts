/** A host as they are by default: files below a path, without a header of ours. */
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Serves a copy of a build below /some/path/. */
export async function openPlainHost(dist: string) {
  const folder = mkdtempSync(join(tmpdir(), 'inlay-host-'))
  cpSync(dist, folder, { recursive: true })
  const server = createServer(({ url = '/' }, response) => {
    const path = /^\/some\/path\/([^?]*)/.exec(url)?.[1]
    try {
      const file = join(folder, path === '' ? 'index.html' : (path ?? 'none'))
      const bytes = readFileSync(file)
      response
        .writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' })
        .end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/path/`,
    /** Puts the next version in the place of the first: another page, and a script that is gone under its old name. Gives that. */
    publish(): string {
      const old = readFileSync(join(folder, 'index.html'))
      const script = /assets\/studio-[^"]*\.js/.exec(old.toString())?.[0] ?? ''
      const renamed = script.replace('studio-', 'studio-new')
      renameSync(join(folder, script), join(folder, renamed))
      const page = Buffer.from(old.toString().replaceAll(script, renamed))
      writeFileSync(join(folder, 'index.html'), page)
      const worker = readFileSync(join(folder, 'sw.js'), 'utf8')
      const next = worker
        .replaceAll(sha256(old), sha256(page))
        .replace(`bytes:${old.length}`, `bytes:${page.length}`)
        .replaceAll(script, renamed)
        .replace(/(version:.)[0-9a-f]{16}/, '$10123456789abcdef')
      writeFileSync(join(folder, 'sw.js'), next)
      return script
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      rmSync(folder, { recursive: true })
    },
  }
}
