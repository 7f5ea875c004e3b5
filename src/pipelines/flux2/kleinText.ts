/**
 * From texts to what FLUX.2 [klein] takes (specs: FLUX.2 §6): Qwen3's hidden states, padding included. They are kept, so
 * that the encoder is read from disk once per text and can be deleted.
 */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { Qwen3Encoder, type Qwen3EncodeOptions } from '@/nets/encoders/qwen3'
import { encoderName, type KleinModels, type KleinModelSet } from '@/pipelines/flux2/kleinModel'
import type { PackOf } from '@/pipelines/shared/modelSet'
import { tokenizerJson } from '@/pipelines/shared/tokenizerJson'
import type { TextFeatures, TextMakers, TextStore } from '@/weights/texts/keptTexts'
import { INSTRUCTIONS } from '@/schema/modes/kleinWords'
import { QwenTokenizer } from '@/text/qwenTokenizer'
import { shippedText } from '@/weights/lora/loraEmbeddings'

/** Tokens of every text, padding included, which the transformer sees unmasked. */
export const KLEIN_TEXT_TOKENS = 512

/** Where texts are kept; null: nowhere. */
export type KeptTexts = Pick<TextStore, 'get' | 'put'>

export interface KleinTextOptions {
  store: KeptTexts | null
  signal?: AbortSignal
  /** In texts; `done` may lie between whole numbers. */
  onProgress?: (done: number, total: number) => void
}

/**
 * Features of texts, kept ones first. The encoder's layers are on the device one after the other.
 * @throws missing-asset when a text is not kept and the encoder or its tokenizer is not installed; bad-weights; AbortError
 */
export async function embedKleinTexts(
  models: KleinModels,
  texts: readonly string[],
  { store, signal, onProgress = () => undefined }: KleinTextOptions,
): Promise<TextFeatures[]> {
  const { backend, set } = models
  const width = set.transformer.manifest.config.contextDim
  const found: TextFeatures[] = []
  for (const text of texts) {
    signal?.throwIfAborted()
    let features = (await shippedFeatures(models, text)) ?? (await keptFeatures(set, text, width, store))
    if (!features) {
      const { encoder, tokenizer } = installed(set)
      models.makeRoom()
      features = await encodeKleinText(backend, encoder, tokenizer, text, {
        signal,
        onLayer: (layer, layers) => onProgress(found.length + layer / layers, texts.length),
      })
      // A full disk costs the next run some time; it must not cost this one its picture.
      const makers = { encoder: encoder.hash, tokenizer: tokenizer.hash }
      await store?.put(text, width, makers, features).catch(() => undefined)
    }
    found.push(features)
    onProgress(found.length, texts.length)
  }
  return found
}

/** Features of a text; nothing of the encoder stays on the device. @throws bad-weights; AbortError */
export async function encodeKleinText(
  backend: Backend,
  encoder: PackOf<'qwen3'>,
  tokenizer: PackOf<'tokenizer'>,
  text: string,
  options: Pick<Qwen3EncodeOptions, 'signal' | 'onLayer'>,
): Promise<TextFeatures> {
  const { ids, mask } = QwenTokenizer.fromJson(await tokenizerJson(tokenizer)).encode(text, KLEIN_TEXT_TOKENS)
  const network = new Qwen3Encoder(backend, encoder.manifest.config, encoder.source())
  const values = asKept(await network.encode(ids, { ...options, mask }))
  backend.trim()
  return { values, tokens: KLEIN_TEXT_TOKENS, real: mask.reduce((sum: number, one) => sum + one, 0) }
}

/** An adapter that brings the text that it was trained with takes it for any of the built-in ones. */
async function shippedFeatures(models: KleinModels, text: string): Promise<TextFeatures | null> {
  if (!INSTRUCTIONS.includes(text)) return null
  const active = (await models.adapters()).filter(({ weight }) => weight !== 0)
  const { contextDim } = models.set.transformer.manifest.config
  const values = await shippedText(
    active.map(({ adapter }) => adapter),
    contextDim,
  )
  return values && { values, tokens: values.length / contextDim }
}

/** What was kept of a text: by the very encoder that the recipe names, else, where that is gone, by any. */
async function keptFeatures(
  { encoder, tokenizer }: KleinModelSet,
  text: string,
  width: number,
  store: KeptTexts | null,
): Promise<TextFeatures | null> {
  if (!store) return null
  const makers: TextMakers | null =
    encoder && tokenizer ? { encoder: encoder.hash, tokenizer: tokenizer.hash } : null
  const own = makers && (await store.get(text, width, makers))
  if (own || (encoder?.pack && tokenizer?.pack)) return own
  return store.get(text, width, null)
}

function installed({ encoder, tokenizer, transformer }: KleinModelSet): {
  encoder: PackOf<'qwen3'>
  tokenizer: PackOf<'tokenizer'>
} {
  return {
    encoder:
      encoder?.pack ?? missing(`the text encoder ${encoderName(transformer.manifest.config.contextDim)}`),
    tokenizer: tokenizer?.pack ?? missing("Qwen's tokenizer"),
  }
}

function missing(what: string): never {
  return fail(
    'missing-asset',
    `This text needs ${what}, which is not installed.`,
    'Import it in the model manager. The built-in instructions and texts that were used before work without it once they are kept.',
  )
}

/** The largest number that f16 holds. */
const LARGEST_F16 = 65504

/**
 * Features as they are kept, in f16 unless some number is beyond its range: rounded at once, so that the first picture of a
 * text is the second one's to the bit.
 */
function asKept(values: Float32Array): Float32Array {
  return values.some((value) => !(Math.abs(value) <= LARGEST_F16)) ? values : f16ToF32(f32ToF16(values))
}
