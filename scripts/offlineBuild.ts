// Writes what makes the build installable: the service worker with the list of files that it stores, and _headers.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

import { build, type Plugin, type Rollup } from 'vite'

import type { BuildList, BuiltFile } from '../src/offline/build'
import { COMMON, policyFor } from './headers.mjs'

/** Large, or wanted by some alone: stored when the user says so. */
const KEPT = /^(models|ort|samples)\/|^THIRD-PARTY-NOTICES\.txt$|^assets\/avif_enc-[^/]*\.wasm$/
/** The command line's page, what is for pages of others, and what stands beside the files. */
const NEVER = /^(headless\.html|sw\.js|_headers)$|^(engine|examples)\/|\.(map|md)$/

/**
 * The files of a build as the service worker stores them.
 * @param files contents by path relative to the build's folder, with / between names
 */
export function listBuild(files: ReadonlyMap<string, Uint8Array>): BuildList {
  const policies: string[] = []
  const describe = (path: string): BuiltFile => {
    const contents = files.get(path) ?? new Uint8Array()
    const found = policyFor(path)
    if (found !== null && !policies.includes(found)) policies.push(found)
    return {
      path: path === 'index.html' ? '' : path,
      bytes: contents.byteLength,
      sha256: createHash('sha256').update(contents).digest('hex'),
      ...(found === null ? {} : { policy: policies.indexOf(found) }),
    }
  }
  const paths = [...files.keys()].filter((path) => !NEVER.test(path)).sort()
  const list = {
    app: paths.filter((path) => !KEPT.test(path)).map(describe),
    kept: paths.filter((path) => KEPT.test(path)).map(describe),
    headers: COMMON,
    policies,
  }
  return { version: createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, 16), ...list }
}

/** For hosts that read such a file. A file's policy may stand there once: two would both hold. */
export function headersFile(paths: readonly string[]): string {
  const rule = (path: string, headers: Record<string, string>) =>
    [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n')
  const bound = ['', ...paths].flatMap((path) => {
    const policy = policyFor(path)
    return policy === null ? [] : [rule(`/${path}`, { 'Content-Security-Policy': policy })]
  })
  return `${[rule('/*', COMMON), ...bound].join('\n')}\n`
}

/** The chunks that the studio's page loads, now or later. */
function chunksOfStudio(bundle: Rollup.OutputBundle): Set<string> {
  const found = new Set<string>()
  const add = (name: string): void => {
    const chunk = bundle[name]
    if (chunk?.type !== 'chunk' || found.has(name)) return
    found.add(name)
    for (const next of [...chunk.imports, ...chunk.dynamicImports]) add(next)
  }
  for (const [name, one] of Object.entries(bundle))
    if (one.type === 'chunk' && one.isEntry && one.name === 'studio') add(name)
  return found
}

const filesBelow = (folder: string): Map<string, Uint8Array> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file).replaceAll(sep, '/'), readFileSync(file)]),
  )

/** One file without imports, as every browser takes it. */
async function buildWorker(root: string, list: BuildList): Promise<string> {
  const built = (await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { '@': join(root, 'src') } },
    define: { INLAY_BUILD: JSON.stringify(list) },
    build: {
      write: false,
      target: 'es2023',
      rollupOptions: {
        input: join(root, 'src/offline/serviceWorker.ts'),
        output: { format: 'iife' },
      },
    },
  })) as Rollup.RollupOutput
  return built.output[0].code
}

/** Adds `sw.js` and `_headers` to the folder that has been built. */
export function offlineBuild(root: string): Plugin {
  return {
    name: 'offline-build',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler({ dir }, bundle) {
        if (dir === undefined) throw new Error('the build has no folder')
        const studio = chunksOfStudio(bundle)
        const files = filesBelow(dir)
        for (const [name, { type }] of Object.entries(bundle))
          if (type === 'chunk' && !studio.has(name)) files.delete(name)
        writeFileSync(join(dir, '_headers'), headersFile([...files.keys(), 'sw.js']))
        writeFileSync(join(dir, 'sw.js'), await buildWorker(root, listBuild(files)))
      },
    },
  }
}
