/** Align on the built-in Painter-U (docs/painter.md): small enough that everything stays on the device. */
import type { Raster } from '@/base/geometry'
import { Once } from '@/base/once'
import type { AlignModel } from '@/pipelines/align/alignModel'
import type { Painter2 } from '@/pipelines/painter/painter2'
import { painterPixels } from '@/pipelines/painter/painterPictures'
import { CELL } from '@/pipelines/painter/painterParts'
import { cosine } from '@/pipelines/shared/features'
import { coloursOfDecoder, previewOf, type LatentColours } from '@/pipelines/shared/latentPreview'
import { opaque, toBytes } from '@/pipelines/shared/samples'
import { Ddim, SD_SCHEDULE } from '@/samplers/ddim'

/** @param painter stays with whoever opened it @throws unsupported where its pack has no Painter-U */
export function painterU(painter: Painter2): AlignModel {
  const { size: side, autoencoder, scorer } = painter.config
  const { prediction } = painter.unet
  const channels = autoencoder.latentChannels
  const size = { width: side, height: side }
  const { width, positions } = scorer.text
  const learnt = new Once<LatentColours>()
  let colours: LatentColours | null = null

  async function decode(
    latent: Float32Array,
    rows: number,
    columns: number,
    signal: AbortSignal,
  ): Promise<Raster> {
    const planes = await painter.decode(latent, rows, columns, { signal })
    const data = toBytes(planes, Math.round)
    return opaque({ width: columns * CELL, height: rows * CELL, channels: 3, data })
  }

  return {
    hash: painter.hash,
    latent: { channels, pixels: CELL, mapLevel: 0 },
    ddim: (steps) => new Ddim({ ...SD_SCHEDULE, prediction }, steps),
    sizeOf: () => size,
    columnsOf: (prompt) => Promise.resolve(painter.tokenise(prompt).columns),
    async encodePrompts(prompts, signal, onPart) {
      const encoded = []
      for (const prompt of prompts) {
        const { context } = await painter.read(prompt, signal)
        encoded.push({ embedding: context, tokens: positions, width })
        onPart(encoded.length, prompts.length)
      }
      return encoded
    },
    net: (_, onPart) => painter.net(onPart),
    encode: (picture, signal) => painter.encode(painterPixels(picture, side), size, signal),
    decode,
    preview(latent, rows, columns) {
      if (!colours) throw new Error('previews are not prepared')
      return previewOf(latent, rows, columns, colours)
    },
    async preparePreviews(signal) {
      colours = await learnt.get(() =>
        coloursOfDecoder(channels, (latent, rows, columns) =>
          painter.decode(latent, rows, columns, { signal }),
        ),
      )
    },
    scoresAtOnce: true,
    async scorer(prompt, signal) {
      const { feature } = await painter.read(prompt, signal)
      return {
        score: async (picture) =>
          cosine((await painter.look(painterPixels(picture, side), size, signal)).feature, feature),
        dispose: () => undefined,
      }
    },
    dispose: () => undefined,
  }
}
