/** Tiny networks with random weights in the authors' real layouts, for tests; the same bytes every time. */
import { f32ToBf16, f32ToF16 } from '@/base/half'
import { writeSafetensors, type TensorToWrite } from '@/weights/formats/safetensors'

export type TestTensors = Record<string, { shape: readonly number[]; data: Float32Array }>

/** Uniform numbers with standard deviation `std`, from the name alone. */
function random(name: string, count: number, std: number): Float32Array {
  let state = [...name].reduce(
    (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0,
    2166136261,
  )
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    values[i] = (state / 2 ** 31 - 1) * Math.sqrt(3) * std
  }
  return values
}

/** Collects a network's tensors; linears keep the size of what passes through them, times `gain`. */
export class Network {
  readonly tensors: TestTensors = {}
  private readonly seed: string

  constructor(seed: string) {
    this.seed = seed
  }

  add(name: string, shape: readonly number[], std: number, mean = 0): void {
    const count = shape.reduce((product, size) => product * size, 1)
    const data = random(this.seed + name, count, std)
    this.tensors[name] = { shape, data: mean ? data.map((value) => value + mean) : data }
  }

  linear(name: string, rows: number, cols: number, gain = 1, bias = true): void {
    this.add(`${name}.weight`, [rows, cols], gain / Math.sqrt(cols))
    if (bias) this.add(`${name}.bias`, [rows], 0.02)
  }

  norm(name: string, width: number, bias = true): void {
    this.add(`${name}.weight`, [width], 0.05, 1)
    if (bias) this.add(`${name}.bias`, [width], 0.02)
  }

  conv(name: string, out: number, into: number, size: number, gain = 1): void {
    this.add(`${name}.weight`, [out, into, size, size], gain / Math.sqrt(into * size * size))
    this.add(`${name}.bias`, [out], 0.02)
  }
}

export const FLUX = {
  hidden: 256,
  headDim: 128,
  mlp: 1024,
  image: 64,
  context: 64,
  vector: 64,
  double: 1,
  single: 2,
}

/** FLUX in BFL's layout. */
export function bflFlux(size = FLUX, seed = 'flux'): TestTensors {
  const n = new Network(seed)
  const { hidden, headDim, mlp } = size
  n.linear('img_in', hidden, size.image)
  n.linear('txt_in', hidden, size.context)
  for (const [name, cols] of [
    ['time_in', 256],
    ['guidance_in', 256],
    ['vector_in', size.vector],
  ] as const) {
    n.linear(`${name}.in_layer`, hidden, cols)
    n.linear(`${name}.out_layer`, hidden, hidden)
  }
  const norms = (name: string): void => {
    n.add(`${name}.query_norm.scale`, [headDim], 0.05, 1)
    n.add(`${name}.key_norm.scale`, [headDim], 0.05, 1)
  }
  for (let i = 0; i < size.double; i++)
    for (const stream of ['img', 'txt']) {
      const name = `double_blocks.${i}.${stream}`
      n.linear(`${name}_mod.lin`, 6 * hidden, hidden, 0.5)
      n.linear(`${name}_attn.qkv`, 3 * hidden, hidden)
      norms(`${name}_attn.norm`)
      n.linear(`${name}_attn.proj`, hidden, hidden)
      n.linear(`${name}_mlp.0`, mlp, hidden)
      n.linear(`${name}_mlp.2`, hidden, mlp)
    }
  for (let i = 0; i < size.single; i++) {
    const name = `single_blocks.${i}`
    n.linear(`${name}.modulation.lin`, 3 * hidden, hidden, 0.5)
    n.linear(`${name}.linear1`, 3 * hidden + mlp, hidden)
    n.linear(`${name}.linear2`, hidden, hidden + mlp)
    norms(`${name}.norm`)
  }
  n.linear('final_layer.adaLN_modulation.1', 2 * hidden, hidden, 0.5)
  n.linear('final_layer.linear', size.image, hidden)
  return n.tensors
}

const TOP: Record<string, string> = {
  img_in: 'x_embedder',
  txt_in: 'context_embedder',
  'time_in.in_layer': 'time_text_embed.timestep_embedder.linear_1',
  'time_in.out_layer': 'time_text_embed.timestep_embedder.linear_2',
  'guidance_in.in_layer': 'time_text_embed.guidance_embedder.linear_1',
  'guidance_in.out_layer': 'time_text_embed.guidance_embedder.linear_2',
  'vector_in.in_layer': 'time_text_embed.text_embedder.linear_1',
  'vector_in.out_layer': 'time_text_embed.text_embedder.linear_2',
  'final_layer.linear': 'proj_out',
}
const IMG = { q: 'to_q', k: 'to_k', v: 'to_v', out: 'to_out.0', mod: 'norm1', mlp: 'ff' }
const TXT = {
  q: 'add_q_proj',
  k: 'add_k_proj',
  v: 'add_v_proj',
  out: 'to_add_out',
  mod: 'norm1_context',
  mlp: 'ff_context',
}

