/** Painter-D's pictures: square, and all of one size. */
import { pilBicubic } from '@/assets/pilResize'
import type { Raster } from '@/base/geometry'
import { Painter2 } from '@/pipelines/painter/painter2'
import { CELL, checkPainter2 } from '@/pipelines/painter/painterParts'
import type { RunContext } from '@/pipelines/shared/engineMode'
import type { EncodedPicture } from '@/pipelines/shared/latentPreview'
import { packLatent, unpackLatent } from '@/pipelines/shared/latents'
import type { PictureModel } from '@/pipelines/shared/pictureModel'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'
import { flowSigmas } from '@/samplers/flowMatch'
import { readPack } from '@/weights/packs/pack'

/** Painter 2 with Painter-D, which stays open. @throws missing-asset, bad-manifest, hash-mismatch, network; AbortError */
export async function openPainter2(context: RunContext<never>): Promise<Painter2> {
  const { backend, models, onLoading, signal } = context
  const { manifest, hash, url } = await context.builtIn('painter2')
  return models.always('painter2', async () => {
    checkPainter2(manifest)
    return new Painter2(backend, manifest, hash, await readPack({ manifest, url }, onLoading, signal))
  })
}

/** A picture whole, in the middle of a white square. @returns [3, side, side] in [-1, 1] */
export function painterPixels(picture: Raster, side: number): Float32Array {
  const scale = side / Math.max(picture.width, picture.height)
  const fit = (length: number) => Math.max(1, Math.round(length * scale))
  const [width, height] = [fit(picture.width), fit(picture.height)]
  const { data } = pilBicubic(onWhite(picture), width, height)
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)]
  const square = new Uint8ClampedArray(3 * side * side).fill(255)
  for (let row = 0; row < height; row++)
    square.set(data.subarray(3 * row * width, 3 * (row + 1) * width), 3 * ((top + row) * side + left))
  return signedPlanes({ width: side, height: side, channels: 3, data: square })
}

/** Painter-D as modes ask for it. Its sigmas are not shifted. */
export function painterPictureModel(painter: Painter2): PictureModel {
  const { size: side, autoencoder } = painter.config
  const channels = autoencoder.latentChannels
  return {
    hash: painter.hash,
    channels,
    sizeOf: () => ({ width: side, height: side }),
    sigmas: (steps) => flowSigmas(steps, { kind: 'none' }),
    transformer: () => painter.transformer(),
    decode(tokens, { width, height }, options) {
      const [rows, columns] = [height / CELL, width / CELL]
      return painter.decode(unpackLatent(tokens, channels, rows, columns), rows, columns, options)
    },
    // It is small: all of it stays.
    makeRoom: () => undefined,
  }
}

/** A picture of any size as Painter-D looks at it, and its packed tokens. @throws bad-weights, out-of-memory; AbortError */
export async function encodeForPainter(
  painter: Painter2,
  picture: Raster,
  signal: AbortSignal,
): Promise<EncodedPicture & { tokens: Float32Array }> {
  const { size: side, autoencoder } = painter.config
  const pixels = painterPixels(picture, side)
  const latent = await painter.encode(pixels, { width: side, height: side }, signal)
  const cells = side / CELL
  const tokens = packLatent(latent, autoencoder.latentChannels, cells, cells)
  return { rows: cells, columns: cells, latent, pixels, tokens }
}
