import { transfer } from 'comlink'

import { cutOut } from '@/app/pixels/cutOut'
import { deepened, deepOver } from '@/app/pixels/deepened'
import { encodeAs } from '@/app/pixels/encodeAs'
import { previewGround, type GroundPreview } from '@/app/pixels/ground'
import { flatOf, photoshopOf } from '@/app/pixels/layered'
import { previewFront, snapTo, storedMask } from '@/app/pixels/masks'
import { preparePicture } from '@/app/pixels/prepare'
import { importResults } from '@/app/pixels/importResults'
import { listed, pictureFile, resultThumbnail, storeProjectFile } from '@/app/pixels/projects'
import { previewLit } from '@/app/pixels/variation'
import type { ProgressMessage, ImportedPicture, PixelApi, PreparedPicture } from '@/app/pixels/protocol'
import { decodeBytes, readImageFile } from '@/assets/decode'
import { contentOf, withoutDust } from '@/assets/alpha'
import { hashRaster } from '@/assets/hash'
import { bothOf } from '@/assets/brush'
import { changeMask } from '@/assets/changes'
import { deepPng } from '@/assets/deep'
import { keptThrough, maskOf } from '@/assets/mask'
import { decodePng, encodePng } from '@/assets/png'
import { embedRecipe, extractCarried, extractRecipe } from '@/assets/recipe'
import { thumbnail } from '@/assets/resample'
import { fail, problemOf } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { keptName } from '@/base/names'
import { carriedAssets } from '@/document/queries'
import { resultsOf } from '@/project/ownResults'
import type { AssetRef } from '@/schema/common'
import { masksInUse } from '@/schema/modes/place'
import type { Recipe } from '@/schema/recipe'
import { createAssetStore } from '@/storage/assets'
import { createResultStore } from '@/storage/results'
import { setStar } from '@/storage/stars'
import { createSweeper } from '@/storage/sweep'
import type { Outcome } from '@/worker/protocol'
import { serve } from '@/worker/serve'

const assets = createAssetStore({
  encode: (raster) => encodePng(raster),
  decode: decodePng,
  hash: hashRaster,
  deepen: deepPng,
})
const results = createResultStore()
const sweeper = createSweeper(assets)

/** Pictures that are not in storage (yet): nothing of the user's may be lost when storing fails. */
const unsaved = new Map<string, Unsaved>()
interface Unsaved {
  raster: Raster
  name: string
  claims: number
  /** Its file, where that has 16 bits a channel. */
  file: Blob | null
}
/** The last pictures that were read, so that a run or a cut-out need not read them again. */
const recent = new Map<string, Raster>()
const RECENT_BYTES = 192e6
const PREVIEW_SIDE = 900
/** The photo and what was made of it, while changes are brushed away, and the mask of the last strokes. */
let changing: { before: Raster; made: Raster; mask: string | null } | null = null
/** Results that are listed at a time. */
const PAGE = 40

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

async function take(raster: Raster, name: string, file: Blob | null = null): Promise<AssetRef> {
  const hash = await hashRaster(raster)
  remember(hash, raster)
  const before = unsaved.get(hash)
  unsaved.set(hash, { raster, name, claims: (before?.claims ?? 0) + 1, file: file ?? before?.file ?? null })
  return { hash, name: keptName(name), width: raster.width, height: raster.height }
}

/** A picture's PNG of 16 bits a channel, null where it has none. */
async function deepOf(hash: string): Promise<Blob | null> {
  const { file, raster } = unsaved.get(hash) ?? {}
  if (!file || !raster) return assets.deep(hash)
  const png = await deepPng(new Uint8Array(await file.arrayBuffer()), raster)
  return png && new Blob([png], { type: 'image/png' })
}

/** Hands the bitmaps over instead of copying them. */
const sentOutcome = (done: Outcome<PreparedPicture>): Outcome<PreparedPicture> =>
  done.ok ? transfer(done, done.value.levels) : done

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
  port.onmessage = (event: MessageEvent<ProgressMessage>) => {
    if (event.data === 'abort') control.abort()
  }
  const done = await outcome(() => work(control.signal, (fraction) => port.postMessage(fraction)))
  port.close()
  return done
}

/** A result's file: its recipe goes along, and the pictures that nobody has as files. */
async function resultPng(raster: Raster, recipe: Recipe): Promise<Uint8Array<ArrayBuffer>> {
  const carried = await Promise.all(carriedAssets(recipe).map(read))
  return embedRecipe(raster, recipe, carried)
}

