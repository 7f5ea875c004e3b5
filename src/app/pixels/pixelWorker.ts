import { expose, transfer } from 'comlink'

import { cutOut } from '@/app/pixels/cutOut'
import { preparePicture } from '@/app/pixels/prepare'
import type {
  CutoutMessage,
  ImportedPicture,
  ListedResult,
  PixelApi,
  PreparedPicture,
} from '@/app/pixels/protocol'
import { decodeImage } from '@/assets/decode'
import { hashRaster } from '@/assets/hash'
import { compositeOver, placeForeground } from '@/assets/paste'
import { decodePng, encodePng } from '@/assets/png'
import { embedRecipe, extractRecipe } from '@/assets/recipe'
import { thumbnail } from '@/assets/resample'
import { problemOf } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { AssetRef } from '@/schema/common'
import { createAssetStore } from '@/storage/assets'
import { createResultStore } from '@/storage/results'
import type { Outcome } from '@/worker/protocol'

const assets = createAssetStore({
  encode: (raster) => encodePng(raster),
  decode: decodePng,
  hash: hashRaster,
})
const results = createResultStore()

/** Pictures that are not in storage (yet): nothing of the user's may be lost when storing fails. */
const unsaved = new Map<string, { raster: Raster; name: string; claims: number }>()
/** The last pictures that were read, so that a run or a cut-out need not read them again. */
const recent = new Map<string, Raster>()
const RECENT_BYTES = 320e6
const PREVIEW_SIDE = 900

async function outcome<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

function remember(hash: string, raster: Raster): Raster {
  recent.delete(hash)
  recent.set(hash, raster)
  let bytes = 0
  for (const [key, { data }] of [...recent].reverse()) {
    bytes += data.byteLength
    if (bytes > RECENT_BYTES && key !== hash) recent.delete(key)
  }
  return raster
}

async function read(asset: AssetRef | string): Promise<Raster> {
  const hash = typeof asset === 'string' ? asset : asset.hash
  const known = unsaved.get(hash)?.raster ?? recent.get(hash)
  return remember(hash, known ?? (await assets.get(asset)))
}

async function take(raster: Raster, name: string): Promise<AssetRef> {
  const hash = await hashRaster(raster)
  remember(hash, raster)
  unsaved.set(hash, { raster, name, claims: (unsaved.get(hash)?.claims ?? 0) + 1 })
  return { hash, name: name.slice(0, 300), width: raster.width, height: raster.height }
}

/** Hands the bitmap over instead of copying it. */
const sentOutcome = (done: Outcome<PreparedPicture>): Outcome<PreparedPicture> =>
  done.ok ? transfer(done, [done.value.bitmap]) : done

/** A broken recipe is told, not thrown: the picture itself may still be good. */
function recipeIn(bytes: Uint8Array<ArrayBuffer>): Pick<ImportedPicture, 'recipe' | 'recipeProblem'> {
  try {
    return { recipe: extractRecipe(bytes), recipeProblem: null }
  } catch (error) {
    return { recipe: null, recipeProblem: problemOf(error) }
  }
}

async function small(hash: string): Promise<{ image: Raster; scale: number }> {
  const raster = await read(hash)
  const image = thumbnail(raster, PREVIEW_SIDE)
  return { image, scale: image.width / raster.width }
}

/** Runs work that can be aborted through its port, and reports progress on it. */
async function overPort<T>(
  port: MessagePort,
  work: (signal: AbortSignal, onProgress: (fraction: number) => void) => Promise<T>,
): Promise<Outcome<T>> {
  const control = new AbortController()
  port.onmessage = (event: MessageEvent<CutoutMessage>) => {
    if (event.data === 'abort') control.abort()
  }
  const done = await outcome(() => work(control.signal, (fraction) => port.postMessage(fraction)))
  port.close()
  return done
}

const listed = ({ id, time, recipe, thumbnail: picture }: ListedResult): ListedResult => ({
  id,
  time,
  recipe,
  thumbnail: picture,
})

const api: PixelApi = {
  importFile: (file, name) =>
    outcome(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer())
      const { raster, notes } = await decodeImage(file, name)
      const picture = await preparePicture(raster, await take(raster, name))
      return { picture, notes, ...recipeIn(bytes) }
    }).then((done) => (done.ok ? transfer(done, [done.value.picture.bitmap]) : done)),

  importRaster: (raster, name) =>
    outcome(async () => preparePicture(raster, await take(raster, name))).then(sentOutcome),

  prepare: (asset) => outcome(async () => preparePicture(await read(asset), asset)).then(sentOutcome),

  persist: (hash) =>
    outcome(async () => {
      const waiting = unsaved.get(hash)
      if (waiting) await assets.put(waiting.raster, waiting.name)
      unsaved.delete(hash)
      return null
    }),

  forget: (hash) =>
    outcome(async () => {
      const waiting = unsaved.get(hash)
      if (waiting && --waiting.claims <= 0) unsaved.delete(hash)
      return null
    }),

  has: (hash) => outcome(async () => unsaved.has(hash) || (await assets.has(hash))),

  raster: (asset) =>
    outcome(async () => {
      const { width, height, data } = await read(asset)
      return { width, height, data: data.slice() }
    }).then((done) => (done.ok ? transfer(done, [done.value.data.buffer]) : done)),

  flatten: (base, recipe) =>
    outcome(async () => {
      let picture = await read(base)
      for (const foreground of recipe?.mode === 'place' ? recipe.foregrounds : [])
        picture = compositeOver(picture, placeForeground(await read(foreground.asset), foreground, picture))
      return new Blob([await encodePng(picture)], { type: 'image/png' })
    }),

  cutoutOpen: (hash) => outcome(() => small(hash)),

  cutoutPreview: (hash, method, port) =>
    overPort(port, async (signal, onProgress) => {
      const { image, scale } = await small(hash)
      return cutOut(image, method, scale, signal, onProgress)
    }),

  cutoutApply: (hash, method, port) =>
    overPort(port, async (signal, onProgress) => {
      const cut = await cutOut(await read(hash), method, 1, signal, onProgress)
      const name = unsaved.get(hash)?.name ?? 'Cut-out'
      return preparePicture(cut, await take(cut, name))
    }).then(sentOutcome),

  encodeResult: (asset, recipe) =>
    outcome(async () => new Blob([await embedRecipe(await read(asset), recipe)], { type: 'image/png' })),

  addResult: (asset, recipe) =>
    outcome(async () => {
      const raster = await read(asset)
      const picture = new Blob([await encodePng(thumbnail(raster, 280))], { type: 'image/png' })
      return listed(await results.add({ png: await embedRecipe(raster, recipe), recipe, thumbnail: picture }))
    }),

  listResults: () => outcome(async () => (await results.list(60)).map(listed)),
  resultFile: (id) => outcome(() => results.get(id)),
  removeResult: (id) => outcome(() => results.remove(id)),
}

expose(api)
