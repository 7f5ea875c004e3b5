/** Mix on the built-in Painter-D: its scorer sees objects, names them, and judges their mixtures. */
import * as v from 'valibot'

import type { Raster } from '@/base/geometry'
import { apartness, meanOf } from '@/pipelines/mix/apart'
import type { MixJudge, MixModel } from '@/pipelines/mix/mixModel'
import { measuredRange, similarityScore } from '@/pipelines/mix/similarity'
import type { Painter2, PainterSees } from '@/pipelines/painter/painter2'
import { painterPictureModel, painterPixels } from '@/pipelines/painter/painterPictures'
import { nounPhrase } from '@/pipelines/painter/painterText'
import { cosine, unit } from '@/pipelines/shared/features'
import { Judgement } from '@/schema/modes/mix'

export function painterMix(painter: Painter2, signal: AbortSignal): MixModel {
  const { size: side } = painter.config
  const look = (picture: Raster): Promise<PainterSees> =>
    painter.look(painterPixels(picture, side), { width: side, height: side }, signal)
  return {
    ...painterPictureModel(painter),
    stays: painter,
    promptVector: () => Promise.resolve(new Float32Array()),
    async embedObjects(pictures, { onProgress }) {
      const words: Float32Array[] = []
      onProgress(0, pictures.length)
      for (const picture of pictures) {
        words.push(await painter.asWords(await look(picture)))
        onProgress(words.length, pictures.length)
      }
      return words
    },
    judge: (pictures, labels) => beginJudge(painter, look, pictures, labels, signal),
  }
}

/** The whole picture is judged: so the scorer was taught. @throws bad-weights, out-of-memory; AbortError */
async function beginJudge(
  painter: Painter2,
  look: (picture: Raster) => Promise<PainterSees>,
  pictures: readonly Raster[],
  labels: readonly string[],
  signal: AbortSignal,
): Promise<MixJudge> {
  const width = painter.seenWidth
  const sideOf = (tokens: Float32Array): number => Math.sqrt(tokens.length / width)
  const objects: { shown: Float32Array; named: Float32Array; cells: Float32Array }[] = []
  for (const [i, picture] of pictures.entries()) {
    const { tokens, feature } = await look(picture)
    const { feature: named } = await painter.read(nounPhrase(labels[i]), signal)
    const cells = unit(meanOf(tokens, sideOf(tokens), width, () => true))
    objects.push({ shown: feature, named, cells })
  }
  const range = measuredRange(objects)
  return {
    async judge(picture) {
      const { tokens, feature } = await look(picture)
      const likeness = objects.map(({ shown, named }) => ({
        seen: cosine(feature, shown),
        named: cosine(feature, named),
      }))
      const [first, second] = objects
      const judgement = {
        score: similarityScore(likeness, range),
        likeness,
        apart: objects.length === 2 ? apartness(tokens, sideOf(tokens), [first.cells, second.cells]) : 0,
        range,
        crops: { objects: objects.map(() => 'whole' as const), picture: 'whole' as const },
      }
      return v.is(Judgement, judgement) ? judgement : null
    },
  }
}
