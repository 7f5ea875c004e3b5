import { describe, expect, it } from 'vitest'

import { decodedScene, SCENE_NUMBERS, type DrawnScene } from '@/nets/scene'
import { believed, settled } from '@/pipelines/place/witnesses'
import type { PhotoScene } from '@/schema/modes/place'

const draw = (change: Partial<DrawnScene>): DrawnScene => ({
  ...decodedScene(new Float32Array(SCENE_NUMBERS)),
  ...change,
})
type Light = PhotoScene['lights'][number]
const light = (azimuthDegrees: number, elevationDegrees = 40): Light => ({
  azimuthDegrees,
  elevationDegrees,
  discDegrees: 5,
  share: [0.5, 0.5, 0.5],
})

describe('what draws of a photo agree on', () => {
  it('is the camera and the ground in the middle of them; the light stays the draw’s', () => {
    const witnesses = [0.1, 0.12, 0.9, -0.5, 0.11].map((horizon) =>
      draw({ horizon, reflectance: horizon > 0.5 ? 1 : 0 }),
    )
    const one = draw({ horizon: 7, sharpness: 0.33 })
    const { horizon, reflectance, sharpness, light } = settled(one, witnesses)
    expect({ horizon, reflectance, sharpness }).toEqual({ horizon: 0.11, reflectance: 0, sharpness: 0.33 })
    expect(light).toBe(one.light)
    expect(settled(one, witnesses.slice(0, 2)).horizon).toBeCloseTo(0.11, 12)
  })

  it('is a light where all see it: it stays as it is, across north too', () => {
    const seen = light(355, 30)
    expect(believed(seen, [light(350, 30), light(5, 30), light(355, 30)])).toEqual({
      ...seen,
      azimuthDegrees: 355,
    })
  })

  it('is otherwise higher and softer the fewer see it, of the same strength, still from its own side', () => {
    const around = [0, 90, 180, 270].map((azimuth) => light(azimuth, 30))
    const shares = [0, 1, 2, 3, 4].map((same) =>
      believed(light(45, 30), [...Array<Light>(same).fill(light(45, 30)), ...around.slice(same)]),
    )
    const [nobody, , half, , all] = shares
    expect(nobody.elevationDegrees).toBeGreaterThan(60)
    expect(nobody.discDegrees).toBe(35)
    expect(nobody.azimuthDegrees).toBe(45)
    expect(half.discDegrees).toBe(20)
    expect(all).toEqual(light(45, 30))
    for (const { share } of shares) expect(share).toEqual([0.5, 0.5, 0.5])
    const heights = shares.map(({ elevationDegrees }) => elevationDegrees)
    expect(heights.toSorted((a, b) => b - a)).toEqual(heights)
  })
})
