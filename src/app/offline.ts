import { persistStorage } from '@/app/persist'
import { problemOf } from '@/base/errors'
import { ASK_KEPT, keptCacheOf, pageLockOf, TAKE_OVER, TIDY, type BuiltFile } from '@/offline/build'
import { findKept, keepFiles } from '@/offline/files'
import { estimateStorage } from '@/storage/quota'
import type { ModelsStore } from '@/ui/stores/models'
import { createOfflineStore } from '@/ui/stores/offline'
import type { ToastStore } from '@/ui/stores/toasts'
import type { OfflineService } from '@/ui/studio'
import { say } from '@/words/say'

interface OfflineOptions {
  /** The studio's folder. */
  base: string
  toasts: ToastStore
  /** Saves what is not saved yet; says whether everything is. */
  save(): Promise<boolean>
  /** Told how much is stored. */
  models: ModelsStore
}

/** How often a studio that stays open looks for a new version, ms. */
const LOOK_EVERY = 3_600_000

/** A piece is 64 kB: showing each would cost more than storing it. ms. */
const SHOW_EVERY = 100

const sizeOf = (files: Iterable<BuiltFile>): number => [...files].reduce((sum, { bytes }) => sum + bytes, 0)

/** The studio without a network, and its new versions. Nothing happens before `start`. */
export function createOffline(options: OfflineOptions): OfflineService & { start(): Promise<void> } {
  const { base, toasts, save, models } = options
  const store = createOfflineStore()
  const { setState, getState } = store
  let files: BuiltFile[] = []
  let stopping = new AbortController()
  /** Reloading has been asked for here. */
  let asked = false

  const look = async () => {
    setState({ keptBytes: sizeOf(await findKept(files, base)) })
    models.setState({ storage: await estimateStorage() })
  }

  /** @param served this page came from its server, without the worker's headers */
  const ready = async (worker: ServiceWorker, served: boolean) => {
    files = await askKept(worker)
    setState({
      studio: 'ready',
      totalBytes: sizeOf(files),
      reloadHelps: served && !window.crossOriginIsolated,
    })
    await look()
  }

  /** The new version may only take over what is saved. */
  const update = async (registration: ServiceWorkerRegistration) => {
    if (!(await save())) {
      toasts.actions.problem(UNSAVED, { label: say('Try again'), run: () => void update(registration) })
      return
    }
    const reload = () => location.reload()
    // Another page may have let it take over meanwhile.
    if (!registration.waiting) return reload()
    asked = true
    navigator.serviceWorker.addEventListener('controllerchange', reload, { once: true })
    registration.waiting.postMessage(TAKE_OVER)
  }
  const watchUpdates = (registration: ServiceWorkerRegistration) => {
    const offer = (message: typeof NEW_VERSION | typeof UPDATED_ELSEWHERE) =>
      toasts.actions.offer(say(message), { label: say('Reload'), run: () => void update(registration) })
    // The first one of all is no new version.
    let isUpdate = registration.active !== null
    const follow = () => {
      const { installing } = registration
      installing?.addEventListener('statechange', () => {
        if (installing.state === 'installed' && isUpdate) offer(NEW_VERSION)
        // A full disk, or a host that changes files: the studio works as long as it is served.
        if (installing.state === 'redundant' && registration.active === null) setState({ studio: 'none' })
      })
    }
    if (registration.waiting) offer(NEW_VERSION)
    follow()
    registration.addEventListener('updatefound', follow)
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (isUpdate && !asked) offer(UPDATED_ELSEWHERE)
      isUpdate = true
    })
    let last = Date.now()
    window.document.addEventListener('visibilitychange', () => {
      if (window.document.hidden || Date.now() - last < LOOK_EVERY) return
      last = Date.now()
      // Without a network there is none.
      void registration.update().catch(() => undefined)
    })
  }

  return {
    store,
    async start() {
      // Absent over plain http, whatever the types say.
      const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
      if (!import.meta.env.PROD || !serviceWorker) return
      void navigator.locks.request(
        pageLockOf(import.meta.url),
        { mode: 'shared' },
        () => new Promise(() => {}),
      )
      const served = serviceWorker.controller === null
      try {
        const registration = await serviceWorker.register(new URL('sw.js', base), { updateViaCache: 'none' })
        setState({ studio: registration.active ? 'ready' : 'preparing' })
        watchUpdates(registration)
        const { active } = await serviceWorker.ready
        if (!active) return
        await ready(active, served)
        active.postMessage(TIDY)
      } catch (error) {
        // Private windows may forbid it: the studio works as long as it is served.
        console.warn('The studio cannot be stored for use without a network.', error)
        setState({ studio: 'none' })
      }
    },
    async keep() {
      if (getState().keeping) return
      stopping = new AbortController()
      setState({ keeping: true, problem: null })
      void persistStorage()
      let { keptBytes } = getState()
      let shownAt = 0
      const onBytes = (bytes: number) => {
        keptBytes += bytes
        if (performance.now() - shownAt < SHOW_EVERY) return
        shownAt = performance.now()
        setState({ keptBytes })
      }
      await keepFiles(files, base, { signal: stopping.signal, onBytes }).catch((error: unknown) => {
        if (!stopping.signal.aborted) setState({ problem: problemOf(error) })
      })
      await look()
      setState({ keeping: false })
    },
    stop: () => stopping.abort(),
    async remove() {
      await caches.delete(keptCacheOf(base))
      setState({ problem: null })
      await look()
    },
  }
}

const NEW_VERSION = 'A new version is ready.'
const UPDATED_ELSEWHERE = 'Inlay was updated in another tab.'
const UNSAVED = {
  code: 'storage-failed',
  message: 'The new version waits, because your last changes are not saved.',
  hint: 'Free some space, or download your picture, then try again.',
} as const

/** Which files the worker would serve from the cache. */
function askKept(worker: ServiceWorker): Promise<BuiltFile[]> {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = (event: MessageEvent<BuiltFile[]>) => {
      port1.close()
      done(event.data)
    }
    worker.postMessage(ASK_KEPT, [port2])
  })
}
