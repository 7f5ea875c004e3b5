import { placeholder } from '@/base/placeholders'
import type { Raster } from '@/base/geometry'
import { pixelsFor, type Drawable } from '@/canvas/drawable'
import type { ComposeRecipe } from '@/schema/modes/compose'
import { ROLES } from '@/ui/compose/roles'
import {
  meanShare,
  paintGrey,
  paintHeat,
  paintWinners,
  sourcesOf,
  type Source,
} from '@/ui/compose/responseMaps'
import type { ResponseMaps } from '@/worker/protocol'
import { say, sayNumber, sayText } from '@/words/say'

const CELL = 512
const LABEL = 34
const GAP = 12

/**
 * One PNG with the picture, who wins where, and per source its heat over the picture with the measured values as grey
 * below it.
 */
export async function drawMapSheet(
  picture: Drawable,
  maps: ResponseMaps,
  recipe: ComposeRecipe,
): Promise<Blob> {
  const sources = sourcesOf(maps)
  const scale = CELL / Math.max(picture.width, picture.height)
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
  const columns = sources.length + 1
  const canvas = new OffscreenCanvas(GAP + columns * (width + GAP), GAP + 2 * (height + LABEL + GAP))
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas for the response maps')
  context.fillStyle = '#16161a'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.font = '500 18px system-ui, sans-serif'
  context.imageSmoothingQuality = 'high'

  const cell = (column: number, row: number, label: string, overlay: Raster | null, over: boolean) => {
    const [x, y] = [GAP + column * (width + GAP), GAP + row * (height + LABEL + GAP)]
    if (over) {
      context.globalAlpha = overlay ? 0.55 : 1
      context.drawImage(pixelsFor(picture, scale).image, x, y, width, height)
      context.globalAlpha = 1
    }
    if (overlay) context.drawImage(small(overlay), x, y, width, height)
    context.fillStyle = '#eeeef0'
    context.fillText(label, x, y + height + 23, width)
  }
  const name = (source: Source) =>
    source === 'text'
      ? say('Text|map')
      : `${placeholder(source)} ${sayText(ROLES[recipe.references[source]?.role ?? 'subject'].name)}`

  cell(0, 0, say('Seed {seed}', { seed: recipe.seed }), null, true)
  cell(0, 1, say('Who listens to what|map'), paintWinners(maps), true)
  sources.forEach((source, index) => {
    cell(index + 1, 0, name(source), paintHeat(maps, source), true)
    const share = say('{percent} % on average; black 0, white 1', {
      percent: sayNumber(100 * meanShare(maps, source), 1),
    })
    cell(index + 1, 1, share, paintGrey(maps, source), false)
  })
  return canvas.convertToBlob({ type: 'image/png' })
}

function small({ width, height, data }: Raster): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  return canvas
}
