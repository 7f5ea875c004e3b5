/** Tiny parts of Stable Diffusion in the layouts in which they are published, for tests; written down apart from the importer's tables. */
import { clipText, Network, originalVae, type TestTensors } from '@/weights/testModels'

export interface UnetSize {
  channels: readonly number[]
  attention: readonly boolean[]
  resnets: number
  contextDim: number
  inChannels: number
}

export const UNET: UnetSize = {
  channels: [64, 128],
  attention: [true, false],
  resnets: 2,
  contextDim: 64,
  inChannels: 4,
}

/** A U-Net's blocks: the authors' name, diffusers', what it is, its channels. The authors number a side through. */
function* blocks({ channels, attention, resnets }: UnetSize) {
  const deepest = channels.length - 1
  const skips = [channels[0]]
  let width = channels[0]
  let n = 0
  for (let level = 0; level <= deepest; level++) {
    for (let r = 0; r < resnets; r++) {
      n++
      const down = `down_blocks.${level}`
      yield {
        ldm: `input_blocks.${n}.0`,
        name: `${down}.resnets.${r}`,
        kind: 'resnet',
        into: width,
        out: channels[level],
      } as const
      width = channels[level]
      if (attention[level])
        yield {
          ldm: `input_blocks.${n}.1`,
          name: `${down}.attentions.${r}`,
          kind: 'attention',
          into: width,
          out: width,
        } as const
      skips.push(width)
    }
    if (level === deepest) continue
    n++
    yield {
      ldm: `input_blocks.${n}.0.op`,
      name: `down_blocks.${level}.downsamplers.0.conv`,
      kind: 'conv',
      into: width,
      out: width,
    } as const
    skips.push(width)
  }
  yield {
    ldm: 'middle_block.0',
    name: 'mid_block.resnets.0',
    kind: 'resnet',
    into: width,
    out: width,
  } as const
  yield {
    ldm: 'middle_block.1',
    name: 'mid_block.attentions.0',
    kind: 'attention',
    into: width,
    out: width,
  } as const
  yield {
    ldm: 'middle_block.2',
    name: 'mid_block.resnets.1',
    kind: 'resnet',
    into: width,
    out: width,
  } as const
  n = 0
  for (let level = deepest; level >= 0; level--)
    for (let r = 0; r <= resnets; r++, n++) {
      const up = `up_blocks.${deepest - level}`
      yield {
        ldm: `output_blocks.${n}.0`,
        name: `${up}.resnets.${r}`,
        kind: 'resnet',
        into: width + skips.pop()!,
        out: channels[level],
      } as const
      width = channels[level]
      if (attention[level])
        yield {
          ldm: `output_blocks.${n}.1`,
          name: `${up}.attentions.${r}`,
          kind: 'attention',
          into: width,
          out: width,
        } as const
      if (r === resnets && level > 0)
        yield {
          ldm: `output_blocks.${n}.${attention[level] ? 2 : 1}.conv`,
          name: `${up}.upsamplers.0.conv`,
          kind: 'conv',
          into: width,
          out: width,
        } as const
    }
}

