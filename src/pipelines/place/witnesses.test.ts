import { describe, expect, it } from 'vitest'

import { decodedScene, SCENE_NUMBERS, type DrawnScene } from '@/nets/scene'
import { agreement, settled } from '@/pipelines/place/witnesses'

const draw = (change: Partial<DrawnScene>): DrawnScene => ({
  ...decodedScene(new Float32Array(SCENE_NUMBERS)),
  ...change,
})
const light = (azimuthDegrees: number, elevationDegrees = 40) => ({
  azimuthDegrees,
  elevationDegrees,
  discDegrees: 5,
  share: [0.5, 0.5, 0.5] as [number, number, number],
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

  it('is a light from where most see it; across north, and whatever the side near the zenith', () => {
    const witnesses = [light(350), light(5), light(20), light(180)]
    expect(agreement(light(0), witnesses)).toBe(0.75)
    expect(agreement(light(180), witnesses)).toBe(0.25)
    expect(agreement(light(90), witnesses)).toBe(0)
    expect(agreement(light(0, 88), [light(180, 85), light(90, 80)])).toBe(1)
  })
})
