/**
 * From prompts to what the transformer takes (specs: FLUX §7): CLIP's pooled vector and T5's sequence. Both are kept by
 * content, so that an encoder is read from disk once per prompt; the empty prompt, which DreamFuse is mostly used with,
 * then never needs T5 again.
 */
import { fail } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { ClipText } from '@/nets/encoders/clipText'
import { T5Encoder } from '@/nets/encoders/t5'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import type { PromptCache } from '@/pipelines/shared/promptCache'
import { tokenizerJson } from '@/pipelines/shared/tokenizerJson'
import { ClipTokenizer } from '@/text/clipTokenizer'
import { T5Tokenizer } from '@/text/t5Tokenizer'

export interface PromptEmbedding {
  pooled: Float32Array // [vectorDim]
  text: Float32Array // [length, contextDim]
}

export interface PromptOptions {
  /** T5 tokens per prompt. */
  length: number
  /** Rows of tokens that an adapter adds to T5's vocabulary, with their names; see `placeholderRows`. */
  added?: { rows: Float32Array; tokens: readonly string[] } | null
  cache?: PromptCache | null
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
}

const CLIP_TOKENS = 77
/** T5's end of text; padding is 0. */
const END_OF_TEXT = 1

/**
 * Embeds prompts with the set's encoders. CLIP and then T5 are on the device only while they run.
 * @throws missing-asset when a prompt is not kept and T5 or its tokenizer is not installed; bad-weights; AbortError
 */
export async function embedPrompts(
  models: FluxModels,
  prompts: readonly string[],
  options: PromptOptions,
): Promise<PromptEmbedding[]> {
  const { onProgress = () => undefined } = options
  const total = 2 * prompts.length
  const pooled = await embedPooled(models, prompts, options, (done) => onProgress(done, total))
  const text = await embedWithT5(models, prompts, options, (done) => onProgress(prompts.length + done, total))
  return prompts.map((_, i) => ({ pooled: pooled[i], text: text[i] }))
}

/** CLIP's vectors of prompts, for whoever reads nothing else of them. CLIP is on the device only while it runs. @throws as `embedPrompts` */
export async function embedPooled(
  { backend, set }: FluxModels,
  prompts: readonly string[],
  { cache, signal }: Pick<PromptOptions, 'cache' | 'signal'>,
  onDone: (done: number) => void = () => undefined,
): Promise<Float32Array[]> {
  const tokenizer = ClipTokenizer.fromJson(await tokenizerJson(set.clipTokenizer))
  let clip: ClipText | null = null
  const encode = async (ids: Int32Array): Promise<Float32Array> => {
    clip ??= await ClipText.load(backend, set.clip.manifest.config, set.clip.source())
    return (await clip.encode(ids)).pooled
  }
  const length = Math.min(CLIP_TOKENS, set.clip.manifest.config.positions)
  const width = set.transformer.manifest.config.vectorDim
  try {
    const found: Float32Array[] = []
    for (const prompt of prompts) {
      signal?.throwIfAborted()
      const ids = tokenizer.encode(prompt, length)
      const key = await cacheKey('clip pooled', set.clip.hash, ids, null)
      found.push(checkedSize(await kept(cache, key, () => encode(ids)), width ?? 0, 'CLIP'))
      onDone(found.length)
    }
    return found
  } finally {
    // The compiler does not see the closure's assignment.
    ;(clip as ClipText | null)?.dispose()
    backend.trim()
  }
}

async function embedWithT5(
  { backend, set }: FluxModels,
  prompts: readonly string[],
  { length, added = null, cache, signal }: PromptOptions,
  onDone: (done: number) => void,
): Promise<Float32Array[]> {
  const { t5, t5Tokenizer } = set
  if (!t5) return noT5('the T5 text encoder')
  const tokenizer = t5Tokenizer ? T5Tokenizer.fromJson(await tokenizerJson(t5Tokenizer), added?.tokens) : null
  const encode = async (ids: Int32Array, done: number): Promise<Float32Array> => {
    const { pack } = t5
    if (!pack) return noT5('the T5 text encoder')
    // Without a tokenizer the only text is the empty one, which has no added tokens.
    const rows = added && tokenizer && { first: tokenizer.addedIds[0], rows: added.rows }
    const encoder = new T5Encoder(backend, pack.manifest.config, pack.source(), { added: rows })
    const onLayer = (layer: number, layers: number) => onDone(done + layer / layers)
    return encoder.encode(ids, { signal, onLayer })
  }
  const { contextDim } = set.transformer.manifest.config
  const found: Float32Array[] = []
  for (const prompt of prompts) {
    signal?.throwIfAborted()
    const ids = tokenizer?.encode(prompt, length) ?? (prompt === '' ? emptyIds(length) : null)
    if (!ids) return noT5("T5's tokenizer")
    const key = await cacheKey('t5 text', t5.hash, ids, added?.rows ?? null)
    const values = await kept(cache, key, () => encode(ids, found.length))
    found.push(checkedSize(values, length * contextDim, 'T5'))
    onDone(found.length)
  }
  backend.trim()
  return found
}

/** What every T5 tokenizer makes of the empty text. */
function emptyIds(length: number): Int32Array {
  const ids = new Int32Array(length)
  ids[0] = END_OF_TEXT
  return ids
}

function noT5(what: string): never {
  return fail(
    'missing-asset',
    `This prompt needs ${what}, which is not installed.`,
    'Import it in the model manager. A prompt that was used before, or none, works without it.',
  )
}

/** What the cache has, or what `make` gives, which is then kept. */
async function kept(
  cache: PromptCache | null | undefined,
  key: string,
  make: () => Promise<Float32Array>,
): Promise<Float32Array> {
  const found = await cache?.get(key)
  if (found) return found
  const values = await make()
  // A full disk costs the next run some time; it must not cost this one its picture.
  await cache?.put(key, values).catch(() => undefined)
  return values
}

/** sha256 over everything that determines an embedding. */
async function cacheKey(
  what: string,
  packHash: string,
  ids: Int32Array,
  rows: Float32Array | null,
): Promise<string> {
  const parts = [new TextEncoder().encode(`${what} 1 ${packHash} ${ids.length} `), bytesOf(ids)]
  if (rows) parts.push(bytesOf(rows))
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return sha256(all)
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

function checkedSize(values: Float32Array, count: number, encoder: string): Float32Array {
  if (values.length !== count)
    fail(
      'bad-weights',
      `The text encoder ${encoder} does not fit this transformer.`,
      'Use the encoders that belong to FLUX.1: CLIP ViT-L/14 and T5 v1.1 XXL.',
      `expected ${count} values, found ${values.length}`,
    )
  return values
}
