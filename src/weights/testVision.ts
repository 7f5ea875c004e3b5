/** Tiny vision encoders with random weights under the names that their authors use, for tests; the same bytes every time. */
import { Network, type TestTensors } from '@/weights/testModels'

interface Sizes {
  width: number
  layers: number
  mlp: number
  patch: number
  /** Patches per side. */
  grid: number
}

/** SigLIP's tower that sees; heads of 4 at this width. */
export function siglip({ width, layers, mlp, patch, grid }: Sizes): TestTensors {
  const n = new Network('siglip')
  const at = 'vision_model'
  n.conv(`${at}.embeddings.patch_embedding`, width, 3, patch)
  n.add(`${at}.embeddings.position_embedding.weight`, [grid ** 2, width], 0.3)
  for (let i = 0; i < layers; i++) {
    const layer = `${at}.encoder.layers.${i}`
    n.norm(`${layer}.layer_norm1`, width)
    for (const part of ['q', 'k', 'v', 'out']) n.linear(`${layer}.self_attn.${part}_proj`, width, width)
    n.norm(`${layer}.layer_norm2`, width)
    n.linear(`${layer}.mlp.fc1`, mlp, width)
    n.linear(`${layer}.mlp.fc2`, width, mlp)
  }
  n.norm(`${at}.post_layernorm`, width)
  n.add(`${at}.head.probe`, [1, 1, width], 1)
  return n.tensors
}

/** DINOv2; with registers where there are some. */
export function dinov2({ width, layers, mlp, patch, grid }: Sizes, registers = 0): TestTensors {
  const n = new Network('dino')
  n.add('embeddings.cls_token', [1, 1, width], 0.3)
  n.add('embeddings.mask_token', [1, width], 0.3)
  if (registers > 0) n.add('embeddings.register_tokens', [1, registers, width], 0.3)
  n.add('embeddings.position_embeddings', [1, 1 + grid ** 2, width], 0.3)
  n.conv('embeddings.patch_embeddings.projection', width, 3, patch)
  for (let i = 0; i < layers; i++) {
    const layer = `encoder.layer.${i}`
    n.norm(`${layer}.norm1`, width)
    for (const part of ['query', 'key', 'value'])
      n.linear(`${layer}.attention.attention.${part}`, width, width)
    n.linear(`${layer}.attention.output.dense`, width, width)
    n.add(`${layer}.layer_scale1.lambda1`, [width], 0.1, 1)
    n.norm(`${layer}.norm2`, width)
    n.linear(`${layer}.mlp.fc1`, mlp, width)
    n.linear(`${layer}.mlp.fc2`, width, mlp)
    n.add(`${layer}.layer_scale2.lambda1`, [width], 0.1, 1)
  }
  n.norm('layernorm', width)
  return n.tensors
}

/** FLUX.1 Redux. */
export function redux(vision: number, text: number): TestTensors {
  const n = new Network('redux')
  n.linear('redux_up', 3 * text, vision)
  n.linear('redux_down', text, 3 * text)
  return n.tensors
}
