import { encodePng } from '@/assets/png'
import { thumbnail } from '@/assets/resample'
import { fail, problemOf, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { newId } from '@/base/id'
import type { PairPicture, PreferencePair } from '@/schema/preferences'
import type { AlignedRun } from '@/ui/align/service'
import type { NewPair } from '@/storage/pairs'
import { encodePair, type PairTrajectory } from '@/weights/preferences/preferences'
import type { AlignRecord, Trajectory } from '@/worker/protocol'

export type Winner = PreferencePair['winner']

/** Longer side of a pair's pictures, px. */
const PICTURE_SIDE = 256

/** The run that is preferred: the target where it was adopted, else the reference (specs: D-Fusion §7). */
export const winnerOf = ({ adopted }: AlignRecord): Winner => (adopted ? 'target' : 'reference')

/** Whether the winner scores above the base; true where nothing scored them. */
export const isBetter = (record: AlignRecord): boolean =>
  record.scores === null || record.scores[winnerOf(record)] > record.scores.base

/** Why a run makes no pair; null where it does. */
export function refusalOf(record: AlignRecord, winner: Winner): Problem | null {
  try {
    stochastic(record.trajectories[winner], winner)
    stochastic(record.trajectories.base, 'base')
    return null
  } catch (error) {
    return problemOf(error)
  }
}

/** @throws unsupported for a run that has no probabilities */
function stochastic({ latents, logProbability }: Trajectory, run: Winner | 'base'): PairTrajectory {
  if (!logProbability)
    fail(
      'unsupported',
      `This is no pair for training: the ${run}’s steps draw no noise, so they have no probabilities.`,
      'Start base and reference from seeds rather than pictures, with eta above 0.',
    )
  return { latents, logProbability: Float32Array.from(logProbability) }
}

/** Copies what a pair shows of a run, at once: the rasters may be handed on afterwards. */
export function smallPictures({
  target,
  record,
}: AlignedRun): Record<'target' | 'reference' | 'base', Raster> {
  const small = (raster: Raster): Raster => {
    const { width, height, data } = thumbnail(raster, PICTURE_SIDE)
    return { width, height, data: data.slice() }
  }
  return { target: small(target), reference: small(record.reference), base: small(record.base) }
}

/**
 * A finished run as a pair that can be stored: the loser is the base.
 * @throws unsupported as `refusalOf`
 */
export async function pairOf(
  { recipe, record }: Pick<AlignedRun, 'recipe' | 'record'>,
  pictures: ReturnType<typeof smallPictures>,
  winner: Winner,
): Promise<NewPair> {
  const { maps, trajectories, prompt, latent, timesteps } = record
  const { rows, columns, words } = maps
  const cells = rows * columns
  const pair: PreferencePair = {
    id: newId(),
    time: Date.now(),
    recipe,
    scores: record.scores,
    adopted: record.adopted,
    winner,
    latent,
    timesteps,
    prompt: { tokens: prompt.tokens, width: prompt.width },
    grid: { rows, columns },
    mapWords: words > 0 && maps.steps.length === timesteps.length ? words : null,
  }
  const masks = new Uint8Array(timesteps.length * cells)
  for (const [i, { mask }] of record.frames.entries()) if (mask) masks.set(mask, i * cells)
  const tensors = encodePair(pair, {
    winner: stochastic(trajectories[winner], winner),
    loser: stochastic(trajectories.base, 'base'),
    prompt,
    masks,
    wordMaps: pair.mapWords === null ? null : joined(maps.steps),
  })
  const png = async (raster: Raster) => new Blob([await encodePng(raster)], { type: 'image/png' })
  const shown: Record<PairPicture, Blob> = {
    winner: await png(pictures[winner]),
    loser: await png(pictures.base),
    reference: await png(pictures.reference),
  }
  return { pair, tensors, pictures: shown }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
