// node scripts/cutouts.mjs FOLDER: how well objects are cut out. FOLDER is what `python -m cutout.evaluate` writes: NAME.png, the
// network's word NAME.mask.png, and NAME.truth.png where the truth is known. Prints overlaps with the truth (sum of minima over
// sum of maxima) of four ways; what has no truth is cut out at full size into NAME.cut.png.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { openModules } from './modules.mjs'

/** Share of the picture's sides that a box in its middle takes. */
const BOX = 0.84

const folder = process.argv[2]
if (!folder) {
  console.error('node scripts/cutouts.mjs FOLDER')
  process.exit(2)
}
const { load, close } = await openModules()
const { decodePng, encodePng } = await load('assets/png')
const { maskOf, resized } = await load('assets/mask')
const { cutOutObject } = await load('assets/objectCut')
const { cutOutByCornerColour } = await load('assets/cutout')
const { grabCut } = await load('assets/grabCut')

/** @typedef {import('../src/base/geometry').Raster} Raster */
/** @typedef {import('../src/base/geometry').Mask} Mask */

const read = async (/** @type {string} */ name) => decodePng(new Uint8Array(readFileSync(join(folder, name))))
const alphaOf = (/** @type {Raster} */ { data }) => data.filter((_, i) => i % 4 === 3)

/** @param {ArrayLike<number>} said @param {ArrayLike<number>} truth 0..255 each */
function overlap(said, truth) {
  let [both, either] = [0, 0]
  for (let i = 0; i < truth.length; i++) {
    both += Math.min(said[i], truth[i])
    either += Math.max(said[i], truth[i])
  }
  return either === 0 ? 1 : both / either
}

/** @type {Record<string, (image: Raster, mask: Mask) => Promise<ArrayLike<number>>>} */
const WAYS = {
  'corner colour': async (image) => alphaOf(cutOutByCornerColour(image, { tolerance: 12 })),
  'GrabCut, box in the middle': async (image) => {
    const [width, height] = [image.width * BOX, image.height * BOX]
    const box = { x: (image.width - width) / 2, y: (image.height - height) / 2, width, height }
    return alphaOf(await grabCut(image, box))
  },
  'network alone': async (image, mask) => resized(mask, image).values,
  'network, GrabCut, filter': async (image, mask) => alphaOf(await cutOutObject(image, mask, [])),
}

/** @type {Record<string, number[]>} */
const found = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]))
const files = new Set(readdirSync(folder))
for (const name of [...files].filter((file) => file.endsWith('.mask.png')).sort()) {
  const stem = name.slice(0, -'.mask.png'.length)
  const [image, mask] = [await read(`${stem}.png`), maskOf(await read(name))]
  if (!files.has(`${stem}.truth.png`)) {
    const started = performance.now()
    const cut = await cutOutObject(image, mask, []).catch((/** @type {Error} */ error) => error)
    if (cut instanceof Error) console.log(`${stem}: ${cut.message}`)
    else {
      writeFileSync(join(folder, `${stem}.cut.png`), await encodePng(cut))
      console.log(`${stem}: ${image.width} x ${image.height}, ${Math.round(performance.now() - started)} ms`)
    }
    continue
  }
  const truth = maskOf(await read(`${stem}.truth.png`)).values
  for (const [way, run] of Object.entries(WAYS)) {
    // Nothing found is nothing in common.
    found[way].push(
      await run(image, mask).then(
        (said) => overlap(said, truth),
        () => 0,
      ),
    )
  }
}
for (const [way, values] of Object.entries(found)) {
  if (values.length === 0) continue
  const sorted = [...values].sort((a, b) => a - b)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const good = values.filter((value) => value > 0.8).length / values.length
  console.log(
    `${way.padEnd(28)} mean ${mean.toFixed(3)}, median ${sorted[values.length >> 1].toFixed(3)}, above 0.8: ${good.toFixed(2)}`,
  )
}
await close()
