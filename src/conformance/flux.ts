/** Adaptor of `flux-dit*`: the plain transformer in either checkpoint layout, and its quantised linears. */
import type { Backend, Tensor } from '@/backend/types'
import { hostTensor, type GoldenCase, type HostTensor } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { Transformer } from '@/nets/runner/transformer'
import type { FluxConfig } from '@/schema/pack'
import { fluxDit } from '@/nets/flux/flux'
import type { Tap, TokenSegment } from '@/nets/runner/tokens'
import { fluxDepths, fluxTensorsIn } from '@/families/flux/transformer'
import { canonicalTensors } from '@/weights/formats/canonical'
import { fluxSource } from '@/weights/formats/fluxSource'
import { dequantiseLinear, mapLinears, quantiseLinear, type WeightSource } from '@/weights/formats/source'
import type { StoredTensor } from '@/weights/formats/safetensors'

/** The net's config, from the checkpoint's tensors and the case's config in either dialect. */
export function fluxConfig(golden: GoldenCase, weights: ReadonlyMap<string, StoredTensor>): FluxConfig {
  const source = weights
  const shape = (...names: string[]) => names.map((name) => source.get(name)?.shape).find(Boolean)
  const { config } = golden
  const bfl = (config.bfl ?? config) as Record<string, unknown>
  const image = shape('img_in.weight', 'x_embedder.weight') ?? []
  const text = shape('txt_in.weight', 'context_embedder.weight') ?? []
  const vector = shape('vector_in.in_layer.weight', 'time_text_embed.text_embedder.linear_1.weight')
  const out = shape('final_layer.linear.weight', 'proj_out.weight') ?? []
  const mlp = shape('double_blocks.0.img_mlp.0.weight', 'transformer_blocks.0.ff.net.0.proj.weight') ?? []
  const guidance =
    source.has('guidance_in.in_layer.weight') ||
    source.has('time_text_embed.guidance_embedder.linear_1.weight')
  const depths = fluxDepths(weights)
  return {
    hidden: image[0],
    heads: (config.num_attention_heads ?? bfl.num_heads) as number,
    axesDim: (config.axes_dims_rope ?? bfl.axes_dim) as number[],
    theta: (bfl.theta ?? 10000) as number,
    doubleBlocks: depths.double,
    singleBlocks: depths.single,
    mlpRatio: mlp[0] / image[0],
    inChannels: image[1],
    outChannels: out[0],
    contextDim: text[1],
    vectorDim: vector ? vector[1] : null,
    guidance,
  }
}

/** Ids as [tokens, axes] whether or not a batch axis leads. */
export const idRows = (ids: HostTensor): Float32Array =>
  ids.shape.length === 3 ? ids.data.subarray(0, ids.shape[1] * ids.shape[2]) : ids.data

export interface FluxInputs {
  hidden: HostTensor
  text: HostTensor
  pooled: Float32Array
  sigma: readonly number[]
  guidance: readonly number[]
  imageIds: Float32Array
  textIds: Float32Array
}

/** The forward's inputs; `override` (e.g. `case2.`) replaces those that the file has under that prefix. */
export function fluxInputs(tensors: ReadonlyMap<string, StoredTensor>, override = ''): FluxInputs {
  const get = (name: string) => hostTensor(tensors, tensors.has(override + name) ? override + name : name)
  const hidden = get('hidden_states')
  const batch = hidden.shape[0]
  const perItem = (name: string) => {
    const values = tensors.has(override + name) || tensors.has(name) ? [...get(name).data] : [1]
    return values.length === batch ? values : new Array<number>(batch).fill(values[0])
  }
  return {
    hidden,
    text: get('encoder_hidden_states'),
    pooled: get('pooled_projections').data,
    sigma: perItem('timestep'),
    guidance: perItem('guidance'),
    imageIds: idRows(get('img_ids')),
    textIds: idRows(get('txt_ids')),
  }
}

