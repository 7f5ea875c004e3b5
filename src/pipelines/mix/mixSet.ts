/** The packs of Mix, beside FLUX's own. */
import { fail } from '@/base/errors'
import { openPart, openParts, type FindPack, type PackOf } from '@/pipelines/shared/modelSet'
import type { ModelPart } from '@/schema/modelRef'

export interface MixSet {
  siglip: PackOf<'siglip'>
  redux: PackOf<'redux'>
  /** What scores; null: a part of it is not there. */
  scorers: MixScorers | null
}

export interface MixScorers {
  dino: PackOf<'dino'>
  clip: PackOf<'clip'>
}

/** @throws missing-asset naming the first part that is needed and not there; bad-weights where parts do not fit each other */
export async function openMixSet(parts: readonly ModelPart[], find: FindPack): Promise<MixSet> {
  const siglip = await openPart(parts, find, 'siglip', 'the SigLIP vision encoder')
  const redux = await openPart(parts, find, 'redux', 'FLUX.1 Redux')
  const transformer = await openPart(parts, find, 'fluxDit', 'the FLUX transformer')
  const [dino] = await openParts(parts, find, 'dino')
  const [clip] = await openParts(parts, find, 'clip')
  const { vision, text } = redux.manifest.config
  const [seen, read] = [siglip.manifest.config.width, transformer.manifest.config.contextDim]
  if (vision !== seen || text !== read)
    fail(
      'bad-weights',
      'Redux, SigLIP and the transformer do not belong together.',
      'Use FLUX.1 Redux with SigLIP so400m (patch 14, 384 px) and FLUX.1 [dev].',
      `SigLIP gives ${seen}, Redux takes ${vision} and gives ${text}, the transformer reads ${read}`,
    )
  return { siglip, redux, scorers: dino?.pack && clip?.pack ? { dino: dino.pack, clip: clip.pack } : null }
}

/** Tokens of an object. */
export const tokensOf = ({ siglip }: MixSet): number => siglip.manifest.config.grid ** 2
