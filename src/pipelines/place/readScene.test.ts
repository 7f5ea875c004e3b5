import { describe, expect, it } from 'vitest'

import { lightWish } from '@/base/lightWords'
import { AZIMUTHS, decodedScene, ELEVATIONS, SCENE_NUMBERS, type DrawnScene } from '@/nets/scene'
import { photoScene } from '@/pipelines/place/drawnScene'
import { farFrom } from '@/pipelines/place/lightDistance'
import { PlaceScene, defaultPlaceScene } from '@/schema/modes/place'
import * as v from 'valibot'

const PICTURE = { width: 1200, height: 800 }

/** The bin that holds a direction, degrees. */
const binOf = (azimuth: number, elevation: number): number =>
  Math.floor((elevation / 90) * ELEVATIONS) * AZIMUTHS +
  (Math.floor(((azimuth + 180) / 360) * AZIMUTHS) % AZIMUTHS)

/** A histogram of some directions with what they give; the rest comes evenly from the whole sky. */
function histogram(...lights: [azimuth: number, elevation: number, share: number][]): Float32Array {
  const light = new Float32Array(ELEVATIONS * AZIMUTHS)
  const rest = 1 - lights.reduce((sum, [, , share]) => sum + share, 0)
  for (let bin = 0; bin < light.length; bin++) {
    const edge = (row: number): number => Math.sin((row / ELEVATIONS) * (Math.PI / 2)) ** 2
    const row = Math.floor(bin / AZIMUTHS)
    light[bin] = (rest * (edge(row + 1) - edge(row))) / AZIMUTHS
  }
  for (const [azimuth, elevation, share] of lights) light[binOf(azimuth, elevation)] += share
  return light
}

const drawn = (change: Partial<DrawnScene>): DrawnScene => ({
  horizon: 0,
  tilt: 0,
  focal: 1,
  sharpness: 0.6,
  key: [1, 1, 1],
  ambient: [1, 1, 1],
  reflectance: 0.2,
  roughness: 0.3,
  light: histogram([0, 40, 0.6]),
  ...change,
})

const lightsOf = (change: Partial<DrawnScene>) => photoScene(drawn(change), PICTURE).lights
const apart = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180)

