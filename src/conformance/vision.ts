/** Adaptors of the `vision-` cases: CLIP's vision tower, SigLIP with Redux, DINO; whole and in parts, and quantised. */
import type { Backend } from '@/backend/types'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { against, compareQuantised, Taps } from '@/conformance/text'
import { visionName } from '@/families/shared/visionNames'
import { ClipVision } from '@/nets/encoders/clipVision'
import { Redux } from '@/nets/encoders/redux'
import { Vit, type VitConfig } from '@/nets/encoders/vit'
import type { ClipVisionConfig } from '@/schema/pack'
import type { StoredTensor } from '@/weights/formats/safetensors'
import { CanonicalSource } from '@/weights/formats/source'

export async function runClipVision(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = await golden.tensors('weights.safetensors')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const config: ClipVisionConfig = {
    width: golden.number('hidden_size'),
    heads: golden.number('num_attention_heads'),
    layers: golden.number('num_hidden_layers'),
    mlp: golden.number('intermediate_size'),
    image: golden.number('image_size'),
    patch: golden.number('patch_size'),
    activation: golden.config.hidden_act === 'quick_gelu' ? 'quickGelu' : 'gelu',
    projection: golden.number('projection_dim'),
  }
  const { shape, data } = hostTensor(inputs, 'pixel_values')
  const [batch] = shape
  const compare = against(golden, report, expected)
  const source = new CanonicalSource(weights)

  const net = await ClipVision.load(backend, config, source)
  const taps = new Taps(backend)
  const whole = await net.embed(data, batch, { tap: taps.tap })
  compare('after_pre_layernorm', taps.get('embeddings'))
  compare('layer0.attn_before_proj', taps.get('layer0.attention'))
  compare('last_hidden_state', taps.get(`layer${config.layers - 1}.out`))
  compare('image_embeds', whole)
  compare('openai_encode_image', whole)
  const size = data.length / batch
  for (let i = 0; i < batch; i++) {
    const alone = await net.embed(data.subarray(i * size, (i + 1) * size), 1)
    const among = whole.subarray(i * config.projection, (i + 1) * config.projection)
    report.compare(`picture ${i} alone`, alone, among, golden.tolerance())
  }
  net.dispose()

  await compareQuantised(golden, report, source, async (given) => {
    const quantised = await ClipVision.load(backend, config, given)
    const values = await quantised.embed(data, batch)
    quantised.dispose()
    return values
  })
}

type Stored = ReadonlyMap<string, StoredTensor>

/** SigLIP and both DINO, whatever sizes and pictures the case has: an input `name` has the outputs `name.…`, a lone one those without. */
export async function runVit(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = canonical(await golden.tensors('weights.safetensors'))
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const config = vitConfig(golden, weights)
  const compare = against(golden, report, expected)
  const source = new CanonicalSource(weights)
  const net = await Vit.load(backend, config, source)
  for (const name of inputs.keys()) {
    const { shape, data } = hostTensor(inputs, name)
    const [batch, , height, width] = shape
    const taps = new Taps(backend)
    const tokens = await net.tokens(data, [batch, height, width], { tap: taps.tap })
    const prefix = prefixOf(name)
    compare(`${prefix}embeddings`, taps.get('embeddings'))
    compare(`${prefix}layer0.attn_before_proj`, taps.get('layer0.attention'))
    compare(`${prefix}last_hidden_state`, tokens)
    if (config.classToken) {
      compare(`${prefix}pooler_cls`, tokens.subarray(0, config.width))
      compare(`${prefix}mean_tokens`, meanToken(tokens, config.width))
    }
    if (golden.config.redux) await compareRedux(golden, backend, tokens, batch, compare)
  }
  net.dispose()

  const [first] = inputs.keys()
  const { shape, data } = hostTensor(inputs, first)
  await compareQuantised(golden, report, source, async (given) => {
    const quantised = await Vit.load(backend, config, given)
    const values = await quantised.tokens(data, [shape[0], shape[2], shape[3]])
    quantised.dispose()
    return values
  })
}

async function compareRedux(
  golden: GoldenCase,
  backend: Backend,
  seen: Float32Array,
  batch: number,
  compare: (name: string, actual: Float32Array) => void,
): Promise<void> {
  const weights = await golden.tensors('redux.safetensors')
  const [text] = weights.get('redux_down.weight')!.shape
  const vision = golden.number('hidden_size')
  const net = await Redux.load(backend, { vision, text }, new CanonicalSource(weights))
  compare('redux_image_embeds', await net.embed(seen, [batch, seen.length / batch / vision]))
  net.dispose()
}

/** `interp_pixel_values` has the output `interp_last_hidden_state`, `native70` has `native70.last_hidden_state`. */
const prefixOf = (input: string): string =>
  input.endsWith('pixel_values') ? input.replace('pixel_values', '') : `${input}.`

/** Under canonical names, without axes of length 1 in front. */
function canonical(stored: Stored): Stored {
  const renamed = [...stored].map(([name, tensor]) => [visionName(name), unstacked(tensor)] as const)
  return new Map(renamed)
}

function unstacked(tensor: StoredTensor): StoredTensor {
  const first = tensor.shape.findIndex((side) => side !== 1)
  return { ...tensor, shape: tensor.shape.slice(Math.max(0, first)) }
}

function vitConfig(golden: GoldenCase, weights: Stored): VitConfig {
  const width = golden.number('hidden_size')
  const patch = golden.number('patch_size')
  return {
    width,
    patch,
    heads: golden.number('num_attention_heads'),
    layers: golden.number('num_hidden_layers'),
    mlp: weights.get('encoder.layers.0.mlp.fc1.weight')!.shape[0],
    grid: Math.floor(golden.number('image_size') / patch),
    activation: golden.config.hidden_act === 'gelu_pytorch_tanh' ? 'geluTanh' : 'gelu',
    epsilon: golden.number('layer_norm_eps'),
    layerScale: weights.has('encoder.layers.0.layer_scale1'),
    classToken: weights.has('embeddings.class_embedding'),
    registers: 0,
  }
}

/** Mean of the tokens of one picture. [width] */
function meanToken(tokens: Float32Array, width: number): Float32Array {
  const mean = new Float64Array(width)
  const count = tokens.length / width
  tokens.forEach((value, at) => (mean[at % width] += value / count))
  return Float32Array.from(mean)
}
