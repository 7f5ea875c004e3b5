/**
 * How well a picture shows a text: the cosine of CLIP's features of both (specs: encoders §6; D-Fusion §7 scores and
 * sorts by it).
 */
import { pilBicubic, type Samples } from '@/assets/pilResize'
import type { Backend } from '@/backend/types'
import { fail, unreachable } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { ClipText } from '@/nets/encoders/clipText'
import { ClipVision } from '@/nets/encoders/clipVision'
import { CLIP_COLOURS, cosine, unit } from '@/pipelines/shared/features'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'
import type { ClipConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

/** What the vision tower was trained to see: CLIP's mean and deviation per channel, or values in [-1,1]. */
export type Normalisation = 'clip' | 'symmetric'

export class Scorer {
  private readonly textTower: ClipText
  private readonly visionTower: ClipVision
  private readonly image: number
  private readonly normalisation: Normalisation

  private constructor(
    textTower: ClipText,
    visionTower: ClipVision,
    image: number,
    normalisation: Normalisation,
  ) {
    this.textTower = textTower
    this.visionTower = visionTower
    this.image = image
    this.normalisation = normalisation
  }

  /**
   * Puts both towers on the device.
   * @throws bad-weights where the towers do not project to one space or a tensor is missing; out-of-memory
   */
  static async load(
    backend: Backend,
    { text, vision }: ClipConfig,
    source: WeightSource,
    normalisation: Normalisation,
  ): Promise<Scorer> {
    if (text.projection !== vision.projection)
      fail(
        'bad-weights',
        'The two halves of this CLIP do not belong together.',
        'Import the whole model again, with its config.json.',
        `text projects to ${text.projection ?? 'nothing'}, vision to ${vision.projection}`,
      )
    const textTower = await ClipText.load(backend, text, source)
    try {
      const visionTower = await ClipVision.load(backend, vision, source)
      return new Scorer(textTower, visionTower, vision.image, normalisation)
    } catch (error) {
      textTower.dispose()
      throw error
    }
  }

  /** Features of a prompt's token ids, begin and end of text among them: unit, [projection]. @throws AbortError */
  async text(ids: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    const { projected } = await this.textTower.encode(Int32Array.from(ids), { signal })
    return unit(projected ?? fail('internal', 'The scorer has no text projection.', 'Report this.'))
  }

  /** Features of a picture of any size: unit, [projection]. @throws AbortError */
  async picture(raster: Raster, signal?: AbortSignal): Promise<Float32Array> {
    const pixels = scorePixels(raster, this.image, this.normalisation)
    return unit(await this.visionTower.embed(pixels, 1, { signal }))
  }

  /** Cosine of the picture's and the text's features. @throws AbortError */
  async score(raster: Raster, textFeatures: Float32Array, signal?: AbortSignal): Promise<number> {
    return cosine(await this.picture(raster, signal), textFeatures)
  }

  dispose(): void {
    this.textTower.dispose()
    this.visionTower.dispose()
  }
}

/**
 * The middle of a picture as CLIP sees it: laid over white, its short side resized to `image` pixels as Pillow does it,
 * the rest of the long side cut off on both ends. @returns [3, image, image]
 */
export function scorePixels(raster: Raster, image: number, normalisation: Normalisation): Float32Array {
  const { width, height } = raster
  const short = Math.min(width, height)
  const side = (length: number): number => Math.trunc((image * length) / short)
  const middle = centre(pilBicubic(onWhite(raster), side(width), side(height)), image)
  switch (normalisation) {
    case 'symmetric':
      return signedPlanes(middle)
    case 'clip':
      return clipPlanes(middle)
    default:
      return unreachable(normalisation)
  }
}

function centre({ width, height, channels, data }: Samples, size: number): Samples {
  const left = Math.floor((width - size) / 2)
  const top = Math.floor((height - size) / 2)
  const out = new Uint8ClampedArray(size * size * channels)
  for (let row = 0; row < size; row++) {
    const from = ((top + row) * width + left) * channels
    out.set(data.subarray(from, from + size * channels), row * size * channels)
  }
  return { width: size, height: size, channels, data: out }
}

/** [3, height, width] */
function clipPlanes({ channels, data }: Samples): Float32Array {
  const area = data.length / channels
  const out = new Float32Array(data.length)
  for (let pixel = 0; pixel < area; pixel++)
    for (let c = 0; c < channels; c++)
      out[c * area + pixel] =
        (data[pixel * channels + c] / 255 - CLIP_COLOURS.mean[c]) / CLIP_COLOURS.deviation[c]
  return out
}
