/** The layers of a result of Place, as files: one Photoshop document, or a folder of PNGs. */
import { zipSync } from 'fflate'

import { onWholePicture, type LayeredPicture } from '@/assets/layered'
import { encodePng } from '@/assets/png'
import { encodePsd } from '@/assets/psd'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { fileStem } from '@/base/names'
import { held } from '@/layers/bodies'
import { renderStack } from '@/layers/render'
import { ambientOf } from '@/layers/scene'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlaceRecipe, PlaceScene } from '@/schema/modes/place'
import { shownAmounts, storedAmounts } from '@/schema/modes/placeLayers'

/**
 * @param rasters the background, then the foregrounds
 * @param shapes of the foregrounds, as the engine drew them; null: they stand on their outlines
 */
export async function layersOf(
  recipe: PlaceRecipe,
  rasters: readonly Raster[],
  shapes: readonly CutoutGeometry[] | null,
): Promise<LayeredPicture> {
  const [background, ...foregrounds] = rasters
  const scene = sceneOf(recipe)
  const names = {
    background: { name: 'Background' },
    foregrounds: recipe.foregrounds.map(({ asset: { name } }) => ({ name })),
  }
  const placed = foregrounds.map((raster, index) =>
    held(raster, recipe.foregrounds[index], shapes?.[index] ?? null),
  )
  return renderStack(background, placed, scene, shownAmounts(scene), storedAmounts(scene), names)
}

export const psdOf = (stack: LayeredPicture, recipe: PlaceRecipe): Uint8Array<ArrayBuffer> =>
  encodePsd(stack, JSON.stringify(recipe), null)

/**
 * A zip of what the folder gets: every layer as a PNG of the picture's size, numbered from the lowest, and
 * `parameters.json`, which says how they are mixed and what they were drawn from.
 */
export async function folderOf(stack: LayeredPicture, recipe: PlaceRecipe): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array> = {}
  const layers = []
  const digits = String(stack.layers.length).length
  for (const [index, layer] of stack.layers.entries()) {
    const { name, blend, opacity, visible, rect } = layer
    const file = `${String(index + 1).padStart(digits, '0')}-${fileStem(name) || 'layer'}.png`
    files[file] = await encodePng(onWholePicture(layer, stack))
    layers.push({ file, name, blend, opacity, visible, rect })
  }
  const parameters = { schema: 1, ...parametersOf(recipe), layers }
  files['parameters.json'] = new TextEncoder().encode(`${JSON.stringify(parameters, null, 2)}\n`)
  const zip = zipSync(files, { level: 0 })
  return new Uint8Array(zip.buffer as ArrayBuffer, zip.byteOffset, zip.byteLength)
}

/** What the layers were drawn from (docs/formats.md). */
function parametersOf(recipe: PlaceRecipe) {
  const { camera, lights, ground, ...strengths } = sceneOf(recipe)
  const { width, height } = recipe.background
  return {
    picture: { width, height },
    camera,
    lights,
    ambient: ambientOf(lights),
    ground,
    ...strengths,
    foregrounds: recipe.foregrounds.map((foreground) => ({ ...foreground, seed: recipe.seed })),
  }
}

const sceneOf = ({ scene }: PlaceRecipe): PlaceScene =>
  scene ?? fail('bad-recipe', 'The recipe has no layers.', 'Restore it and fuse again.')