const bitmapsOf = ({ darkening, reflection, objects }: GroundPreview): ImageBitmap[] => [
  darkening,
  reflection,
  ...objects.map(({ bitmap }) => bitmap),
]

const api: PixelApi = {
  importFile: (file, name) =>
    outcome(async () => {
      const bytes = await readImageFile(file, name)
      const { raster, deep, notes } = await decodeBytes(bytes, name)
      const picture = await preparePicture(raster, await take(raster, name, deep ? file : null))
      return { picture, notes, ...recipeIn(bytes) }
    }).then((done) => (done.ok ? transfer(done, done.value.picture.levels) : done)),

  importCarried: (file) =>
    outcome(async () => {
      const carried = await extractCarried(new Uint8Array(await file.arrayBuffer()))
      return Promise.all(carried.map(async (raster) => (await take(raster, 'Mask')).hash))
    }),

  importRaster: (raster, name) =>
    outcome(async () => preparePicture(raster, await take(raster, name))).then(sentOutcome),

  prepare: (asset) => outcome(async () => preparePicture(await read(asset), asset)).then(sentOutcome),

  persist: (hash) =>
    outcome(async () => {
      const waiting = unsaved.get(hash)
      if (waiting)
        await sweeper.after(() => assets.put(waiting.raster, waiting.name, waiting.file ?? undefined))
      else if (!(await assets.has(hash))) {
        // The browser has deleted it since.
        const known =
          recent.get(hash) ??
          fail('missing-asset', 'A picture could not be saved.', 'Drop the file in again.', hash)
        // Where that fails it lives as long as the page, as what was never stored.
        unsaved.set(hash, { raster: known, name: hash, claims: 1, file: null })
        await sweeper.after(() => assets.put(known, hash))
      }
      // A file with more bits may have come meanwhile: it waits for its own turn.
      if (waiting?.file || !unsaved.get(hash)?.file) unsaved.delete(hash)
      return null
    }),

  forget: (hash) =>
    outcome(async () => {
      const waiting = unsaved.get(hash)
      if (waiting && --waiting.claims <= 0) unsaved.delete(hash)
      // A large picture may be 160 MB; who needs it after all reads it again.
      if (!unsaved.has(hash)) recent.delete(hash)
      return null
    }),

  has: (hash) => outcome(async () => unsaved.has(hash) || (await sweeper.after(() => assets.has(hash)))),

  raster: (asset) =>
    outcome(async () => {
      const { width, height, data } = await read(asset)
      return { width, height, data: data.slice() }
    }).then((done) => (done.ok ? transfer(done, [done.value.data.buffer]) : done)),

  flatten: (drawn) =>
    outcome(async () => {
      return new Blob([await encodePng((await flatOf(drawn, read)).flat)], { type: 'image/png' })
    }),
  merge: (drawn, name, ground) =>
    outcome(async () => {
      const { flat, beside } = await flatOf(drawn, read)
      const below = ground && (await deepOf(ground.hash))
      const file = below && (await deepOver(below, flat))
      return { picture: await preparePicture(flat, await take(flat, name, file)), beside }
    }).then((done) => (done.ok ? transfer(done, done.value.picture.levels) : done)),

  encodeAs: (png, format, quality, port) =>
    overPort(port, async (signal) =>
      encodeAs(await decodePng(new Uint8Array(await png.arrayBuffer())), format, quality, signal),
    ),
  hasDeep: ({ hash }) => outcome(async () => !!unsaved.get(hash)?.file || assets.hasDeep(hash)),
  encodeDeep: (png, ground, port) =>
    overPort(port, async (signal) => {
      const made = new Uint8Array(await png.arrayBuffer())
      return deepened(made, ground && (await deepOf(ground.hash)), signal)
    }),
  encodeLayers: (source) => outcome(() => photoshopOf(source, read)),

  previewGround: (recipe, shapes, draft) =>
    outcome(() => previewGround(recipe, shapes, draft, read)).then((done) =>
      done.ok && done.value ? transfer(done, bitmapsOf(done.value)) : done,
    ),

  previewLit: (recipe, shapes) => outcome(() => previewLit(recipe, shapes, read)),

  previewFront: ({ background, scene }) =>
    outcome(async () => {
      const { front } = masksInUse(scene)
      return front ? previewFront(await read(background), maskOf(await read(front))) : null
    }).then((done) => (done.ok && done.value ? transfer(done, [done.value.image]) : done)),

  takeMask: (mask, name) =>
    outcome(async () => {
      const raster = await storedMask(mask)
      return preparePicture(raster, await take(raster, name))
    }).then(sentOutcome),

  snapStroke: (photo, stroke) => outcome(async () => snapTo(await read(photo), stroke)),

  openChanges: (before, made) =>
    outcome(async () => {
      changing = { before: await read(before), made: await read(made), mask: null }
      return changeMask(changing.before, changing.made)
    }),

  takeBack: (away, earlier, name) =>
    outcome(async () => {
      const open = changing
      if (!open) fail('missing-asset', 'What changed is no longer known.', 'Show the result again.')
      const strokes = await storedMask(away)
      const picture = keptThrough(maskOf(strokes), open.before, open.made)
      const stored = earlier ? await storedMask(bothOf(away, earlier)) : strokes
      // Only the last strokes' mask is part of the recipe.
      if (open.mask) unsaved.delete(open.mask)
      const mask = await take(stored, name)
      open.mask = mask.hash
      return { picture: await preparePicture(picture, await take(picture, 'Result')), mask }
    }).then((done) => (done.ok ? transfer(done, done.value.picture.levels) : done)),

  closeChanges: () =>
    outcome(() => {
      changing = null
      return Promise.resolve(null)
    }),

  cutoutOpen: (hash) => outcome(() => small(hash)),

  cutoutPreview: (hash, method, port) =>
    overPort(port, async (signal, onProgress) => {
      const { image: source, scale } = await small(hash)
      const image = await cutOut(source, method, scale, signal, onProgress)
      return { image, dust: contentOf(image).dust }
    }),

  cutoutApply: (hash, method, port) =>
    overPort(port, async (signal, onProgress) => {
      const cut = await cutOut(await read(hash), method, 1, signal, onProgress)
      const name = unsaved.get(hash)?.name ?? 'Cut-out'
      return preparePicture(cut, await take(cut, name))
    }).then(sentOutcome),

  removeDust: (hash) =>
    outcome(async () => {
      const clean = withoutDust(await read(hash))
      return preparePicture(clean, await take(clean, unsaved.get(hash)?.name ?? 'Cut-out'))
    }).then(sentOutcome),

  encodeResult: (asset, recipe) =>
    outcome(async () => new Blob([await resultPng(await read(asset), recipe)], { type: 'image/png' })),

  addResult: (asset, recipe, documentId) =>
    outcome(async () => {
      await sweeper.after(() => Promise.resolve())
      const raster = await read(asset)
      const picture = await resultThumbnail(raster)
      const png = await resultPng(raster, recipe)
      return listed(await results.add({ png, recipe, thumbnail: picture, documentId }))
    }),

  listResults: (before) =>
    outcome(async () => {
      const page = await results.list(PAGE, before)
      return { ...page, results: page.results.map(listed) }
    }),
  resultFile: (id) => outcome(() => results.get(id)),
  deleteResult: (id) => outcome(() => results.delete(id)),
  undeleteResult: (id) => outcome(() => results.undelete(id).then(() => null)),
  purgeResult: (id) => outcome(() => results.purge(id)),
  removeResult: (id) => outcome(() => results.remove(id)),
  starResult: (id, starred) => outcome(() => setStar(id, starred).then(() => null)),
  trimResults: (bytes) => outcome(() => results.trim(bytes)),
  importResults: (files, port) =>
    overPort(port, (signal, onProgress) =>
      sweeper.after(() => importResults(results, assets, files, signal, onProgress)),
    ),
  pictureFile: (asset) =>
    outcome(async () => {
      const raster = unsaved.get(asset.hash)?.raster
      return (raster && (await deepOf(asset.hash))) ?? pictureFile(assets, asset, raster ?? null)
    }),
  resultsOf: (document) =>
    outcome(async () =>
      resultsOf(document, (await results.list(Infinity)).results).map(
        ({ id, time, made = time, recipe, starred }) => ({ id, time: made, recipe, starred }),
      ),
    ),
  storeProject: (file, port) =>
    overPort(port, (signal, onProgress) =>
      sweeper.after(() => storeProjectFile(assets, file, signal, onProgress)),
    ),
  held: () =>
    outcome(() => {
      const rasters = new Set([...recent.values(), ...[...unsaved.values()].map(({ raster }) => raster)])
      return Promise.resolve([...rasters].reduce((sum, { data }) => sum + data.byteLength, 0))
    }),
  sweep: (live) =>
    outcome(async () => {
      await sweeper.sweep(live)
      return null
    }),
}

serve(api)