/** The same FLUX as diffusers stores it, written down apart from the importer's table. */
export function diffusersFlux(bfl: TestTensors): TestTensors {
  const out: TestTensors = {}
  for (const [name, { shape, data }] of Object.entries(bfl)) {
    const [, module, suffix] = /^(.*)\.(weight|bias|scale)$/.exec(name)!
    const cols = shape.length > 1 ? shape[1] : 1
    const rows = (to: string, first: number, count: number): void => {
      out[`${to}.${suffix === 'scale' ? 'weight' : suffix}`] = {
        shape: shape.length > 1 ? [count, cols] : [count],
        data: data.slice(first * cols, (first + count) * cols),
      }
    }
    const whole = (to: string): void => rows(to, 0, shape[0])
    const double = /^double_blocks\.(\d+)\.(img|txt)_(.*)$/.exec(module)
    const single = /^single_blocks\.(\d+)\.(.*)$/.exec(module)
    if (double) {
      const [, i, stream, part] = double
      const block = `transformer_blocks.${i}`
      const names = stream === 'img' ? IMG : TXT
      if (part === 'mod.lin') whole(`${block}.${names.mod}.linear`)
      else if (part === 'attn.proj') whole(`${block}.attn.${names.out}`)
      else if (part === 'mlp.0') whole(`${block}.${names.mlp}.net.0.proj`)
      else if (part === 'mlp.2') whole(`${block}.${names.mlp}.net.2`)
      else if (part === 'attn.qkv')
        [names.q, names.k, names.v].forEach((to, k) =>
          rows(`${block}.attn.${to}`, (k * shape[0]) / 3, shape[0] / 3),
        )
      else {
        const which = part.includes('query') ? 'q' : 'k'
        whole(`${block}.attn.${stream === 'img' ? `norm_${which}` : `norm_added_${which}`}`)
      }
    } else if (single) {
      const [, i, part] = single
      const block = `single_transformer_blocks.${i}`
      if (part === 'modulation.lin') whole(`${block}.norm.linear`)
      else if (part === 'linear2') whole(`${block}.proj_out`)
      else if (part === 'linear1') {
        const hidden = bfl['img_in.weight'].shape[0]
        ;['to_q', 'to_k', 'to_v'].forEach((to, k) => rows(`${block}.attn.${to}`, k * hidden, hidden))
        rows(`${block}.proj_mlp`, 3 * hidden, shape[0] - 3 * hidden)
      } else whole(`${block}.attn.${part.includes('query') ? 'norm_q' : 'norm_k'}`)
    } else if (module === 'final_layer.adaLN_modulation.1') {
      const half = data.length / 2
      const swapped = new Float32Array(data.length)
      swapped.set(data.subarray(half))
      swapped.set(data.subarray(0, half), half)
      out[`norm_out.linear.${suffix}`] = { shape, data: swapped }
    } else whole(TOP[module])
  }
  return out
}

/** The T5 v1.1 encoder under its classic names. */
export function t5(
  vocabulary: number,
  width = 64,
  layers = 2,
  heads = 4,
  headDim = 16,
  mlp = 128,
): TestTensors {
  const n = new Network('t5')
  const inner = heads * headDim
  n.add('shared.weight', [vocabulary, width], 1)
  for (let i = 0; i < layers; i++) {
    const block = `encoder.block.${i}.layer`
    n.norm(`${block}.0.layer_norm`, width, false)
    // No 1/sqrt(d) in T5: its queries are trained small instead.
    n.linear(`${block}.0.SelfAttention.q`, inner, width, 1 / Math.sqrt(headDim), false)
    for (const part of ['k', 'v']) n.linear(`${block}.0.SelfAttention.${part}`, inner, width, 1, false)
    n.linear(`${block}.0.SelfAttention.o`, width, inner, 1, false)
    if (i === 0) n.add(`${block}.0.SelfAttention.relative_attention_bias.weight`, [32, heads], 0.5)
    n.norm(`${block}.1.layer_norm`, width, false)
    for (const part of ['wi_0', 'wi_1']) n.linear(`${block}.1.DenseReluDense.${part}`, mlp, width, 1, false)
    n.linear(`${block}.1.DenseReluDense.wo`, width, mlp, 1, false)
  }
  n.norm('encoder.final_layer_norm', width, false)
  return n.tensors
}

