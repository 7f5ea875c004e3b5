import { describe, expect, it } from 'vitest'

import { decodedScene, SCENE_NUMBERS, type DrawnScene } from '@/nets/scene'
import { believed, expectedCamera, settled } from '@/pipelines/place/witnesses'
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
  const witnesses = [0.1, 0.12, 0.9, -0.5, 0.11].map((horizon) =>
    draw({ horizon, reflectance: horizon > 0.5 ? 1 : 0, focal: 1 + horizon / 10 }),
  )

  it('is the ground in the middle of them; the camera is what is given, the light stays the draw’s', () => {
    const one = draw({ horizon: 7, reflectance: 0.7, sharpness: 0.33 })
    const camera = { horizon: 0.2, tilt: 0.01, focal: 1.2 }
    const { reflectance, sharpness, light, ...rest } = settled(one, witnesses, camera)
    expect({ reflectance, sharpness }).toEqual({ reflectance: 0, sharpness: 0.33 })
    expect(rest).toMatchObject(camera)
    expect(light).toBe(one.light)
  })

  it('is a camera about their middle, the less sure the more they disagree', () => {
    const { horizon, tilt, logFocal } = expectedCamera(witnesses)
    expect(horizon.mean).toBe(0.11)
    expect(horizon.deviation).toBeGreaterThan(0.4)
    expect(tilt).toEqual({ mean: 0, deviation: 0.01 })
    // The network's focal lengths are too long.
    expect(logFocal.mean).toBeCloseTo(Math.log(1.011) - 0.15, 2)
    expect(expectedCamera(witnesses.slice(0, 2)).horizon.mean).toBeCloseTo(0.11, 12)
    expect(expectedCamera(witnesses.slice(0, 2)).horizon.deviation).toBeCloseTo(Math.hypot(0.06, 0.01), 2)
  })

  it('is lights where half of them see the key: they stay as they are, across north too', () => {
    const seen = [light(355, 30), light(120, 60)]
    const some = [light(350, 30), light(5, 30), light(120, 30), light(200, 30)]
    expect(believed(seen, some)).toEqual(seen)
    expect(believed(seen, [...some, light(250, 30)])).not.toEqual(seen)
  })

  it('is otherwise one light of the same share, from behind its own side, neither too high nor too low', () => {
    const around = [0, 90, 180, 270].map((azimuth) => light(azimuth, 30))
    const one = (key: Light): Light => {
      const lights = believed([key, light(200)], around)
      expect(lights).toHaveLength(1)
      expect(lights[0].share).toEqual(key.share)
      return lights[0]
    }
    const azimuths = [0, 45, 89, 91, 180, 225, 271, 315, 359].map((own) => one(light(own, 60)).azimuthDegrees)
    expect(azimuths).toEqual([15, 35, 55, 125, 165, 145, 55, 35, 15])
    expect([5, 50, 85].map((own) => one(light(45, own)).elevationDegrees)).toEqual([40, 50, 58])
  })

  it('is the harder the more of the light it gives, which is half at most, in its own colour', () => {
    const around = [0, 90, 180, 270].map((azimuth) => light(azimuth, 30))
    const lit = (share: number): Light =>
      believed([{ ...light(45, 60), share: [1.2 * share, share, 0.8 * share] }], around)[0]
    expect([0.1, 0.25, 0.375, 0.5, 0.8].map((share) => lit(share).discDegrees)).toEqual([32, 32, 22, 12, 12])
    lit(0.8).share.forEach((share, c) => expect(share).toBeCloseTo([0.6, 0.5, 0.4][c], 12))
    lit(0.3).share.forEach((share, c) => expect(share).toBeCloseTo([0.36, 0.3, 0.24][c], 12))
  })
})
