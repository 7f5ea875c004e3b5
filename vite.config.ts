import react from '@vitejs/plugin-react'
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

import { engineDeclarations } from './scripts/declarations.ts'
import { limitedFirstLoad } from './scripts/firstLoad.ts'
import { CLOSED_POLICY, headersFor, ISOLATION } from './scripts/headers.mjs'
import { thirdPartyNotices } from './scripts/notices.ts'
import { offlineBuild } from './scripts/offlineBuild.ts'
import manifest from './package.json' with { type: 'json' }

const root = fileURLToPath(new URL('.', import.meta.url))

/** Both wasm builds of the runtime: the small one needs JSPI, the other serves the rest. */
const ORT_FILES = ['jspi', 'asyncify'].flatMap((build) =>
  ['mjs', 'wasm'].map((ext) => `ort-wasm-simd-threaded.${build}.${ext}`),
)

/** Another server may be reading the old file, so the new one takes its place in one step. */
function copyIfNew(from: string, to: string) {
  const [source, target] = [`${root}${from}`, `${root}${to}`]
  const wanted = statSync(source)
  if (existsSync(target)) {
    const have = statSync(target)
    if (have.size === wanted.size && have.mtimeMs >= wanted.mtimeMs) return
  }
  const half = `${target}.${process.pid}`
  copyFileSync(source, half)
  renameSync(half, target)
}

/** Copies onnxruntime's wasm into `public/ort`, so that it is served from our own origin. */
function selfHostedRuntime(): Plugin {
  return {
    name: 'self-hosted-runtime',
    buildStart() {
      mkdirSync(`${root}public/ort`, { recursive: true })
      for (const file of ORT_FILES)
        copyIfNew(`node_modules/onnxruntime-web/dist/${file}`, `public/ort/${file}`)
    },
    generateBundle: {
      order: 'post',
      // The runtime names its wasm as an asset too; with our own copy nobody asks for that one.
      handler(_, bundle) {
        for (const name of Object.keys(bundle))
          if (/ort-wasm-[^/]*\.wasm$/.test(name)) Reflect.deleteProperty(bundle, name)
      },
    },
  }
}

/** The policy of each file: in the head of pages, and as a header where the build is served from here. */
function strictPolicy(): Plugin {
  return {
    name: 'strict-policy',
    apply: (_, { command, isPreview }) => command === 'build' || isPreview === true,
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CLOSED_POLICY },
        injectTo: 'head-prepend',
      },
    ],
    configurePreviewServer(server) {
      server.middlewares.use(({ url = '/' }, response, next) => {
        const path = url.replace(/^\/|[?#].*$/g, '')
        for (const [name, value] of Object.entries(headersFor(path))) response.setHeader(name, value)
        next()
      })
    },
  }
}

/** How long plugins take is of no interest to whoever starts the studio. */
const QUIET = { pluginTimings: false }

export default defineConfig({
  base: './',
  define: { 'import.meta.env.VITE_INLAY_VERSION': JSON.stringify(manifest.version) },
  plugins: [
    react(),
    selfHostedRuntime(),
    strictPolicy(),
    engineDeclarations(root),
    limitedFirstLoad(),
    thirdPartyNotices(root),
    offlineBuild(root),
  ],
  resolve: {
    alias: { '@': `${root}src`, '@shaders': `${root}shaders`, '@inlay/engine': `${root}src/engine/index.ts` },
  },
  worker: { format: 'es', rollupOptions: { checks: QUIET } },
  optimizeDeps: { exclude: ['onnxruntime-web', '@jsquash/avif'] },
  build: {
    target: 'es2023',
    rollupOptions: {
      checks: QUIET,
      input: {
        studio: `${root}index.html`,
        headless: `${root}headless.html`,
        engine: `${root}src/engine/index.ts`,
        example: `${root}examples/engine/index.html`,
      },
      // Pages of others import what the engine's entry exports, under a name that stays.
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: ({ name }) => (name === 'engine' ? 'engine/engine.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { headers: ISOLATION },
})
