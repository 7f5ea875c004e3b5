/** Width of the sinusoidal embedding of times and guidance. */
export const TIME_CHANNELS = 256

/**
 * Sinusoidal embedding of 1000*value, cosines first (specs: FLUX §4): [batch, 1, 256]. Rounded to f32 where
 * the peers' f32 rounds: an angle of 700 is only known to 3e-5 there, and the checkpoints were made with it.
 */
export const timeEmbedding = (values: readonly number[]): Float32Array =>
  sinusoid(
    values.map((value) => Math.fround(1000 * Math.fround(value))),
    TIME_CHANNELS,
  )

/** Sinusoidal embedding of times, cosines first, period 10,000: [batch, 1, channels], f32 roundings as above. */
export function sinusoid(times: readonly number[], channels: number): Float32Array {
  const half = channels / 2
  const out = new Float32Array(times.length * channels)
  times.forEach((time, item) => {
    for (let k = 0; k < half; k++) {
      const exponent = Math.fround(Math.fround(Math.fround(-Math.log(10000)) * k) / half)
      const frequency = Math.fround(Math.exp(exponent))
      const angle = Math.fround(Math.fround(time) * frequency)
      out[item * channels + k] = Math.cos(angle)
      out[item * channels + half + k] = Math.sin(angle)
    }
  })
  return out
}