/** The U-Net under diffusers' names. */
export function sdUnet(size = UNET): TestTensors {
  const n = new Network('unet')
  const { channels, contextDim, inChannels } = size
  const time = 4 * channels[0]
  n.linear('time_embedding.linear_1', time, channels[0])
  n.linear('time_embedding.linear_2', time, time)
  n.conv('conv_in', channels[0], inChannels, 3)
  for (const { name, kind, into, out } of blocks(size)) {
    if (kind === 'conv') n.conv(name, out, into, 3)
    else if (kind === 'resnet') {
      n.norm(`${name}.norm1`, into)
      n.conv(`${name}.conv1`, out, into, 3)
      n.linear(`${name}.time_emb_proj`, out, time)
      n.norm(`${name}.norm2`, out)
      n.conv(`${name}.conv2`, out, out, 3)
      if (into !== out) n.conv(`${name}.conv_shortcut`, out, into, 1)
    } else {
      const block = `${name}.transformer_blocks.0`
      n.norm(`${name}.norm`, out)
      n.linear(`${name}.proj_in`, out, out)
      for (const [attn, keys] of [
        ['attn1', out],
        ['attn2', contextDim],
      ] as const) {
        n.linear(`${block}.${attn}.to_q`, out, out, 1, false)
        n.linear(`${block}.${attn}.to_k`, out, keys, 1, false)
        n.linear(`${block}.${attn}.to_v`, out, keys, 1, false)
        n.linear(`${block}.${attn}.to_out.0`, out, out)
      }
      for (const i of [1, 2, 3]) n.norm(`${block}.norm${i}`, out)
      n.linear(`${block}.ff.net.0.proj`, 8 * out, out)
      n.linear(`${block}.ff.net.2`, out, 4 * out)
      n.linear(`${name}.proj_out`, out, out)
    }
  }
  n.norm('conv_norm_out', channels[0])
  n.conv('conv_out', 4, channels[0], 3)
  return n.tensors
}

const INNER: readonly [string, string][] = [
  ['norm1', 'in_layers.0'],
  ['conv1', 'in_layers.2'],
  ['time_emb_proj', 'emb_layers.1'],
  ['norm2', 'out_layers.0'],
  ['conv2', 'out_layers.3'],
  ['conv_shortcut', 'skip_connection'],
]
const OUTER: readonly [string, string][] = [
  ['time_embedding.linear_1', 'time_embed.0'],
  ['time_embedding.linear_2', 'time_embed.2'],
  ['conv_in', 'input_blocks.0.0'],
  ['conv_norm_out', 'out.0'],
  ['conv_out', 'out.2'],
]

/** diffusers' name of a U-Net's tensor -> the authors'. */
export function compVisNames(
  size: Pick<UnetSize, 'channels' | 'attention' | 'resnets'>,
): (name: string) => string {
  const all = [...blocks({ ...size, contextDim: 0, inChannels: 0 })]
  return (name) => {
    const outer = OUTER.find(([from]) => name.startsWith(`${from}.`))
    if (outer) return name.replace(...outer)
    const block = all.find((one) => name.startsWith(`${one.name}.`))!
    const rest = name.slice(block.name.length + 1)
    const inner = block.kind === 'resnet' ? INNER.find(([from]) => rest.startsWith(`${from}.`)) : undefined
    return `${block.ldm}.${inner ? rest.replace(...inner) : rest}`
  }
}

/** Both towers of CLIP under transformers' names. */
export function clipModel(
  vocabulary = 20,
  width = 64,
  layers = 2,
  vision = { width: 96, layers: 2, grid: 3, patch: 2 },
): TestTensors {
  const n = new Network('clip vision')
  const projection = 24
  n.add('text_projection.weight', [projection, width], 0.2)
  n.add('visual_projection.weight', [projection, vision.width], 0.2)
  n.add('logit_scale', [], 1)
  n.add('vision_model.embeddings.class_embedding', [vision.width], 0.5)
  n.add('vision_model.embeddings.patch_embedding.weight', [vision.width, 3, vision.patch, vision.patch], 0.2)
  n.add('vision_model.embeddings.position_embedding.weight', [vision.grid ** 2 + 1, vision.width], 0.2)
  n.norm('vision_model.pre_layrnorm', vision.width)
  for (let i = 0; i < vision.layers; i++) {
    const layer = `vision_model.encoder.layers.${i}`
    n.norm(`${layer}.layer_norm1`, vision.width)
    for (const part of ['q', 'k', 'v', 'out'])
      n.linear(`${layer}.self_attn.${part}_proj`, vision.width, vision.width)
    n.norm(`${layer}.layer_norm2`, vision.width)
    n.linear(`${layer}.mlp.fc1`, 4 * vision.width, vision.width)
    n.linear(`${layer}.mlp.fc2`, vision.width, 4 * vision.width)
  }
  n.norm('vision_model.post_layernorm', vision.width)
  return { ...clipText(vocabulary, width, layers, 7), ...n.tensors }
}

