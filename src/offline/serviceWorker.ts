/**
 * The service worker: the studio's own files from the browser's cache, so that it opens without a network, each with
 * the headers that a plain host does not send. A new build is stored beside the one that runs, and waits.
 */
import {
  appCacheOf,
  ASK_KEPT,
  keptCacheOf,
  pageLockOf,
  SHARE_PATH,
  sharedCacheOf,
  TAKE_OVER,
  TIDY,
  type BuildList,
  type BuiltFile,
} from '@/offline/build'
import { keepFiles, keyOf, neededHere, readBuilt } from '@/offline/files'

declare const self: ServiceWorkerGlobalScope
/** Written by the build. */
declare const INLAY_BUILD: BuildList

const BUILD = INLAY_BUILD
const BASE = self.registration.scope
const OWN = appCacheOf(BASE, BUILD.version)
const KEPT = neededHere(BUILD.kept)
const FILES = new Map([...BUILD.app, ...BUILD.kept].map((file) => [file.path, file]))
const KEEPABLE = new Set(KEPT)
/** Their names change with their contents. */
const isHashed = (path: string): boolean => path.startsWith('assets/')
const AT_ONCE = 6

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([self.clients.claim(), deleteOldBuilds()])),
)
self.addEventListener('message', (event) => {
  if (event.data === ASK_KEPT) event.ports[0]?.postMessage(KEPT)
  if (event.data === TAKE_OVER) void self.skipWaiting()
  if (event.data === TIDY) event.waitUntil(deleteOldBuilds())
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { href, search } = new URL(request.url)
  if (!href.startsWith(BASE)) return
  const path = decodeURI(href.slice(BASE.length).replace(/[?#].*$/, ''))
  if (request.method === 'POST' && path === SHARE_PATH) return event.respondWith(takeShared(request))
  if (request.method !== 'GET') return
  const file = FILES.get(path === 'index.html' ? '' : path)
  // A page takes its parameters from its address; no other file has any.
  if (search !== '' && file?.path !== '') return
  if (file || isHashed(path)) event.respondWith(answer(request, path, file))
})

async function install(): Promise<void> {
  const cache = await caches.open(OWN)
  const left = [...BUILD.app]
  const storeNext = async (): Promise<void> => {
    for (let file = left.pop(); file; file = left.pop()) {
      const stored = isHashed(file.path) ? await findInBuilds(file.path) : undefined
      await cache.put(addressOf(file.path), withHeaders(stored ?? (await readBuilt(file, BASE)), file))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, storeNext))
  // Who wants to fuse without a network wants it with the next build, too.
  if (await caches.has(keptCacheOf(BASE))) await keepFiles(KEPT, BASE)
}

const addressOf = (path: string): string => new URL(path, BASE).href

/** From this build, then from those that an older page still runs. */
async function findInBuilds(path: string): Promise<Response | undefined> {
  const found = await (await caches.open(OWN)).match(addressOf(path))
  if (found || !isHashed(path)) return found
  for (const name of await olderBuilds()) {
    const older = await (await caches.open(name)).match(addressOf(path))
    if (older) return older
  }
  return undefined
}

const olderBuilds = async (): Promise<string[]> =>
  (await caches.keys()).filter((name) => name.startsWith(appCacheOf(BASE, '')) && name !== OWN)

async function answer(request: Request, path: string, file: BuiltFile | undefined): Promise<Response> {
  const stored = await findInBuilds(file?.path ?? path)
  if (stored) return stored
  if (file && KEEPABLE.has(file) && (await caches.has(keptCacheOf(BASE)))) {
    const kept = await (await caches.open(keptCacheOf(BASE))).match(keyOf(file, BASE))
    if (kept) return withHeaders(kept, file)
  }
  const response = await fetch(request)
  return file && response.ok ? withHeaders(response, file) : response
}

/** Isolation and policies, which plain hosts do not send. */
function withHeaders(response: Response, { policy }: BuiltFile): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(BUILD.headers)) headers.set(name, value)
  if (policy !== undefined) headers.set('Content-Security-Policy', BUILD.policies[policy])
  return new Response(response.body, { status: response.status, headers })
}

/** Deletes what only older builds need, once no page of theirs is open. */
async function deleteOldBuilds(): Promise<void> {
  // One that is being stored, or waits, is no older one.
  if (self.registration.installing ?? self.registration.waiting) return
  const prefix = pageLockOf('')
  const { held = [] } = await navigator.locks.query()
  const scripts = held.flatMap(({ name = '' }) =>
    name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
  )
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  // One that has only begun does not say yet which build it is of.
  if (pages.filter(({ url }) => url.startsWith(BASE)).length > scripts.length) return
  for (const name of await olderBuilds()) {
    const cache = await caches.open(name)
    const used = await Promise.all(scripts.map((script) => cache.match(script)))
    if (used.every((found) => found === undefined)) await caches.delete(name)
  }
  if ((await olderBuilds()).length > 0 || !(await caches.has(keptCacheOf(BASE)))) return
  const kept = await caches.open(keptCacheOf(BASE))
  const wanted = new Set(KEPT.map((file) => keyOf(file, BASE)))
  for (const request of await kept.keys()) if (!wanted.has(request.url)) await kept.delete(request)
}

/** Pictures that another program shares wait in a cache until the page has opened. */
async function takeShared(request: Request): Promise<Response> {
  const files = [...(await request.formData()).values()].filter((value) => value instanceof File)
  const cache = await caches.open(sharedCacheOf(BASE))
  for (const [index, file] of files.entries())
    await cache.put(
      addressOf(`shared/${Date.now()}-${index}/${encodeURIComponent(file.name)}`),
      new Response(file, { headers: { 'Content-Type': file.type } }),
    )
  return Response.redirect(addressOf('?shared'), 303)
}
