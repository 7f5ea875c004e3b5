/** Tiny networks of FLUX.2 [klein] with random weights, in the authors' real layouts; widths fit each other. */
import { Network, originalVae, type TestTensors } from '@/weights/testModels'

export const KLEIN = { hidden: 64, headDim: 16, image: 128, context: 96, double: 1, single: 2 }
export const QWEN3 = { width: 32, layers: 27, heads: 4, keyHeads: 2, headDim: 8, mlp: 64 }

/** The transformer in BFL's layout. */
export function bflKlein(size = KLEIN): TestTensors {
  const n = new Network('klein')
  const { hidden, headDim } = size
  const linear = (name: string, rows: number, cols: number, gain = 1): void =>
    n.linear(name, rows, cols, gain, false)
  linear('img_in', hidden, size.image)
  linear('txt_in', hidden, size.context)
  linear('time_in.in_layer', hidden, 256)
  linear('time_in.out_layer', hidden, hidden)
  for (const stream of ['img', 'txt'])
    linear(`double_stream_modulation_${stream}.lin`, 6 * hidden, hidden, 0.5)
  linear('single_stream_modulation.lin', 3 * hidden, hidden, 0.5)
  const norms = (name: string): void => {
    n.add(`${name}.query_norm.scale`, [headDim], 0.05, 1)
    n.add(`${name}.key_norm.scale`, [headDim], 0.05, 1)
  }
  for (let i = 0; i < size.double; i++)
    for (const stream of ['img', 'txt']) {
      const name = `double_blocks.${i}.${stream}`
      linear(`${name}_attn.qkv`, 3 * hidden, hidden)
      norms(`${name}_attn.norm`)
      linear(`${name}_attn.proj`, hidden, hidden)
      linear(`${name}_mlp.0`, 6 * hidden, hidden)
      linear(`${name}_mlp.2`, hidden, 3 * hidden)
    }
  for (let i = 0; i < size.single; i++) {
    linear(`single_blocks.${i}.linear1`, 9 * hidden, hidden)
    linear(`single_blocks.${i}.linear2`, hidden, 4 * hidden)
    norms(`single_blocks.${i}.norm`)
  }
  linear('final_layer.adaLN_modulation.1', 2 * hidden, hidden, 0.5)
  linear('final_layer.linear', size.image, hidden)
  return n.tensors
}

/** Qwen3 under its published names. */
export function qwen3(vocabulary: number, size = QWEN3): TestTensors {
  const n = new Network('qwen3')
  const { width, heads, keyHeads, headDim, mlp } = size
  const linear = (name: string, rows: number, cols: number): void => n.linear(name, rows, cols, 1, false)
  n.add('model.embed_tokens.weight', [vocabulary, width], 0.5)
  for (let i = 0; i < size.layers; i++) {
    const layer = `model.layers.${i}`
    n.norm(`${layer}.input_layernorm`, width, false)
    linear(`${layer}.self_attn.q_proj`, heads * headDim, width)
    for (const part of ['k', 'v']) linear(`${layer}.self_attn.${part}_proj`, keyHeads * headDim, width)
    linear(`${layer}.self_attn.o_proj`, width, heads * headDim)
    for (const part of ['q', 'k']) n.norm(`${layer}.self_attn.${part}_norm`, headDim, false)
    n.norm(`${layer}.post_attention_layernorm`, width, false)
    for (const part of ['gate', 'up']) linear(`${layer}.mlp.${part}_proj`, mlp, width)
    linear(`${layer}.mlp.down_proj`, width, mlp)
  }
  n.norm('model.norm', width, false)
  return n.tensors
}

/** The autoencoder as its authors store it: 1x1 convolutions inside, statistics of its latents beside. */
export function kleinVae(): TestTensors {
  const latent = 32
  const n = new Network('klein vae')
  Object.assign(n.tensors, originalVae(undefined, latent))
  n.conv('encoder.quant_conv', 2 * latent, 2 * latent, 1)
  n.conv('decoder.post_quant_conv', latent, latent, 1)
  n.add('bn.running_mean', [4 * latent], 0.1)
  n.add('bn.running_var', [4 * latent], 0.05, 0.5)
  return n.tensors
}
