// node scripts/harmonise.mjs FOLDER: how well tone brings recoloured things back. FOLDER holds NAME.png, a photograph,
// beside NAME.cut.png, the same with a thing's mask as its alpha. Each thing is recoloured inside its mask, as if it came
// from another picture, and the network says its tone. Errors against the photo as it was; they are not
// comparable with iHarmony4, whose pictures and masks are others.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { openModules } from './modules.mjs'

/** Longer side at which errors are taken, px. */
const SIDE = 512
const AMOUNTS = [0, 0.3, 0.5, 0.75, 1]

const folder = process.argv[2]
if (!folder) {
  console.error('node scripts/harmonise.mjs FOLDER')
  process.exit(2)
}
const { load, close } = await openModules()
const { decodePng } = await load('assets/png')
const { thumbnail } = await load('assets/resample')
const { contentBounds } = await load('assets/alpha')
const { cropRaster } = await load('assets/raster')
const { compositeOver } = await load('assets/paste')
const { LINEAR, toEncoded } = await load('base/srgb')
const { seededUniform } = await load('backend/kernels/seeded')
const { learnedTone } = await load('layers/object/learnedTone')
const { withTone } = await load('layers/object/tone')

/** @typedef {import('../src/base/geometry').Raster} Raster */

/**
 * Exposure, white balance, contrast, saturation and haze at random.
 * @param {Raster} image @param {number} seed @returns {Raster}
 */
function recoloured(image, seed) {
  const uniform = seededUniform(seed)
  const between = (/** @type {number} */ low, /** @type {number} */ high) => low + (high - low) * uniform()
  const exposure = between(-0.9, 0.9)
  const stops = [exposure + between(-0.25, 0.25), exposure, exposure + between(-0.25, 0.25)]
  const contrast = between(0.8, 1.2)
  const saturation = between(0.75, 1.25)
  const haze = Math.max(0, between(-0.06, 0.06))
  const data = image.data.slice()
  for (let at = 0; at < data.length; at += 4) {
    const lit = stops.map((gain, c) => 255 * toEncoded(Math.min(1, 2 ** gain * LINEAR[image.data[at + c]])))
    const grey = 0.299 * lit[0] + 0.587 * lit[1] + 0.114 * lit[2]
    for (let c = 0; c < 3; c++) {
      const coloured = grey + saturation * (lit[c] - grey)
      data[at + c] = (1 - haze) * (128 + contrast * (coloured - 128)) + haze * 255
    }
  }
  return { ...image, data }
}

/**
 * Mean squared error inside the mask, bytes squared, and PSNR of the whole picture, dB.
 * @param {Raster} ours @param {Raster} truth @param {Raster} mask
 */
function errorsOf(ours, truth, mask) {
  let [sum, count] = [0, 0]
  for (let at = 0; at < truth.data.length; at += 4) {
    if (mask.data[at + 3] < 128) continue
    count++
    for (let c = 0; c < 3; c++) sum += (ours.data[at + c] - truth.data[at + c]) ** 2 / 3
  }
  return { fmse: sum / Math.max(1, count), psnr: -10 * Math.log10(sum / (truth.data.length / 4) / 255 ** 2) }
}

const read = (/** @type {string} */ name) => decodePng(new Uint8Array(readFileSync(join(folder, name))))
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.cut.png') ? [file.slice(0, -8)] : []))
const found = []
for (const [index, name] of names.entries()) {
  const photo = thumbnail(await read(`${name}.png`), SIDE)
  const mask = thumbnail(await read(`${name}.cut.png`), SIDE)
  const rect = contentBounds(mask)
  const thing = { rect, contentRect: rect, image: cropRaster(mask, rect) }
  const placed = { ...thing, image: recoloured(thing.image, index) }
  const truth = compositeOver(photo, thing)
  // What is measured must not see the thing as it was.
  const grid = learnedTone(placed, compositeOver(photo, placed))
  const errors = AMOUNTS.map((amount) =>
    errorsOf(compositeOver(photo, withTone(placed, grid, amount)), truth, mask),
  )
  console.log(name, errors.map(({ fmse }) => fmse.toFixed(0)).join(' '))
  found.push(errors)
}
const mean = (/** @type {(errors: {fmse: number, psnr: number}[]) => number} */ of) =>
  found.reduce((sum, errors) => sum + of(errors), 0) / found.length
for (const [k, amount] of AMOUNTS.entries()) {
  const better = found.filter((errors) => errors[k].fmse < errors[0].fmse).length
  console.log(
    `amount ${amount}: fMSE ${mean((errors) => errors[k].fmse).toFixed(1)}, ` +
      `PSNR ${mean((errors) => errors[k].psnr).toFixed(2)} dB, better than pasted in ${better} of ${found.length}`,
  )
}
await close()
