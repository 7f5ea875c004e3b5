/** Texts that are encoded before they are needed, so that their encoder can be deleted. */
import { encodeKleinText } from '@/pipelines/flux2/kleinText'
import type { ExtraWork } from '@/pipelines/shared/engineMode'
import { openPart } from '@/pipelines/shared/modelSet'

/**
 * Encodes and keeps those texts that are not kept yet, one after the other.
 * @throws missing-asset, bad-weights, storage-full; AbortError, with what is kept by then
 */
export const kleinTexts: ExtraWork<'kleinTexts'> = async (context, { parts, texts }, _, announce) => {
  const { backend, find, texts: store, signal } = context
  const encoder = await openPart(parts, find, 'qwen3', 'the text encoder Qwen3-4B')
  const tokenizer = await openPart(parts, find, 'tokenizer', "Qwen's tokenizer")
  const makers = { encoder: encoder.hash, tokenizer: tokenizer.hash }
  const { states, width } = encoder.manifest.config
  const total = texts.length
  for (const [done, text] of texts.entries()) {
    signal.throwIfAborted()
    if (!(await store.get(text, states.length * width, makers))) {
      const features = await encodeKleinText(backend, encoder, tokenizer, text, {
        signal,
        onLayer: (layer, layers) => announce({ done: done + layer / layers, total }),
      })
      await store.put(text, states.length * width, makers, features)
    }
    announce({ done: done + 1, total })
  }
}