describe('what a drawn scene is to Place', () => {
  it('one sun is one light, from where it stands, with the share of the key', () => {
    const lights = lightsOf({ light: histogram([100, 40, 0.8]), sharpness: 0.8 })
    expect(lights).toHaveLength(1)
    expect(apart(lights[0].azimuthDegrees, 100)).toBeLessThan(12)
    expect(Math.abs(lights[0].elevationDegrees - 40)).toBeLessThan(12)
    expect(lights[0].share).toEqual([0.8, 0.8, 0.8])
  })

  it('light between two bins comes from between them', () => {
    const light = histogram([85, 30, 0.4], [95, 30, 0.4])
    expect(apart(lightsOf({ light })[0].azimuthDegrees, 90)).toBeLessThan(3)
  })

  it('a sun at the horizon is raised to where its shadows can be drawn', () => {
    const low = histogram([0, 5, 0.9])
    expect(lightsOf({ light: low })[0].elevationDegrees).toBeGreaterThanOrEqual(8)
  })

  it('two windows are two lights, the stronger first; together they leave something ambient', () => {
    const lights = lightsOf({ light: histogram([170, 30, 0.35], [20, 30, 0.3]), sharpness: 0.4 })
    expect(lights).toHaveLength(2)
    expect(apart(lights[0].azimuthDegrees, 170)).toBeLessThan(15)
    expect(apart(lights[1].azimuthDegrees, 20)).toBeLessThan(15)
    expect(lights[1].share[1]).toBeLessThan(lights[0].share[1])
    expect(lights[0].share[1] + lights[1].share[1]).toBeLessThanOrEqual(0.95)
  })

  it('neighbours and faint lobes are no second light', () => {
    expect(lightsOf({ light: histogram([90, 30, 0.5], [120, 30, 0.3]) })).toHaveLength(1)
    expect(lightsOf({ light: histogram([170, 30, 0.6], [0, 30, 0.05]) })).toHaveLength(1)
  })

  it('an overcast sky is one wide, faint light overhead', () => {
    const lights = lightsOf({ light: histogram(), sharpness: 0.12 })
    expect(lights).toHaveLength(1)
    expect(lights[0].elevationDegrees).toBeGreaterThan(60)
    expect(lights[0].discDegrees).toBeGreaterThan(25)
    expect(lights[0].share[1]).toBeCloseTo(0.12, 2)
  })

  it('a wider lobe has a wider disc', () => {
    const [sun] = lightsOf({ light: histogram([90, 30, 0.9]) })
    const [window] = lightsOf({ light: histogram([80, 30, 0.3], [100, 30, 0.3], [90, 55, 0.3]) })
    expect(window.discDegrees).toBeGreaterThan(sun.discDegrees + 5)
  })

  it('a warm key among a blue sky takes more of the red away', () => {
    const [{ share }] = lightsOf({ key: [1.3, 0.95, 0.6], ambient: [0.8, 1, 1.4] })
    expect(share[0]).toBeGreaterThan(share[1])
    expect(share[1]).toBeGreaterThan(share[2])
  })

  it('the horizon is measured along the middle column, the field of view over the longer side', () => {
    const level = photoScene(drawn({ horizon: 0.1, focal: 0.5 }), PICTURE).camera
    expect(level).toEqual({ horizon: 0.35, tiltDegrees: 0, fovDegrees: 90 })
    const { horizon, tiltDegrees } = photoScene(drawn({ horizon: 0.1, tilt: 0.2 }), PICTURE).camera
    expect(tiltDegrees).toBeCloseTo(11.5, 1)
    expect(horizon).toBeCloseTo(0.5 - 0.15 / Math.cos(0.2), 2)
  })

  it('whatever the flow ends at is a scene', () => {
    for (const value of [-40, -1, 0, 1, 40]) {
      const scene = photoScene(decodedScene(new Float32Array(SCENE_NUMBERS).fill(value)), PICTURE)
      expect(v.safeParse(PlaceScene, { ...defaultPlaceScene(), ...scene }).issues).toBeUndefined()
    }
  })
})

describe('words of light', () => {
  const scenes = {
    left: drawn({ light: histogram([179, 15, 0.7]), sharpness: 0.7 }),
    right: drawn({ light: histogram([1, 40, 0.6]), sharpness: 0.6 }),
    behind: drawn({ light: histogram([90, 30, 0.7]), sharpness: 0.7 }),
    noon: drawn({ light: histogram([0, 80, 0.7]), sharpness: 0.8 }),
    overcast: drawn({ light: histogram(), sharpness: 0.12 }),
  }
  const best = (prompt: string): string => {
    const wish = lightWish(prompt)
    if (!wish) return ''
    const far = (one: DrawnScene): number => farFrom(wish, one, photoScene(one, PICTURE))
    const all = Object.entries(scenes)
    return all.reduce((least, one) => (far(one[1]) < far(least[1]) ? one : least))[0]
  }

  it.each([
    ['evening sun from the left', 'left'],
    ['Lamp from the RIGHT', 'right'],
    ['backlit', 'behind'],
    ['a red cube at noon', 'noon'],
    ['overcast', 'overcast'],
    ['soft light, no sun: cloudy', 'overcast'],
  ])('“%s” chooses the light %s', (prompt, name) => expect(best(prompt)).toBe(name))

  it('other words say nothing', () => {
    expect(lightWish('')).toBeNull()
    expect(lightWish('a red cube on a wooden floor, constructor')).toBeNull()
  })

  it('left and behind is between the two; left and right is neither', () => {
    const side = lightWish('from the left, behind')?.side
    expect(Math.atan2(side?.z ?? 0, side?.x ?? 0)).toBeCloseTo((135 / 180) * Math.PI)
    expect(lightWish('left right')?.side).toBeNull()
  })
})
