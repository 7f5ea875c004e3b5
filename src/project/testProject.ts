import { hashRaster } from '@/assets/hash'
import { encodePng } from '@/assets/png'
import { embedRecipe } from '@/assets/recipe'
import { paint } from '@/assets/testImages'
import type { Raster } from '@/base/geometry'
import { recipeOf } from '@/document/queries'
import { writeProject, type ProjectSource } from '@/project/projectFile'
import type { AssetRef } from '@/schema/common'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import { MINI_2 } from '@/schema/modes/place'

// A small project made in code, for tests only: a photo, a ball on it, and what came of both.

const ROOM = paint(6, 4, (x, y) => [40 * x, 60 * y, 90, 255])
const BALL = paint(4, 4, (x, y) => [220, 30, 40, x % 3 && y % 3 ? 255 : 0])
const MADE = paint(6, 4, (x, y) => [40 * x, 50 * y, 80, 255])

const assetOf = async (raster: Raster, name: string): Promise<AssetRef> => ({
  hash: await hashRaster(raster),
  name,
  width: raster.width,
  height: raster.height,
})

export interface TestProject {
  source: ProjectSource
  /** Pixels by hash. */
  rasters: Map<string, Raster>
}

export async function testProject(id = '11111111-2222-4333-8444-555555555555'): Promise<TestProject> {
  const [room, ball, made] = await Promise.all([
    assetOf(ROOM, 'room 房.png'),
    assetOf(BALL, 'ball'),
    assetOf(MADE, 'Result, seed 77'),
  ])
  const rasters = new Map([
    [room.hash, ROOM],
    [ball.hash, BALL],
    [made.hash, MADE],
  ])
  const empty = emptyDocument(id)
  const placed: FusionDocument = {
    ...empty,
    name: 'Ball in a room',
    background: room,
    prompt: 'a red ball',
    settings: { ...empty.settings, seed: '77' },
    layers: [
      {
        kind: 'foreground',
        id: 'layer-1',
        name: 'ball',
        visible: true,
        asset: ball,
        box: { x: 1.5, y: 1, width: 2, height: 2.5 },
        stretch: false,
        rotationDegrees: -12.5,
        flipX: true,
      },
    ],
  }
  const recipe = recipeOf(placed, MINI_2)
  const document: FusionDocument = {
    ...placed,
    layers: [
      ...placed.layers,
      { kind: 'result', id: 'layer-2', name: 'Result', visible: true, asset: made, recipe },
    ],
  }
  const result = { id: '99999999-8888-4777-8666-555555555555', time: 1_770_000_000_000, recipe }
  return {
    rasters,
    source: {
      writer: 'Inlay 0.1.0',
      document,
      results: [result],
      async openPicture({ hash }) {
        const raster = rasters.get(hash)
        return raster ? new Blob([await encodePng(raster)]) : null
      },
      openResult: async () => new Blob([await embedRecipe(MADE, recipe)]),
    },
  }
}

export async function projectBytes(source: ProjectSource): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of writeProject(source)) pieces.push(piece)
  return new Uint8Array(await new Blob(pieces).arrayBuffer())
}
