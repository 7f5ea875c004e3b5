/** What mode Mix asks of a model: FLUX with Redux, from the user's packs, and the built-in Painter-D both give it. */
import type { Raster } from '@/base/geometry'
import type { PictureModel } from '@/pipelines/shared/pictureModel'
import type { Judgement } from '@/schema/modes/mix'

/** Says how much a mixture has of each object. */
export interface MixJudge {
  /** Null where a score is no number. @param picture of any size @throws bad-weights, out-of-memory; AbortError */
  judge(picture: Raster): Promise<Judgement | null>
}

export interface MixModel extends PictureModel {
  /** As long as this is there, what was made of objects is used again. */
  readonly stays: object
  /** What the prompt says beside the objects' tokens, [vectorDim]; empty where the model reads none. */
  promptVector(prompt: string, signal: AbortSignal): Promise<Float32Array>
  /** Tokens of each picture, [tokens, contextDim]. @throws bad-weights, out-of-memory; AbortError */
  embedObjects(
    pictures: readonly Raster[],
    options: { signal: AbortSignal; onProgress(done: number, total: number): void },
  ): Promise<Float32Array[]>
  /** Null where nothing is installed that scores. @throws bad-weights, out-of-memory; AbortError */
  judge(pictures: readonly Raster[], labels: readonly string[]): Promise<MixJudge | null>
}