/** The plain FLUX layout: text and image, both modulated by the step, everything sees everything. */
export async function fluxForward(dit: Transformer, inputs: FluxInputs, tap?: Tap): Promise<Float32Array> {
  const { backend } = dit
  const [batch, imageTokens] = inputs.hidden.shape
  const textTokens = inputs.text.shape[1]
  const sees = ['text', 'image']
  const segments: TokenSegment[] = [
    {
      name: 'text',
      weights: 'text',
      tokens: textTokens,
      modulation: 'step',
      sees,
      ids: inputs.textIds,
      affine: null,
    },
    {
      name: 'image',
      weights: 'image',
      tokens: imageTokens,
      modulation: 'step',
      sees,
      ids: inputs.imageIds,
      affine: null,
    },
  ]
  const x = backend.upload(inputs.hidden.data, inputs.hidden.shape, 'x')
  const c = backend.upload(inputs.text.data, inputs.text.shape, 'context')
  const image = await dit.embedImage(x, null)
  const text = await dit.embedText(c)
  await tap?.('img_in', [segments[1]], image)
  await tap?.('txt_in', [segments[0]], text)
  const { sigma, guidance, pooled } = inputs
  const [modulation] = await dit.modulations([{ sigma, guidance, pooled }], { tap })
  const run = dit.layout(segments, batch)
  await run.begin({}, null)
  const y = await run.step({ text, image }, modulation, 'image', undefined, tap)
  const values = await backend.read(y)
  run.dispose()
  modulation.dispose()
  backend.free(x, c, image, text, y)
  return values
}

/** Golden names of our taps, where the case has them. */
function tapName(point: string, segments: readonly TokenSegment[]): string[] {
  if (point === 'img_in') return ['x_embedder']
  if (point === 'txt_in') return ['context_embedder']
  if (point === 'vec0') return ['temb']
  const [block, kind] = point.split('.')
  const text = segments[0].name === 'text'
  if (block.startsWith('double')) {
    if (kind === 'out') return [`${block}.out.${text ? 0 : 1}`]
    return [`${block}.attn_${text ? 'txt' : 'img'}_before_proj`]
  }
  return kind === 'out' ? [`${block}.out.0`, `${block}.out.1`] : [`${block}.attn_before_proj`]
}

/** The same numbers under the authors' names: the repo keeps them once. */
const authorsWeights = (weights: ReadonlyMap<string, StoredTensor>) =>
  canonicalTensors(fluxSource(weights), fluxTensorsIn(weights))

export async function runFlux(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const see = golden.config.see as string | undefined
  const home = see ? await golden.sibling(see) : golden
  const weights = await golden
    .tensors('weights.safetensors')
    .catch(async () => authorsWeights(await home.tensors('weights.safetensors')))
  const inputs = await home.tensors('inputs.safetensors')
  const expected = await home.tensors('expected.safetensors')
  if (see)
    for (const [name, tensor] of await golden.tensors('expected.safetensors')) expected.set(name, tensor)
  const config = fluxConfig(golden, weights)
  const source = fluxSource(weights)
  const tolerance = golden.tolerance()

  const dit = await Transformer.load(backend, fluxDit(config), source)
  const parts = new Map<string, Float32Array>()
  const tap = async (point: string, segments: readonly TokenSegment[], tensor: Tensor) => {
    const values = await backend.read(tensor)
    const names = tapName(point, segments)
    // A single-block stream holds text and image; the golden case has them apart.
    const texts = segments.length > 1 ? segments[0].tokens * config.hidden : values.length
    if (names.length === 1) parts.set(names[0], values)
    else names.forEach((name, i) => parts.set(name, i ? values.subarray(texts) : values.subarray(0, texts)))
  }
  const output = await fluxForward(dit, fluxInputs(inputs), tap)
  for (const [name, values] of parts)
    if (expected.has(name)) report.compare(name, values, hostTensor(expected, name).data, tolerance)
  for (const name of ['output', 'output_bfl'])
    if (expected.has(name)) report.compare(name, output, hostTensor(expected, name).data, tolerance)
  for (const name of expected.keys()) {
    const other = /^output_(case\d+)$/.exec(name)
    if (!other) continue
    const values = await fluxForward(dit, fluxInputs(inputs, `${other[1]}.`))
    report.compare(name, values, hostTensor(expected, name).data, tolerance)
  }
  dit.dispose()
  await compareQuantised(backend, source, config, report, golden, (net) =>
    fluxForward(net, fluxInputs(inputs)),
  )
}

/** 8- and 4-bit linears against the very weights that they stand for. */
export async function compareQuantised(
  backend: Backend,
  source: WeightSource,
  config: FluxConfig,
  report: Report,
  golden: GoldenCase,
  forward: (dit: Transformer) => Promise<Float32Array>,
): Promise<void> {
  for (const format of ['q8', 'q4'] as const) {
    const quantised = mapLinears(source, (_, linear) => quantiseLinear(linear, format))
    const plain = mapLinears(quantised, (_, linear) => dequantiseLinear(linear))
    const results: Float32Array[] = []
    for (const variant of [quantised, plain]) {
      const dit = await Transformer.load(backend, fluxDit(config), variant)
      results.push(await forward(dit))
      dit.dispose()
    }
    report.compare(`output ${format} vs dequantised`, results[0], results[1], golden.tolerance())
  }
}
