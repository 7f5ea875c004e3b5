/** Preference pairs whose numbers a formula gives, for tests here and in training/preferences. */
import type { PreferencePair } from '@/schema/preferences'
import type { PairTensors } from '@/weights/preferences/preferences'

/** Exact in f32, different for every place and every `salt`. */
export const formula = (length: number, salt: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => (((i * 37 + salt * 101) % 255) - 127) / 64)

export function testTensors(pair: PreferencePair, salt: number): PairTensors {
  const { latent, prompt, grid, mapWords } = pair
  const steps = pair.timesteps.length
  const cells = steps * grid.rows * grid.columns
  const run = (shift: number) => ({
    latents: formula((steps + 1) * latent.channels * latent.rows * latent.columns, salt + shift),
    logProbability: formula(steps, salt + shift + 1),
  })
  return {
    winner: run(0),
    loser: run(2),
    prompt: {
      embedding: formula(prompt.tokens * prompt.width, salt + 4),
      negative: formula(prompt.tokens * prompt.width, salt + 5),
    },
    masks: Uint8Array.from({ length: cells }, (_, i) => (i + salt) % 2),
    wordMaps: mapWords === null ? null : formula(cells * mapWords, salt + 6),
  }
}

/** One pixel. */
export const testPicture = (): Blob =>
  new Blob(
    [
      Uint8Array.from(
        atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'),
        (letter) => letter.charCodeAt(0),
      ),
    ],
    { type: 'image/png' },
  )
