/** A host as they are by default: files below a path, without a header of ours. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
    /**
     * Puts the next version in the place of the first: every script has another name, as its hash would have, and is
     * gone under its old one. Gives the old name of the page's script.
     */
    publish(): string {
      const page = readFileSync(join(folder, 'index.html'), 'utf8')
      const script = /assets\/studio-[^"]*\.js/.exec(page)?.[0] ?? ''
      const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
      const renamed = (name: string) => name.replace(/-(?=[^.]*\.js$)/, '-new')
      const rename = (text: string) =>
        scripts.reduce((changed, name) => changed.replaceAll(name, renamed(name)), text)
      const listed = (bytes: Buffer) => `bytes:${bytes.length},sha256:\`${sha256(bytes)}\``
      let worker = readFileSync(join(folder, 'sw.js'), 'utf8').replace(
        /(version:.)[0-9a-f]{16}/,
        '$10123456789abcdef',
      )
      for (const name of ['index.html', ...scripts.map((name) => `assets/${name}`)]) {
        const old = readFileSync(join(folder, name))
        const next = Buffer.from(rename(old.toString()))
        writeFileSync(join(folder, name), next)
        worker = worker.replace(listed(old), listed(next))
      }
      for (const name of scripts)
        renameSync(join(folder, 'assets', name), join(folder, 'assets', renamed(name)))
      writeFileSync(join(folder, 'sw.js'), rename(worker))
      return script
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      rmSync(folder, { recursive: true })
    },
  }
}
