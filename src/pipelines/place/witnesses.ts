/** What many draws of one photo agree on: its camera and ground, and how far a light is to be believed. */
import type { Point3 } from '@/layers/camera'
import { directionOf } from '@/layers/light'
import type { DrawnScene } from '@/nets/scene'
import type { PhotoScene } from '@/schema/modes/place'

type Light = PhotoScene['lights'][number]

/** Lights closer than this are the same: a bin and a half of the network's. */
const SAME = Math.cos((35 * Math.PI) / 180)

/** The draw with the camera and the ground that the witnesses agree on (their medians): only light is worth another seed. */
export function settled(drawn: DrawnScene, witnesses: readonly DrawnScene[]): DrawnScene {
  const agreed = (name: 'horizon' | 'tilt' | 'focal' | 'reflectance' | 'roughness'): number =>
    median(witnesses.map((witness) => witness[name]))
  return {
    ...drawn,
    horizon: agreed('horizon'),
    tilt: agreed('tilt'),
    focal: agreed('focal'),
    reflectance: agreed('reflectance'),
    roughness: agreed('roughness'),
  }
}

/** Share of the witnesses whose key comes from where `light` comes from, 0..1. */
function agreement(light: Light, witnesses: readonly Light[]): number {
  const { x, y, z } = directionOf(light)
  const same = witnesses.map(directionOf).filter((other) => x * other.x + y * other.y + z * other.z > SAME)
  return same.length / witnesses.length
}

/** How far a seed's own direction always shows: else every seed would be the same light. */
const OWN = 0.3
/** Angular diameter of a light whose side nobody agrees on, degrees: that of a window near by. */
const SOFT = 35
const DEGREES = 180 / Math.PI

/**
 * A light as far as it is to be believed: the less the witnesses agree on it, the nearer it comes to the middle of theirs (which is
 * high, where they see it on all sides), and the more its softness is a middling one. Its share of the light stays: what stands must
 * be seen to stand.
 */
export function believed(light: Light, witnesses: readonly Light[]): Light {
  const sure = agreement(light, witnesses)
  const own = OWN + (1 - OWN) * sure
  const theirs = unit(witnesses.map(directionOf).reduce(sum))
  const mine = directionOf(light)
  const { x, y, z } = unit(sum(scaled(mine, own), scaled(theirs, 1 - own)))
  return {
    ...light,
    azimuthDegrees: (Math.round(Math.atan2(z, x) * DEGREES) + 360) % 360,
    elevationDegrees: Math.round(Math.asin(Math.min(1, y)) * DEGREES),
    discDegrees: Math.round(2 * (sure * light.discDegrees + (1 - sure) * SOFT)) / 2,
  }
}

const sum = (a: Point3, b: Point3): Point3 => ({ x: a.x + b.x, y: a.y + b.y, z: a.z + b.z })
const scaled = ({ x, y, z }: Point3, by: number): Point3 => ({ x: x * by, y: y * by, z: z * by })
/** No light comes from below: there is always a length. */
const unit = (v: Point3): Point3 => scaled(v, 1 / Math.hypot(v.x, v.y, v.z))

/** Of an even count the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
