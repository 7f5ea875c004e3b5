/** A tiny klein set, made of waves instead of weights, for the pipelines' tests. */
import type { KleinModelSet } from '@/pipelines/flux2/kleinModel'
import { pack, tokenizer, WAVES } from '@/pipelines/shared/testPacks'
import { QWEN_TOKENS, qwenJson } from '@/text/testTokenizers'
import type { WeightSource } from '@/weights/formats/source'

/** Variances are positive. */
const STATISTICS: WeightSource = {
  ...WAVES,
  has: () => true,
  tensor: async (name, shape) => {
    const values = await WAVES.tensor(name, shape)
    return name === 'bn.running_var' ? values.map((value) => 1 + value) : values
  },
}

export const WIDTH = 8
export const CHANNELS = 16

/** The set; encoder or tokenizer may be gone. */
export const tinyKlein = (change: Partial<KleinModelSet> = {}): KleinModelSet => ({
  transformer: pack('flux2Dit', {
    hidden: 32,
    heads: 2,
    axesDim: [4, 4, 4, 4],
    theta: 2000,
    doubleBlocks: 1,
    singleBlocks: 1,
    mlp: 48,
    contextDim: 2 * WIDTH,
    inChannels: CHANNELS,
    outChannels: CHANNELS,
    distilled: true,
  }),
  vae: pack(
    'vae',
    {
      latentChannels: CHANNELS / 4,
      channels: [4, 4, 8, 8],
      resnets: 1,
      groups: 2,
      quantConvs: true,
      scaling: 1,
      shift: 0,
    },
    { source: STATISTICS },
  ),
  encoder: {
    hash: 'qwen3 hash',
    pack: pack('qwen3', {
      width: WIDTH,
      heads: 2,
      keyHeads: 1,
      headDim: 4,
      mlp: 12,
      vocabulary: QWEN_TOKENS,
      theta: 1e6,
      states: [1, 2],
    }),
  },
  tokenizer: { hash: 'tokenizer hash', pack: tokenizer('qwen', qwenJson()) },
  adapters: [],
  ...change,
})
