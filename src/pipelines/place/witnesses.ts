/** What many draws of one photo agree on: its ground, what they expect of its camera, and how far a light is to be believed. */
import { clamp } from '@/base/geometry'
import { directionOf } from '@/layers/light'
import type { DrawnScene } from '@/nets/scene'
import type { CameraPrior, SeenCamera } from '@/pipelines/place/vanishing'
import type { PhotoScene } from '@/schema/modes/place'

type Light = PhotoScene['lights'][number]

/** Lights closer than this are the same: a bin and a half of the network's. */
const SAME = Math.cos((35 * Math.PI) / 180)

/** The draw with a camera, and the ground that the witnesses agree on (their medians): only light is worth another seed. */
export function settled(drawn: DrawnScene, witnesses: readonly DrawnScene[], camera: SeenCamera): DrawnScene {
  const agreed = (name: 'reflectance' | 'roughness'): number =>
    median(witnesses.map((witness) => witness[name]))
  return { ...drawn, ...camera, reflectance: agreed('reflectance'), roughness: agreed('roughness') }
}

/** How far the network is off where all its draws agree: longer sides, radians, logarithms; its focal lengths are too long by `long`. */
const OFF = { horizon: 0.06, tilt: 0.01, logFocal: 0.3, long: 0.15 }

/** What the witnesses think of the camera: about their medians, as far as they disagree and the network errs. */
export function expectedCamera(witnesses: readonly DrawnScene[]): CameraPrior {
  const about = (values: readonly number[], off: number): CameraPrior['horizon'] => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    return { mean: rounded(median(values)), deviation: rounded(Math.hypot(off, Math.sqrt(variance))) }
  }
  return {
    horizon: about(
      witnesses.map(({ horizon }) => horizon),
      OFF.horizon,
    ),
    tilt: about(
      witnesses.map(({ tilt }) => tilt),
      OFF.tilt,
    ),
    logFocal: about(
      witnesses.map(({ focal }) => Math.log(focal) - OFF.long),
      OFF.logFocal,
    ),
  }
}

/** Share of the witnesses whose key comes from where `light` comes from, 0..1. */
function agreement(light: Light, witnesses: readonly Light[]): number {
  const { x, y, z } = directionOf(light)
  const same = witnesses.map(directionOf).filter((other) => x * other.x + y * other.y + z * other.z > SAME)
  return same.length / witnesses.length
}

/** From this agreement on a photo is taken to show where its light comes from. */
const SURE = 0.5
/** How far behind its side a light stands that nobody can tell the side of, so that its shadow is seen; degrees. */
const BEHIND = { least: 15, most: 55 }
/** Between these elevations a shadow is neither hidden under its object nor endless, degrees. */
const ELEVATION = { least: 40, most: 58 }
/** Angular diameter of such a light by its share of all, degrees: of a clouded sky or a window, and of a sun in haze. */
const DISC = { soft: 32, hard: 12 }
/** It never gives more: photos by night are read as lit by one hard lamp. */
const SHARE = { soft: 0.25, hard: 0.5 }

/**
 * Lights as far as they are to be believed. Where the witnesses do not agree on the key (the first), its azimuth is
 * nobody's: the seed's is kept as far as its shadow is seen. It is the harder the more of the light it gives, which is at most half, and
 * it is alone.
 */
export function believed(lights: readonly Light[], witnesses: readonly Light[]): Light[] {
  const [key] = lights
  if (agreement(key, witnesses) >= SURE) return [...lights]
  const share = (key.share[0] + key.share[1] + key.share[2]) / 3
  const kept = Math.min(1, SHARE.hard / share)
  const hard = clamp((share - SHARE.soft) / (SHARE.hard - SHARE.soft), 0, 1)
  return [
    {
      ...key,
      azimuthDegrees: fromBehind(key.azimuthDegrees),
      elevationDegrees: clamp(key.elevationDegrees, ELEVATION.least, ELEVATION.most),
      share: [
        thousandths(key.share[0] * kept),
        thousandths(key.share[1] * kept),
        thousandths(key.share[2] * kept),
      ],
      discDegrees: Math.round(2 * (DISC.soft + hard * (DISC.hard - DISC.soft))) / 2,
    },
  ]
}

/** An azimuth on the same side, as far behind it as it lay before or behind. */
function fromBehind(azimuth: number): number {
  const turned = Math.abs(((azimuth + 180) % 360) - 180) // 0 on the right, 180 on the left
  const beside = (Math.min(turned, 180 - turned) / 90) * (BEHIND.most - BEHIND.least) + BEHIND.least
  return Math.round(turned < 90 ? beside : 180 - beside)
}

/** Backends differ by less: all search the same cameras. */
const rounded = (value: number): number => Math.round(value * 500) / 500

const thousandths = (value: number): number => Math.round(value * 1000) / 1000

/** Of an even count the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
