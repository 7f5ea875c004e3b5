/** The built-in model of Align (docs/painter.md): small enough that everything stays on the device. */
import type { Backend } from '@/backend/types'
import type { Raster } from '@/base/geometry'
import { ClipText } from '@/nets/encoders/clipText'
import { Unet } from '@/nets/unet/unetRunner'
import type { AlignModel } from '@/pipelines/align/alignModel'
import { PainterLatent } from '@/pipelines/align/painterLatent'
import { painterText } from '@/pipelines/painter/painterText'
import { Scorer } from '@/pipelines/align/score'
import { Ddim, SD_SCHEDULE } from '@/samplers/ddim'
import type { PainterManifest } from '@/schema/pack'
import { prefixed, type WeightSource } from '@/weights/formats/source'

/** Puts the built-in model on the device. @throws bad-weights; out-of-memory */
export async function loadPainter(
  backend: Backend,
  { config, words }: PainterManifest,
  hash: string,
  source: WeightSource,
): Promise<AlignModel> {
  const parts = {
    latent: await PainterLatent.load(prefixed(source, 'latent.'), config.unet.inChannels, config.patch),
    text: await ClipText.load(backend, config.text, prefixed(source, 'text.')),
    unet: await Unet.load(backend, config.unet, prefixed(source, 'unet.')),
    scorer: await Scorer.load(backend, config.scorer, prefixed(source, 'scorer.'), 'symmetric'),
  }
  const { latent, text, unet, scorer } = parts
  const length = config.text.positions
  const read = (prompt: string) => painterText(prompt, words, length)
  const decode = (values: Float32Array, rows: number, columns: number): Raster =>
    latent.decode(values, rows, columns)
  return {
    hash,
    latent: { channels: config.unet.inChannels, pixels: config.patch, mapLevel: 0 },
    ddim: (steps) => new Ddim({ ...SD_SCHEDULE, prediction: config.unet.prediction }, steps),
    sizeOf: () => ({ width: config.size, height: config.size }),
    columnsOf: (prompt) => Promise.resolve(read(prompt).columns),
    async encodePrompts(prompts, signal, onPart) {
      const encoded = []
      for (const [index, prompt] of prompts.entries()) {
        const { hidden } = await text.encode(read(prompt).ids, { signal })
        encoded.push({ embedding: hidden, tokens: length, width: config.text.width })
        onPart(index + 1, prompts.length)
      }
      return encoded
    },
    net: () => Promise.resolve(unet),
    encode: (picture) => Promise.resolve(latent.encode(picture)),
    decode: (values, rows, columns) => Promise.resolve(decode(values, rows, columns)),
    preview: decode,
    preparePreviews: () => Promise.resolve(),
    scoresAtOnce: true,
    async scorer(prompt) {
      const features = await scorer.text(Array.from(read(prompt).ids))
      return { score: (picture) => scorer.score(picture, features), dispose: () => undefined }
    },
    dispose() {
      text.dispose()
      unet.dispose()
      scorer.dispose()
    },
  }
}
