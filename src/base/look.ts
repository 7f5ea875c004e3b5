/** How a layer is mixed with what lies below it. */

/**
 * As CSS and Photoshop name them. What they make of two encoded colours: Compositing and Blending Level 1, §9 and §10
 * (`assets/blend.ts`).
 */
export const BLEND_MODES = ['normal', 'multiply', 'screen', 'overlay', 'color', 'luminosity'] as const
export type BlendMode = (typeof BLEND_MODES)[number]

/** Absent of what covers as it is: recipes from before there was a choice stay what they were. */
export interface Look {
  /** On top of its own alpha, 0..1. Absent: 1. */
  opacity?: number
  /** Absent: normal. */
  blend?: BlendMode
}

/** What a recipe and a document say of a look: nothing of a plain one. */
export const lookOf = ({ opacity = 1, blend = 'normal' }: Look): Look => ({
  ...(opacity < 1 ? { opacity } : {}),
  ...(blend === 'normal' ? {} : { blend }),
})

/** Whether it covers what lies below it as it is. */
export const isPlain = ({ opacity = 1, blend = 'normal' }: Look): boolean =>
  opacity === 1 && blend === 'normal'
