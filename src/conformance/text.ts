/** Adaptors of `text-clip-l`, `text-openclip-h` and `text-t5`: the text encoders, whole and in parts. */
import type { Backend, Tensor } from '@/backend/types'
import { hostTensor, type GoldenCase, type HostTensor } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import type { EncoderTap } from '@/nets/encoders/encoderLayers'
import { ClipText, type ClipEmbedding } from '@/nets/encoders/clipText'
import { relativeBucket, T5Encoder } from '@/nets/encoders/t5'
import type { ClipTextConfig, T5Config } from '@/schema/pack'
import {
  CanonicalSource,
  dequantiseLinear,
  mapLinears,
  quantiseLinear,
  type WeightSource,
} from '@/weights/formats/source'
import type { StoredTensor } from '@/weights/formats/safetensors'

/** The rows of ids, one text each. */
function texts({ shape, data }: HostTensor): Int32Array[] {
  const [count, tokens] = shape
  return Array.from({ length: count }, (_, i) => Int32Array.from(data.subarray(i * tokens, (i + 1) * tokens)))
}

/** What the taps of several runs saw, by point, one after the other. */
export class Taps {
  private readonly seen = new Map<string, Float32Array[]>()
  private readonly backend: Backend

  constructor(backend: Backend) {
    this.backend = backend
  }

  readonly tap: EncoderTap = async (point: string, tensor: Tensor) => {
    this.seen.set(point, [...(this.seen.get(point) ?? []), await this.backend.read(tensor)])
  }

  get(point: string): Float32Array {
    return joined(this.seen.get(point) ?? [])
  }
}

const joined = (parts: readonly Float32Array[]): Float32Array =>
  Float32Array.from(parts.flatMap((part) => [...part]))

/** Compares where the case has the tensor. */
export function against(golden: GoldenCase, report: Report, expected: ReadonlyMap<string, StoredTensor>) {
  return (name: string, actual: Float32Array): void => {
    if (expected.has(name)) report.compare(name, actual, hostTensor(expected, name).data, golden.tolerance())
  }
}

function clipConfig(golden: GoldenCase, weights: ReadonlyMap<string, StoredTensor>): ClipTextConfig {
  return {
    width: golden.number('hidden_size'),
    heads: golden.number('num_attention_heads'),
    layers: golden.number('num_hidden_layers'),
    mlp: golden.number('intermediate_size'),
    vocabulary: golden.number('vocab_size'),
    positions: golden.number('max_position_embeddings'),
    activation: golden.config.hidden_act === 'quick_gelu' ? 'quickGelu' : 'gelu',
    projection: weights.get('text_projection.weight')?.shape[0] ?? null,
  }
}

export async function runClipText(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = await golden.tensors('weights.safetensors')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const config = clipConfig(golden, weights)
  const prompts = texts(hostTensor(inputs, 'input_ids'))
  const compare = against(golden, report, expected)

  const encode = async (source: WeightSource, layers: number, tap?: EncoderTap): Promise<ClipEmbedding[]> => {
    const clip = await ClipText.load(backend, { ...config, layers }, source)
    const embeddings: ClipEmbedding[] = []
    for (const ids of prompts) embeddings.push(await clip.encode(ids, { tap }))
    clip.dispose()
    return embeddings
  }
  const hidden = (found: ClipEmbedding[]) => joined(found.map((embedding) => embedding.hidden))
  const pooled = (found: ClipEmbedding[]) => joined(found.map((embedding) => embedding.pooled))

  const source = new CanonicalSource(weights)
  const taps = new Taps(backend)
  const whole = await encode(source, config.layers, taps.tap)
  const projected = joined(whole.map((embedding) => embedding.projected ?? new Float32Array()))
  compare('embeddings', taps.get('embeddings'))
  compare('layer0.attn_before_proj', taps.get('layer0.attention'))
  compare('hidden1', taps.get('layer0.out'))
  compare('hidden_last_before_ln', taps.get(`layer${config.layers - 1}.out`))
  compare('layer_penultimate_raw', taps.get(`layer${config.layers - 2}.out`))
  compare('last_hidden_state', hidden(whole))
  compare('pooled', pooled(whole))
  compare('text_embeds', projected)
  compare('openai_encode_text', projected)
  if (expected.has('penultimate_after_final_ln')) {
    // Stable Diffusion 2 leaves the last layer out.
    const shorter = await encode(source, config.layers - 1)
    compare('penultimate_after_final_ln', hidden(shorter))
    compare('pooled_sd21', pooled(shorter))
  }
  await compareQuantised(golden, report, source, async (given) => hidden(await encode(given, config.layers)))
}

export async function runT5(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = await golden.tensors('weights.safetensors')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const config: T5Config = {
    width: golden.number('d_model'),
    heads: golden.number('num_heads'),
    headDim: golden.number('d_kv'),
    layers: golden.number('num_layers'),
    mlp: golden.number('d_ff'),
    vocabulary: golden.number('vocab_size'),
    buckets: golden.number('relative_attention_num_buckets'),
    maxDistance: golden.number('relative_attention_max_distance'),
  }
  const prompts = texts(hostTensor(inputs, 'input_ids'))
  const compare = against(golden, report, expected)

  const buckets = hostTensor(expected, 'relative_bucket_minus299_to_299').data
  const reach = (buckets.length - 1) / 2
  const ours = buckets.map((_, i) => relativeBucket(i - reach, config.buckets, config.maxDistance))
  report.compare('relative_bucket_minus299_to_299', ours, buckets, { abs: 0, rel: 0 })

  const source = new CanonicalSource(weights)
  const encoder = new T5Encoder(backend, config, source)
  const encode = async (given: T5Encoder, tap?: EncoderTap): Promise<Float32Array> => {
    const found: Float32Array[] = []
    for (const ids of prompts) found.push(await given.encode(ids, { tap }))
    return joined(found)
  }
  const taps = new Taps(backend)
  const whole = await encode(encoder, taps.tap)
  const { length } = hostTensor(expected, 'position_bias').data
  // The bias depends on the length alone: every text has the same.
  compare('position_bias', taps.get('bias').subarray(0, length))
  compare('block0.attn_before_proj', taps.get('layer0.attention'))
  compare('block0.out', taps.get('layer0.out'))
  compare('last_hidden_state', whole)
  const masked: Float32Array[] = []
  for (const ids of prompts)
    masked.push(await encoder.encode(ids, { mask: ids.map((id) => (id === 0 ? 0 : 1)) }))
  compare('last_hidden_state_with_mask', joined(masked))
  const [long] = texts(hostTensor(inputs, 'long_input_ids'))
  compare('long_last_hidden_state', await encoder.encode(long))
  await compareQuantised(golden, report, source, (given) => encode(new T5Encoder(backend, config, given)))
}

/** Quantised weights against the same weights dequantised. */
export async function compareQuantised(
  golden: GoldenCase,
  report: Report,
  source: WeightSource,
  encode: (source: WeightSource) => Promise<Float32Array>,
): Promise<void> {
  for (const format of ['q8', 'q4'] as const) {
    const quantised = mapLinears(source, (_, linear) => quantiseLinear(linear, format))
    const plain = mapLinears(quantised, (_, linear) => dequantiseLinear(linear))
    report.compare(`${format} output`, await encode(quantised), await encode(plain), golden.tolerance())
  }
}
