import { describe, expect, it } from 'vitest'

import {
  meanShare,
  paintGrey,
  paintHeat,
  paintWinners,
  sourcesOf,
  stretched,
  winners,
} from '@/ui/compose/responseMaps'
import type { ResponseMaps } from '@/worker/protocol'

/** A 1x4 grid: the first reference left, the second right, the text strong everywhere. */
const maps: ResponseMaps = {
  rows: 1,
  columns: 4,
  references: [Float32Array.of(0.3, 0.2, 0.1, 0.1), Float32Array.of(0, 0, 0.1, 0.2)],
  text: Float32Array.of(0.6, 0.61, 0.6, 0.6),
}

describe('response maps', () => {
  it('are stretched to their own range, flat and broken ones to nothing', () => {
    const [first, second] = stretched(maps.references[0])
    expect([first, second]).toEqual([1, expect.closeTo(0.5, 5)])
    expect([...stretched(Float32Array.of(0.4, 0.4))]).toEqual([0, 0])
    expect([...stretched(Float32Array.of(Number.NaN, 0, 1))]).toEqual([0, 0, 1])
  })

  it('give each token to the reference that it reads most, clear where it reads none', () => {
    expect(sourcesOf(maps)).toEqual([0, 1, 'text'])
    expect([...winners(maps)]).toEqual([0, 0, 0, 1])
    const { width, height, data } = paintWinners(maps)
    expect([width, height, data.length]).toEqual([4, 1, 16])
    expect([...data.slice(0, 3)]).not.toEqual([...data.slice(12, 15)])
    expect(data[3]).toBe(200)
    const quiet = { ...maps, references: [Float32Array.of(1, 0.05, 0.5, 0.5)] }
    expect(paintWinners(quiet).data[7]).toBe(0)
    expect([...paintWinners({ ...maps, references: [] }).data].some((value) => value > 0)).toBe(false)
  })

  it('are painted as heat by alpha and exported as they were measured', () => {
    expect([...paintHeat(maps, 1).data].filter((_, i) => i % 4 === 3)).toEqual([0, 0, 113, 225])
    expect([...paintGrey(maps, 'text').data.slice(0, 4)]).toEqual([153, 153, 153, 255])
    expect(meanShare(maps, 0)).toBeCloseTo(0.175)
  })
})
