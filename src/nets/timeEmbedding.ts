/** Width of the sinusoidal embedding of times and guidance. */
export const TIME_CHANNELS = 256

/**
 * Sinusoidal embedding of 1000*value, cosines first (specs: FLUX §4): [batch, 1, 256]. Rounded to f32 where
 * the peers' f32 rounds: an angle of 700 is only known to 3e-5 there, and the checkpoints were made with it.
 */
export function timeEmbedding(values: readonly number[]): Float32Array {
  const half = TIME_CHANNELS / 2
  const out = new Float32Array(values.length * TIME_CHANNELS)
  values.forEach((value, item) => {
    for (let k = 0; k < half; k++) {
      const exponent = Math.fround(Math.fround(Math.fround(-Math.log(10000)) * k) / half)
      const frequency = Math.fround(Math.exp(exponent))
      const angle = Math.fround(Math.fround(1000 * Math.fround(value)) * frequency)
      out[item * TIME_CHANNELS + k] = Math.cos(angle)
      out[item * TIME_CHANNELS + half + k] = Math.sin(angle)
    }
  })
  return out
}
