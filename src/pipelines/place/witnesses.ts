/** What many draws of one photo agree on: its camera and ground, and how far a light is to be believed. */
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
export function agreement(light: Light, witnesses: readonly Light[]): number {
  const { x, y, z } = directionOf(light)
  const same = witnesses.map(directionOf).filter((other) => x * other.x + y * other.y + z * other.z > SAME)
  return same.length / witnesses.length
}

/** Of an even count the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
