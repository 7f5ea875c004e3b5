import { describe, expect, it } from 'vitest'

import { storedMask } from '@/app/pixels/masks'
import { paintLine } from '@/assets/brush'
import { blankMask, maskOf } from '@/assets/mask'
import { encodePng } from '@/assets/png'
import { randomRaster } from '@/assets/testImages'

const MOST = 150_000

describe('a mask as it is stored', () => {
  it('is itself, small enough to go along, where somebody has painted with a soft brush', async () => {
    const mask = blankMask({ width: 1024, height: 768 })
    for (let stroke = 0; stroke < 12; stroke++) {
      const [x, y] = [(stroke * 331) % 1024, (stroke * 197) % 768]
      paintLine(mask, { x, y, radius: 20 }, { x: 1024 - y, y: x * 0.7, radius: 60 }, 0.2)
    }
    const raster = await storedMask(mask)
    const { values } = maskOf(raster)
    expect(values.every((value, cell) => value === mask.values[cell])).toBe(true)
    expect((await encodePng(raster)).length).toBeLessThan(MOST)
  })

  it('is coarser where it would be too large', async () => {
    const { data } = randomRaster(801, 600, 3)
    const values = Uint8Array.from({ length: 801 * 600 }, (_, cell) => data[4 * cell])
    const raster = await storedMask({ width: 801, height: 600, values })
    expect([raster.width, raster.height]).toEqual([201, 150])
    expect((await encodePng(raster)).length).toBeLessThan(MOST)
  })
})