const CLIP_NAMES: readonly [RegExp, string][] = [
  [/^vision_model\.embeddings\.class_embedding$/, 'visual.class_embedding'],
  [/^vision_model\.embeddings\.patch_embedding\.weight$/, 'visual.conv1.weight'],
  [/^vision_model\.embeddings\.position_embedding\.weight$/, 'visual.positional_embedding'],
  [/^vision_model\.pre_layrnorm/, 'visual.ln_pre'],
  [/^vision_model\.post_layernorm/, 'visual.ln_post'],
  [/^vision_model\.encoder\.layers/, 'visual.transformer.resblocks'],
  [/^text_model\.embeddings\.position_embedding\.weight$/, 'positional_embedding'],
  [/^text_model\.embeddings\./, ''],
  [/^text_model\.final_layer_norm/, 'ln_final'],
  [/^text_model\.encoder\.layers/, 'transformer.resblocks'],
  [/layer_norm/, 'ln_'],
  [/self_attn\./, 'attn.'],
  [/mlp\.fc1/, 'mlp.c_fc'],
  [/mlp\.fc2/, 'mlp.c_proj'],
]

/** The same CLIP, or its text tower alone, as OpenCLIP stores it: q, k and v stacked, projections turned. */
export function openClip(tensors: TestTensors): TestTensors {
  const out: TestTensors = {}
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const projection = /^(text|visual)_(?:projection)\.weight$/.exec(name)
    if (projection) {
      const [rows, cols] = shape
      const turned = Float32Array.from(
        { length: data.length },
        (_, i) => data[(i % rows) * cols + Math.floor(i / rows)],
      )
      out[projection[1] === 'text' ? 'text_projection' : 'visual.proj'] = {
        shape: [cols, rows],
        data: turned,
      }
      continue
    }
    const stored = CLIP_NAMES.reduce((text, [from, to]) => text.replace(from, to), name)
    const part = /^(.*attn\.)([qkv])_proj\.(weight|bias)$/.exec(stored)
    if (!part) out[stored] = { shape, data }
    else if (part[2] === 'q') {
      const others = ['q', 'k', 'v'].map((one) => tensors[name.replace('q_proj', `${one}_proj`)].data)
      const all = new Float32Array(3 * data.length)
      others.forEach((values, i) => all.set(values, i * data.length))
      out[`${part[1]}in_proj_${part[3]}`] = { shape: [3 * shape[0], ...shape.slice(1)], data: all }
    }
  }
  return out
}

/** SD's autoencoder: four latent channels, with the convolutions around the latent. */
export function sdVae(channels: readonly number[] = [32, 64]): TestTensors {
  const n = new Network('sd vae')
  n.conv('quant_conv', 8, 8, 1)
  n.conv('post_quant_conv', 4, 4, 1)
  return { ...originalVae(channels, 4, 1), ...n.tensors }
}

export const renamed = (tensors: TestTensors, change: (name: string) => string): TestTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [change(name), tensor]))

/** A whole Stable Diffusion 2 in one file, with tensors that belong to no part. */
export function sdSingleFile(prefixOfText = 'cond_stage_model.model.', size = UNET): TestTensors {
  const names = compVisNames(size)
  const extra = new Network('extra')
  extra.add('betas', [10], 0.1)
  extra.add('model_ema.decay', [], 1)
  extra.add('model_ema.diffusion_modelinput_blocks00weight', [4], 1)
  const text = openClip({
    ...clipText(20, size.contextDim, 3, 7),
    'text_projection.weight': { shape: [5, size.contextDim], data: new Float32Array(5 * size.contextDim) },
  })
  return {
    ...renamed(sdUnet(size), (name) => `model.diffusion_model.${names(name)}`),
    ...renamed(sdVae(), (name) => `first_stage_model.${name}`),
    ...renamed(text, (name) => prefixOfText + name),
    ...extra.tensors,
  }
}
