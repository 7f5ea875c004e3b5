/** Features of pictures and words: numbers that are compared by their angle (specs: encoders §5, §6). */

/** How the models that see were told of colours, in [0,1] per channel. */
export interface Colours {
  mean: readonly number[]
  deviation: readonly number[]
}

export const CLIP_COLOURS: Colours = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
}
export const IMAGENET_COLOURS: Colours = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }

/** Of length 1. */
export function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

/** The dot product of two unit vectors of one length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}
