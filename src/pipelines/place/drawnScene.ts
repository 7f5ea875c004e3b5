/** What the scene network draws, as Place's parameters: camera, up to two lights, ground (docs/scene.md). */
import { clamp, type Size } from '@/base/geometry'
import { LOWEST_ELEVATION } from '@/layers/light'
import { AZIMUTHS, ELEVATIONS, type DrawnScene } from '@/nets/scene'
import type { PhotoScene, PlaceScene } from '@/schema/modes/place'

type Light = PlaceScene['lights'][number]
type Vector = [x: number, y: number, z: number]

/** A lobe of the histogram: the bins about its centroid. */
interface Lobe {
  /** Unit vector towards it. */
  towards: Vector
  /** Share of the ground's irradiance. */
  share: number
  /** Angular diameter, degrees. */
  disc: number
}

const DEGREES = 180 / Math.PI
/** Angle about a lobe's centroid that belongs to it: a bin is 22.5 degrees wide. */
const REACH = Math.cos(35 / DEGREES)
const SETTLE = 4
const DISC = { least: 1, most: 60 }
/** A second light stands so far from the first, and gives so much: of the first, and of all. */
const APART = Math.cos(60 / DEGREES)
const SECOND = { ofFirst: 0.4, ofAll: 0.12 }
/** What stays ambient at least. */
const AMBIENT = 0.05

/** @param picture the photo's size */
export function photoScene(drawn: DrawnScene, picture: Size): PhotoScene {
  return {
    camera: cameraOf(drawn, picture),
    lights: lightsOf(drawn),
    ground: { reflectance: round(drawn.reflectance, 100), roughness: round(drawn.roughness, 100) },
  }
}

function cameraOf({ horizon, tilt, focal }: DrawnScene, { width, height }: Size): PlaceScene['camera'] {
  const tiltDegrees = clamp(tilt * DEGREES, -20, 20)
  // The network measures across the horizon, a document along the picture's middle column.
  const above = (horizon * Math.max(width, height)) / Math.cos(tiltDegrees / DEGREES) / height
  return {
    horizon: round(clamp(0.5 - above, -3, 4), 1000),
    tiltDegrees: round(tiltDegrees, 10),
    fovDegrees: round(clamp(2 * Math.atan(0.5 / focal) * DEGREES, 10, 120), 10),
  }
}

/**
 * The strongest lobe is the key: it comes from its centroid, its disc is as wide as its bins are spread, and its share of the
 * ground's irradiance is the drawn sharpness in the key's colour. A second lobe is a light of its own where it stands clearly
 * apart and gives much; its share is to the key's as their bins are, in the colour of the rest. What is left is ambient.
 */
function lightsOf({ light, sharpness, key, ambient }: DrawnScene): Light[] {
  const bins = binsOf(light)
  const first = strongest(bins)
  const rest = bins.filter(({ towards }) => dot(towards, first.towards) < APART)
  const second = rest.length > 0 ? strongest(rest) : null
  const two =
    second !== null && second.share > SECOND.ofFirst * first.share && second.share > SECOND.ofAll
      ? second
      : null
  const ofKey = Math.min(sharpness, 1 - AMBIENT)
  const ofSecond = two ? Math.min((ofKey * two.share) / first.share, 1 - AMBIENT - ofKey) : 0
  const shareOf = (share: number, colour: readonly number[]): Light['share'] => {
    const channel = (c: number): number =>
      round((share * colour[c]) / (ofKey * key[c] + (1 - ofKey) * ambient[c]), 1000)
    return [channel(0), channel(1), channel(2)]
  }
  const lights = [lightOf(first, shareOf(ofKey, key))]
  if (two) lights.push(lightOf(two, shareOf(ofSecond, ambient)))
  return lights
}

function lightOf({ towards: [x, y, z], disc }: Lobe, share: Light['share']): Light {
  const azimuth = Math.round(Math.atan2(z, x) * DEGREES)
  return {
    azimuthDegrees: (azimuth + 360) % 360,
    elevationDegrees: Math.round(clamp(Math.asin(clamp(y, -1, 1)) * DEGREES, LOWEST_ELEVATION, 90)),
    discDegrees: round(clamp(disc, DISC.least, DISC.most), 2),
    share,
  }
}

interface Bin {
  towards: Vector
  share: number
}

/** Every bin as the direction of its middle. */
function binsOf(light: Float32Array): Bin[] {
  return Array.from(light, (share, index) => {
    const elevation = ((Math.floor(index / AZIMUTHS) + 0.5) / ELEVATIONS) * (Math.PI / 2)
    const azimuth = (((index % AZIMUTHS) + 0.5) / AZIMUTHS) * 2 * Math.PI - Math.PI
    const level = Math.cos(elevation)
    return { towards: [level * Math.cos(azimuth), Math.sin(elevation), level * Math.sin(azimuth)], share }
  })
}

/** From the bin with the most light about it, moved to the centroid of what lies within reach until it stays there. */
function strongest(bins: readonly Bin[]): Lobe {
  const near = (towards: Vector): Bin[] => bins.filter((bin) => dot(bin.towards, towards) > REACH)
  const total = (some: readonly Bin[]): number => some.reduce((sum, { share }) => sum + share, 0)
  const amounts = bins.map(({ towards }) => total(near(towards)))
  let { towards } = bins[amounts.indexOf(Math.max(...amounts))]
  let length = 1
  for (let step = 0; step < SETTLE; step++) {
    const some = near(towards)
    const share = Math.max(1e-9, total(some))
    const mean = [0, 1, 2].map((axis) =>
      some.reduce((sum, bin) => sum + (bin.share / share) * bin.towards[axis], 0),
    )
    length = Math.hypot(...mean)
    if (length < 1e-6) break
    towards = [mean[0] / length, mean[1] / length, mean[2] / length]
  }
  // Directions spread evenly over a disc of angular radius r have a mean of length 1 - r^2 / 4.
  return { towards, share: total(near(towards)), disc: 4 * Math.sqrt(Math.max(0, 1 - length)) * DEGREES }
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const round = (value: number, steps: number): number => Math.round(value * steps) / steps
