/** A host as they are by default: files below a path, without a header of ours. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'

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
      const page = readFileSync(join(folder, 'index.html'), 'utf8')
      const script = /assets\/studio-[^"]*\.js/.exec(page)?.[0] ?? ''
      const renamed = script.replace('studio-', 'studio-new')
      renameSync(join(folder, script), join(folder, renamed))
      let worker = readFileSync(join(folder, 'sw.js'), 'utf8')
        .replaceAll(script, renamed)
        .replace(/(version:.)[0-9a-f]{16}/, '$10123456789abcdef')
      // The page, and scripts that are loaded later, name it.
      const names = [
        'index.html',
        ...readdirSync(join(folder, 'assets'))
          .filter((name) => name.endsWith('.js'))
          .map((name) => `assets/${name}`),
      ]
      for (const name of names) {
        const old = readFileSync(join(folder, name))
        const next = Buffer.from(old.toString().replaceAll(basename(script), basename(renamed)))
        if (next.equals(old)) continue
        writeFileSync(join(folder, name), next)
        const listed = (bytes: Buffer) => `bytes:${bytes.length},sha256:\`${sha256(bytes)}\``
        worker = worker.replace(listed(old), listed(next))
      }
      writeFileSync(join(folder, 'sw.js'), worker)
      return script
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      rmSync(folder, { recursive: true })
    },
  }
}
