import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'

import { CLOSED_POLICY } from './headers.mjs'
import { headersFile, listBuild } from './offlineBuild'

const text = (value: string) => new TextEncoder().encode(value)
const build = () =>
  new Map([
    ['index.html', text('<p>studio</p>')],
    ['headless.html', text('<p>tools</p>')],
    ['assets/studio-a.js', text('start()')],
    ['assets/modelsWorker-b.js', text('download()')],
    ['assets/pixelWorker-d.js', text('decode()')],
    ['assets/avif_enc-e.wasm', text('encoder')],
    ['assets/inter-c.woff2', text('font')],
    ['models/scene/manifest.json', text('{}')],
    ['ort/ort-wasm-simd-threaded.jspi.mjs', text('runtime')],
    ['samples/CREDITS.md', text('by')],
    ['samples/meadow.jpg', text('photo')],
  ])

test('lists what the studio needs to open, and apart from it what it needs to fuse', () => {
  const { app, kept } = listBuild(build())
  expect(app.map(({ path }) => path).sort()).toEqual([
    '',
    'assets/inter-c.woff2',
    'assets/modelsWorker-b.js',
    'assets/pixelWorker-d.js',
    'assets/studio-a.js',
  ])
  expect(kept.map(({ path }) => path)).toEqual([
    'assets/avif_enc-e.wasm',
    'models/scene/manifest.json',
    'ort/ort-wasm-simd-threaded.jspi.mjs',
    'samples/meadow.jpg',
  ])
  expect(kept[3]).toEqual({
    path: 'samples/meadow.jpg',
    bytes: 5,
    sha256: createHash('sha256').update('photo').digest('hex'),
  })
})

test('pages and workers carry their policy, and only one may ask others', () => {
  const { app, kept, policies } = listBuild(build())
  const policyOf = (path: string) =>
    policies[[...app, ...kept].find((file) => file.path === path)?.policy ?? -1]
  expect(policyOf('')).toContain(CLOSED_POLICY)
  expect(policyOf('assets/pixelWorker-d.js')).toBe(CLOSED_POLICY)
  expect(policyOf('ort/ort-wasm-simd-threaded.jspi.mjs')).toBe(CLOSED_POLICY)
  expect(policyOf('assets/modelsWorker-b.js')).toContain("connect-src 'self' https:")
  expect(policyOf('assets/inter-c.woff2')).toBeUndefined()
})

test('another content is another version, the same content the same', () => {
  const { version } = listBuild(build())
  expect(listBuild(build()).version).toBe(version)
  expect(listBuild(build().set('models/scene/manifest.json', text('{ }'))).version).not.toBe(version)
  expect(listBuild(build().set('headless.html', text('other tools'))).version).toBe(version)
})

test('a _headers file names every policy once, so that no file has two', () => {
  const rules = headersFile([...build().keys(), 'sw.js'])
    .split(/\n(?=\/)/)
    .map((rule) => rule.split('\n  '))
  expect(rules[0][0]).toBe('/*')
  expect(rules[0].join()).toContain('Cross-Origin-Embedder-Policy: require-corp')
  expect(rules[0].join()).not.toContain('Content-Security-Policy')
  const bound = rules.slice(1).map(([path]) => path)
  expect(bound).toEqual(expect.arrayContaining(['/', '/index.html', '/sw.js', '/assets/modelsWorker-b.js']))
  expect(new Set(bound).size).toBe(bound.length)
})