/** CLIP's text transformer under transformers' names. */
export function clipText(vocabulary: number, width = 64, layers = 2, positions = 77): TestTensors {
  const n = new Network('clip')
  n.add('text_model.embeddings.token_embedding.weight', [vocabulary, width], 0.5)
  n.add('text_model.embeddings.position_embedding.weight', [positions, width], 0.2)
  for (let i = 0; i < layers; i++) {
    const layer = `text_model.encoder.layers.${i}`
    n.norm(`${layer}.layer_norm1`, width)
    for (const part of ['q', 'k', 'v', 'out']) n.linear(`${layer}.self_attn.${part}_proj`, width, width)
    n.norm(`${layer}.layer_norm2`, width)
    n.linear(`${layer}.mlp.fc1`, 4 * width, width)
    n.linear(`${layer}.mlp.fc2`, width, 4 * width)
  }
  n.norm('text_model.final_layer_norm', width)
  return n.tensors
}

/** The autoencoder as in ae.safetensors. */
export function originalVae(
  channels: readonly number[] = [32, 32, 32, 32],
  latent = 16,
  resnets = 2,
): TestTensors {
  const n = new Network('vae')
  const last = channels.length - 1
  const resnet = (name: string, into: number, out: number): void => {
    n.norm(`${name}.norm1`, into)
    n.conv(`${name}.conv1`, out, into, 3)
    n.norm(`${name}.norm2`, out)
    n.conv(`${name}.conv2`, out, out, 3, 0.7)
    if (into !== out) n.conv(`${name}.nin_shortcut`, out, into, 1)
  }
  const middle = (name: string, width: number): void => {
    resnet(`${name}.block_1`, width, width)
    n.norm(`${name}.attn_1.norm`, width)
    for (const part of ['q', 'k', 'v', 'proj_out']) n.conv(`${name}.attn_1.${part}`, width, width, 1)
    resnet(`${name}.block_2`, width, width)
  }
  n.conv('encoder.conv_in', channels[0], 3, 3)
  let width = channels[0]
  for (let l = 0; l <= last; l++) {
    for (let k = 0; k < resnets; k++) {
      resnet(`encoder.down.${l}.block.${k}`, width, channels[l])
      width = channels[l]
    }
    if (l < last) n.conv(`encoder.down.${l}.downsample.conv`, width, width, 3)
  }
  middle('encoder.mid', width)
  n.norm('encoder.norm_out', width)
  n.conv('encoder.conv_out', 2 * latent, width, 3)
  n.conv('decoder.conv_in', width, latent, 3)
  middle('decoder.mid', width)
  for (let l = last; l >= 0; l--) {
    for (let k = 0; k <= resnets; k++) {
      resnet(`decoder.up.${l}.block.${k}`, width, channels[l])
      width = channels[l]
    }
    if (l > 0) n.conv(`decoder.up.${l}.upsample.conv`, width, width, 3)
  }
  n.norm('decoder.norm_out', width)
  n.conv('decoder.conv_out', 3, width, 3, 0.6)
  return n.tensors
}

/** A LoRA's two matrices for one module. */
export function loraPair(
  tensors: TestTensors,
  down: string,
  up: string,
  rows: number,
  cols: number,
  rank = 4,
): void {
  const n = new Network('lora')
  n.add(down, [rank, cols], 1 / Math.sqrt(cols))
  n.add(up, [rows, rank], 0.2)
  Object.assign(tensors, n.tensors)
}

/** A table of embeddings. */
export function table(name: string, rows: number, cols: number, std = 0.2): TestTensors {
  const n = new Network('table')
  n.add(name, [rows, cols], std)
  return n.tensors
}

/** A safetensors file of one type. */
export function fileOf(
  tensors: TestTensors,
  dtype: 'F32' | 'F16' | 'BF16',
  metadata?: Record<string, string>,
) {
  const stored = Object.entries(tensors).map(([name, { shape, data }]): [string, TensorToWrite] => [
    name,
    dtype === 'F32'
      ? { shape, data }
      : { shape, dtype, data: dtype === 'BF16' ? f32ToBf16(data) : f32ToF16(data) },
  ])
  return writeSafetensors(Object.fromEntries(stored), metadata)
}

export const jsonFile = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(value))

/** Shards with their index, as diffusers writes them. */
export function shardsOf(
  tensors: TestTensors,
  count: number,
  name: string,
  dtype: 'F32' | 'F16' | 'BF16' = 'BF16',
): Record<string, Uint8Array<ArrayBuffer>> {
  const files: Record<string, Uint8Array<ArrayBuffer>> = {}
  const map: Record<string, string> = {}
  const names = Object.keys(tensors)
  const number = (value: number) => String(value).padStart(5, '0')
  for (let shard = 0; shard < count; shard++) {
    const part = names.slice((names.length * shard) / count, (names.length * (shard + 1)) / count)
    const file = `${name}-${number(shard + 1)}-of-${number(count)}.safetensors`
    files[file] = fileOf(Object.fromEntries(part.map((key) => [key, tensors[key]])), dtype)
    for (const key of part) map[key] = file
  }
  files[`${name}.safetensors.index.json`] = jsonFile({ metadata: {}, weight_map: map })
  return files
}

/** Empties the browser's store of weights. */
export async function clearModels(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry('models', { recursive: true }).catch(() => undefined)
}
