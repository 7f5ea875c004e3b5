import { transfer, wrap } from 'comlink'

import type { CutoutMessage, PixelApi } from '@/app/pixels/protocol'
import { problemOf } from '@/base/errors'
import type { Outcome } from '@/worker/protocol'

export type Pixels = PixelApi & {
  /** A port for a cut-out: progress comes in, aborting goes out. */
  cutoutPort(signal: AbortSignal, onProgress: (fraction: number) => void): MessagePort
}

/** Starts the pixel worker. Its answers are outcomes; a worker that cannot be loaded is one too. */
export function openPixels(): Pixels {
  const worker = new Worker(new URL('./pixelWorker.ts', import.meta.url), { type: 'module' })
  const remote = wrap<PixelApi>(worker)
  let crash: (reason: unknown) => void = () => undefined
  const crashed = new Promise<never>((_, reject) => (crash = reject))
  crashed.catch(() => undefined)
  worker.addEventListener('error', (event) => crash(new Error(event.message || 'the pixel worker failed')))

  const guarded = async <T>(answer: Promise<Outcome<T>>): Promise<Outcome<T>> => {
    try {
      return await Promise.race([answer, crashed])
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  }

  return {
    importFile: (file, name) => guarded(remote.importFile(file, name)),
    importRaster: (raster, name) =>
      guarded(remote.importRaster(transfer(raster, [raster.data.buffer]), name)),
    prepare: (asset) => guarded(remote.prepare(asset)),
    persist: (hash) => guarded(remote.persist(hash)),
    forget: (hash) => guarded(remote.forget(hash)),
    has: (hash) => guarded(remote.has(hash)),
    raster: (asset) => guarded(remote.raster(asset)),
    flatten: (base, recipe) => guarded(remote.flatten(base, recipe)),
    cutoutOpen: (hash) => guarded(remote.cutoutOpen(hash)),
    cutoutPreview: (hash, method, port) =>
      guarded(remote.cutoutPreview(hash, method, transfer(port, [port]))),
    cutoutApply: (hash, method, port) => guarded(remote.cutoutApply(hash, method, transfer(port, [port]))),
    encodeResult: (asset, recipe) => guarded(remote.encodeResult(asset, recipe)),
    addResult: (asset, recipe) => guarded(remote.addResult(asset, recipe)),
    listResults: () => guarded(remote.listResults()),
    resultFile: (id) => guarded(remote.resultFile(id)),
    removeResult: (id) => guarded(remote.removeResult(id)),
    cutoutPort(signal, onProgress) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = (event: MessageEvent<CutoutMessage>) => {
        if (typeof event.data === 'number') onProgress(event.data)
      }
      signal.addEventListener('abort', () => port1.postMessage('abort'))
      return port2
    },
  }
}
