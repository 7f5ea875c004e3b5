// Builds dist/ when it is missing or older than what it is made of.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'vite'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const DIST = join(ROOT, 'dist')

const SOURCES = [
  'src',
  'shaders',
  'public',
  'bench',
  'index.html',
  'headless.html',
  'examples',
  'vite.config.ts',
  'scripts/declarations.ts',
  'scripts/headers.mjs',
  'scripts/notices.ts',
  'scripts/offlineBuild.ts',
  'package-lock.json',
]
/** Written by the build itself; tests and their pictures are not in it. */
const IGNORED = /[\\/]public[\\/]ort([\\/]|$)|\.test\.tsx?$|[\\/]fixtures([\\/]|$)/

/** @param {string} path @returns {number} the newest modification time at or below `path`, ms */
function newest(path) {
  if (!existsSync(path) || IGNORED.test(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs)
}

export function isBuildStale() {
  const built = join(DIST, 'headless.html')
  return !existsSync(built) || SOURCES.some((name) => newest(join(ROOT, name)) > statSync(built).mtimeMs)
}

/**
 * Builds beside dist/ and swaps, so that a command that runs meanwhile never sees half a build.
 * @param {{force?: boolean}} [options]
 */
export async function ensureBuild({ force = false } = {}) {
  if (!force && !isBuildStale()) return
  console.error('Building …')
  const started = Date.now()
  const fresh = join(ROOT, '.cache', `dist-${process.pid}`)
  const old = `${fresh}-old`
  try {
    // Tests set it, and React would come as it is for its developers: half as large again.
    process.env.NODE_ENV = 'production'
    await build({
      root: ROOT,
      logLevel: 'warn',
      build: { outDir: fresh, emptyOutDir: true, chunkSizeWarningLimit: 4000 },
    })
    if (existsSync(DIST)) renameSync(DIST, old)
    renameSync(fresh, DIST)
  } finally {
    rmSync(old, { recursive: true, force: true })
    rmSync(fresh, { recursive: true, force: true })
  }
  console.error(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await ensureBuild({ force: process.argv.includes('--force') })
