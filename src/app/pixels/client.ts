import { transfer } from 'comlink'

import { freePixels, type ProgressMessage, type ImportedPicture, type PixelApi } from '@/app/pixels/protocol'
import type { Problem } from '@/base/errors'
import type { Outcome } from '@/worker/protocol'
import { superviseWorker } from '@/worker/supervised'

export type Pixels = PixelApi & {
  /** Ends when every picture that is being stored now is; null where none is. */
  storing(): Promise<void> | null
  /** A port for long work: progress comes in, aborting goes out. */
  progressPort(signal: AbortSignal, onProgress: (fraction: number) => void): MessagePort
}

const CRASHED: Problem = {
  code: 'internal',
  message: 'The part of the studio that works on pictures stopped unexpectedly.',
  hint: 'It has been started again and your document is intact; try that again.',
}
const HUNG: Problem = {
  code: 'internal',
  message: 'Working on this picture did not come to an end.',
  hint: 'Your document is intact. If it happens again with the same picture, save it anew from another program.',
}

/** Pixels are worked on in short loops that beat, a row at a time; the rest is the browser's and does not block. */
const SILENCE_MS = 20_000
/** The largest file that is read takes a minute on a slow machine. */
const IMPORT_MS = 600_000

/**
 * Starts the pixel worker. Its answers are outcomes; a worker that is lost or cannot be loaded is one too. Nothing is
 * stored before `entered`: another tab may be clearing the storage up.
 */
export function openPixels(entered: Promise<void>): Pixels {
  /** Where the pictures came from that only the worker has: one that is started anew reads them again. */
  const sources = new Map<string, { file: Blob; name: string }>()
  const worker = superviseWorker<PixelApi>({
    start: () => new Worker(new URL('./pixelWorker.ts', import.meta.url), { type: 'module' }),
    crashed: CRASHED,
    hung: HUNG,
    silenceMs: SILENCE_MS,
    onLost: () => {
      for (const { file, name } of sources.values()) void importFile(file, name).then(closeBitmap)
    },
  })
  const closeBitmap = (done: Outcome<ImportedPicture>) => {
    if (done.ok) freePixels(done.value.picture)
  }
  const storing = new Set<Promise<unknown>>()
  const importFile = (file: Blob, name: string) => worker.call((api) => api.importFile(file, name), IMPORT_MS)

  return {
    async importFile(file, name) {
      const done = await importFile(file, name)
      if (done.ok) sources.set(done.value.picture.asset.hash, { file, name })
      return done
    },
    async persist(hash) {
      const call = entered.then(() => worker.call((api) => api.persist(hash)))
      storing.add(call)
      const done = await call.finally(() => storing.delete(call))
      if (done.ok) sources.delete(hash)
      return done
    },
    storing: () => (storing.size === 0 ? null : Promise.allSettled(storing).then(() => undefined)),
    forget(hash) {
      sources.delete(hash)
      return worker.call((api) => api.forget(hash))
    },
    importRaster: (raster, name) =>
      worker.call((api) => api.importRaster(transfer(raster, [raster.data.buffer]), name)),
    prepare: (asset) => worker.call((api) => api.prepare(asset)),
    has: (hash) => entered.then(() => worker.call((api) => api.has(hash))),
    raster: (asset) => worker.call((api) => api.raster(asset)),
    flatten: (drawn) => worker.call((api) => api.flatten(drawn)),
    merge: (drawn, name, ground) => worker.call((api) => api.merge(drawn, name, ground)),
    encodeAs: (png, format, quality, port) =>
      worker.call((api) => api.encodeAs(png, format, quality, transfer(port, [port]))),
    hasDeep: (asset) => worker.call((api) => api.hasDeep(asset)),
    encodeDeep: (png, ground, port) =>
      worker.call((api) => api.encodeDeep(png, ground, transfer(port, [port]))),
    encodeLayers: (source) => worker.call((api) => api.encodeLayers(source)),
    previewGround: (recipe, shapes, draft) => worker.call((api) => api.previewGround(recipe, shapes, draft)),
    previewLit: (recipe, shapes) => worker.call((api) => api.previewLit(recipe, shapes)),
    previewFront: (recipe) => worker.call((api) => api.previewFront(recipe)),
    importCarried: (file) => worker.call((api) => api.importCarried(file)),
    takeMask: (mask, name) => worker.call((api) => api.takeMask(mask, name)),
    snapStroke: (photo, stroke) => worker.call((api) => api.snapStroke(photo, stroke)),
    openChanges: (before, made) => worker.call((api) => api.openChanges(before, made)),
    takeBack: (away, earlier, name) => worker.call((api) => api.takeBack(away, earlier, name)),
    closeChanges: () => worker.call((api) => api.closeChanges()),
    cutoutOpen: (hash) => worker.call((api) => api.cutoutOpen(hash)),
    cutoutPreview: (hash, method, port) =>
      worker.call((api) => api.cutoutPreview(hash, method, transfer(port, [port]))),
    cutoutApply: (hash, method, port) =>
      worker.call((api) => api.cutoutApply(hash, method, transfer(port, [port]))),
    removeDust: (hash) => worker.call((api) => api.removeDust(hash)),
    encodeResult: (asset, recipe) => worker.call((api) => api.encodeResult(asset, recipe)),
    addResult: (asset, recipe, documentId) =>
      entered.then(() => worker.call((api) => api.addResult(asset, recipe, documentId))),
    listResults: (before) => worker.call((api) => api.listResults(before)),
    resultFile: (id) => worker.call((api) => api.resultFile(id)),
    pictureFile: (asset) => worker.call((api) => api.pictureFile(asset)),
    resultsOf: (document) => worker.call((api) => api.resultsOf(document)),
    storeProject: (file, port) =>
      entered.then(() => worker.call((api) => api.storeProject(file, transfer(port, [port])))),
    deleteResult: (id) => worker.call((api) => api.deleteResult(id)),
    undeleteResult: (id) => worker.call((api) => api.undeleteResult(id)),
    purgeResult: (id) => worker.call((api) => api.purgeResult(id)),
    removeResult: (id) => worker.call((api) => api.removeResult(id)),
    starResult: (id, starred) => worker.call((api) => api.starResult(id, starred)),
    trimResults: (bytes) => worker.call((api) => api.trimResults(bytes)),
    importResults: (files, port) =>
      entered.then(() => worker.call((api) => api.importResults(files, transfer(port, [port])))),
    held: () => worker.call((api) => api.held()),
    sweep: (live) => worker.call((api) => api.sweep(live)),
    progressPort(signal, onProgress) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = (event: MessageEvent<ProgressMessage>) => {
        if (typeof event.data === 'number') onProgress(event.data)
      }
      signal.addEventListener('abort', () => port1.postMessage('abort'))
      return port2
    },
  }
}
