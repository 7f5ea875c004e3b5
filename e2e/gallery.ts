/** Align's gallery on its built-in model: the work in the studio that takes long with nothing downloaded, step by step. */
import { expect, RUN_LIMIT, type Studio, type StudioOptions } from './studio'

/** Opens Align with a prompt and few steps: what is tested is the way, not the picture. */
export async function openAlign(
  studio: Studio,
  prompt: string,
  steps = 4,
  backend: StudioOptions['backend'] = 'cpu',
) {
  await studio.open({ backend })
  await studio.get('mode-align').click()
  await studio.get('prompt').fill(prompt)
  await studio.get('steps').fill(String(steps))
}

export const idle = (studio: Studio) => expect(studio.get('fuse')).toBeVisible({ timeout: RUN_LIMIT })

/** Begins to sample so many pictures. */
export async function beginSampling(studio: Studio, count: number) {
  await studio.get('sample-count').fill(String(count))
  await studio.get('sample-count').blur()
  await expect(studio.get('sample')).toBeEnabled({ timeout: 60_000 })
  await studio.get('sample').click()
}

export async function sample(studio: Studio, count: number) {
  const before = (await studio.document()).align.candidates.length
  await beginSampling(studio, count)
  await expect(studio.get('candidate')).toHaveCount(before + count, { timeout: RUN_LIMIT })
  await idle(studio)
}
