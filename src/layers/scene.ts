/** What is known of a picture's light and ground, and how strongly each layer shows: the parameters of its layers. */
import type { CameraParameters } from './camera'
import type { DiscLight } from './light'

/** Red, green, blue. */
export type Colour = readonly [number, number, number]

export interface SceneLight extends DiscLight {
  /** Share of the ground's irradiance, per channel, linear. With the other lights' at most 1; the rest is ambient. */
  share: Colour
}

export interface SceneParameters {
  camera: CameraParameters
  /** At most two. */
  lights: readonly SceneLight[]
  ground: {
    /** How strongly the ground is coated, 0..1: multiplied with Fresnel's share, 4 % from straight above. */
    reflectance: number
    /** 0 a mirror, 1 so rough that nothing is seen in it. */
    roughness: number
  }
}

/** How strongly each layer shows: 0 not at all, 1 as the light has it. */
export interface LayerAmounts extends ObjectAmounts {
  /** Of each light, in their order. */
  shadow: readonly number[]
  contact: number
  reflection: number
}

/** The same of the layers that change an object itself. */
export interface ObjectAmounts {
  edge: number
  relight: number
  tone: number
  grain: number
  grass: number
}

/** Irradiance of the ground that no light's disc accounts for, per channel. */
export function ambientOf(lights: readonly SceneLight[]): Colour {
  const rest = (channel: 0 | 1 | 2): number =>
    Math.max(0, 1 - lights.reduce((sum, { share }) => sum + share[channel], 0))
  return [rest(0), rest(1), rest(2)]
}
