/** Directions towards light: the discs of lamps and sun, and the dome of the sky. World frame, see camera.ts. */

import type { Point3 } from './camera'

/** A light as a document stores it. */
export interface DiscLight {
  /** From +x towards +z, degrees: 0 to the right, 90 behind the object, so that its shadow falls towards the viewer. */
  azimuthDegrees: number
  /** Above the ground, degrees; lower than `LOWEST_ELEVATION` counts as that. */
  elevationDegrees: number
  /** Angular diameter, degrees: the sun has half a degree, an overcast window fifty. */
  discDegrees: number
}

/**
 * What a sample of a light does to a shadow: a point at height y shades the ground at (x - y * slopeX, z - y * slopeZ).
 */
export interface Slope {
  x: number
  z: number
}

/** Lower lights throw shadows of more than seven heights, which no small map can carry. */
export const LOWEST_ELEVATION = 8
/** The lower edge of a low light's disc is cut off there. */
const LOWEST_SAMPLE = 4
/** The dome leaves out what is nearly level: its shadows are endless and faint. */
const DOME_FROM = 12
const RADIANS = Math.PI / 180
/** Turns between neighbours of a sunflower: no two samples line up. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))

/** Unit vector towards the middle of a light. */
export function directionOf({ azimuthDegrees, elevationDegrees }: DiscLight): Point3 {
  const azimuth = azimuthDegrees * RADIANS
  const elevation = Math.min(90, Math.max(LOWEST_ELEVATION, elevationDegrees)) * RADIANS
  const level = Math.cos(elevation)
  return { x: level * Math.cos(azimuth), y: Math.sin(elevation), z: level * Math.sin(azimuth) }
}

/** `count` samples spread evenly over a light's disc, the inner ones first. */
export function discSlopes(light: DiscLight, count: number): Slope[] {
  const azimuth = light.azimuthDegrees * RADIANS
  const elevation = Math.min(90, Math.max(LOWEST_ELEVATION, light.elevationDegrees)) * RADIANS
  const radius = Math.tan((light.discDegrees / 2) * RADIANS)
  const lowest = Math.sin(LOWEST_SAMPLE * RADIANS)
  const [ca, sa] = [Math.cos(azimuth), Math.sin(azimuth)]
  const [ce, se] = [Math.cos(elevation), Math.sin(elevation)]
  return Array.from({ length: count }, (_, index) => {
    const r = radius * Math.sqrt((index + (count > 1 ? 0.5 : 0)) / count)
    const across = r * Math.cos((index + 0.5) * GOLDEN_ANGLE)
    const upward = r * Math.sin((index + 0.5) * GOLDEN_ANGLE)
    // Axis, level tangent and upward tangent of the disc.
    const x = ce * ca - sa * across - se * ca * upward
    const y = Math.max(lowest, se + ce * upward)
    const z = ce * sa + ca * across - se * sa * upward
    return { x: x / y, z: z / y }
  })
}

/** `count` directions of a dome, cosine-weighted: each stands for the same share of the ground's irradiance. */
export function domeSlopes(count: number): Slope[] {
  const lowest = Math.sin(DOME_FROM * RADIANS)
  return Array.from({ length: count }, (_, index) => {
    const up = Math.sqrt(1 - ((index + 0.5) / count) * (1 - lowest * lowest))
    const level = Math.sqrt(1 - up * up)
    const angle = (index + 0.5) * GOLDEN_ANGLE
    return { x: (level * Math.cos(angle)) / up, z: (level * Math.sin(angle)) / up }
  })
}
