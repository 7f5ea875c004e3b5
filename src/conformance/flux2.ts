/** Adaptor of `flux2-dit*`: FLUX.2's transformer in either checkpoint layout, with references, and its quantised linears. */
import type { Backend, Tensor } from '@/backend/types'
import { idRows } from '@/conformance/flux'
import { hostTensor, type GoldenCase, type HostTensor } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import type { Flux2Config } from '@/families/flux2/config'
import { flux2Layout } from '@/families/flux2/transformer'
import type { Layout } from '@/families/layout'
import { flux2Dit } from '@/nets/flux/flux2'
import type { Modulation } from '@/nets/runner/modulation'
import type { TokenKind } from '@/nets/runner/network'
import type { Tap, TokenSegment } from '@/nets/runner/tokens'
import { Transformer } from '@/nets/runner/transformer'
import { timeEmbedding } from '@/nets/timeEmbedding'
import { canonicalTensors, layoutSource } from '@/weights/formats/canonical'
import { checkpointOf, type Checkpoint } from '@/weights/formats/checkpoint'
import type { StoredTensor } from '@/weights/formats/safetensors'
import { dequantiseLinear, mapLinears, quantiseLinear, type WeightSource } from '@/weights/formats/source'

type Tensors = ReadonlyMap<string, StoredTensor>

/** A checkpoint as the importer sees it, and its layout; `config` is the case's of the network, in either dialect. */
export function flux2Checkpoint(
  weights: Tensors,
  config: Record<string, unknown>,
): { checkpoint: Checkpoint; layout: Layout<Flux2Config> } {
  const side = {
    axes_dims_rope: config.axes_dims_rope ?? config.axes_dim,
    rope_theta: config.rope_theta ?? config.theta,
  }
  const checkpoint = { ...checkpointOf(weights), json: { 'config.json': side } }
  return { checkpoint, layout: flux2Layout(checkpoint) }
}

/** The same numbers under the authors' names: the repo keeps them once. */
const authorsWeights = (weights: Tensors, config: Record<string, unknown>): Promise<Tensors> => {
  const { checkpoint, layout } = flux2Checkpoint(weights, config)
  return canonicalTensors(layoutSource(checkpoint, layout.tensors), layout.tensors)
}

interface Forward {
  text: HostTensor
  textIds: Float32Array
  /** Image tokens and, where there are any, clean references behind them. */
  images: readonly { tokens: HostTensor; ids: Float32Array }[]
  sigma: number
}

/** The first images' velocity: text, output and references, all modulated by the step, everything sees everything. */
export async function flux2Forward(
  dit: Transformer,
  { text, textIds, images, sigma }: Forward,
  { tap, onModulation }: { tap?: Tap; onModulation?(modulation: Modulation): Promise<void> } = {},
): Promise<Float32Array> {
  const { backend } = dit
  const names = images.map((_, index) => (index === 0 ? 'output' : `reference${index - 1}`))
  const sees = ['text', ...names]
  const segment = (
    name: string,
    weights: TokenKind,
    ids: Float32Array,
    { shape }: HostTensor,
  ): TokenSegment => ({
    name,
    weights,
    tokens: shape[1],
    modulation: 'step',
    sees,
    ids,
    affine: null,
  })
  const segments = [
    segment('text', 'text', textIds, text),
    ...images.map(({ tokens, ids }, index) => segment(names[index], 'image', ids, tokens)),
  ]
  const upload = ({ data, shape }: HostTensor) => backend.upload(data, shape, 'tokens')
  const embedded: Record<string, Tensor> = {}
  const context = upload(text)
  embedded.text = await dit.embedText(context)
  backend.free(context)
  for (const [index, { tokens }] of images.entries()) {
    const x = upload(tokens)
    embedded[names[index]] = await dit.embedImage(x, null)
    backend.free(x)
  }
  for (const { name, ...rest } of segments)
    await tap?.(`embedded.${name}`, [{ name, ...rest }], embedded[name])
  const [modulation] = await dit.modulations([{ sigma: [sigma] }], { tap })
  await onModulation?.(modulation)
  const run = dit.layout(segments)
  await run.begin({}, null)
  const y = await run.step(embedded, modulation, 'output', undefined, tap)
  const values = await backend.read(y)
  run.dispose()
  modulation.dispose()
  backend.free(y, ...Object.values(embedded))
  return values
}

/** Golden names of our taps, where the case has them; a single block's stream is one sequence there, too. */
function tapName(point: string, segments: readonly TokenSegment[]): string {
  switch (point) {
    case 'embedded.output':
      return 'x_embedder'
    case 'embedded.text':
      return 'context_embedder'
    case 'vec0':
      return 'temb'
  }
  const [block, kind] = point.split('.')
  if (!block.startsWith('double')) return kind === 'out' ? point : `${block}.attn_before_proj`
  const isText = segments[0].name === 'text'
  return kind === 'out'
    ? `${block}.out.${isText ? 0 : 1}`
    : `${block}.attn_${isText ? 'txt' : 'img'}_before_proj`
}

const MODULATIONS: Readonly<Record<string, string>> = {
  mod_img: 'double_stream_modulation_img.lin',
  mod_txt: 'double_stream_modulation_txt.lin',
  mod_single: 'single_stream_modulation.lin',
}

/** The case's forwards by the prefix of their outputs: plain, with references, at other times, at far ids. */
export function flux2Forwards(inputs: Tensors): Map<string, Forward> {
  const own = (prefix: string, name: string) =>
    hostTensor(inputs, inputs.has(prefix + name) ? prefix + name : name)
  const forwards = new Map<string, Forward>()
  const prefixes = [...inputs.keys()].flatMap((name) => /^((?!ref)[a-z]\w*\.)/.exec(name)?.[1] ?? [])
  const references = [...inputs.keys()].filter((name) => /^ref\d+\.tokens$/.test(name)).sort()
  for (const prefix of new Set(['', ...prefixes]))
    forwards.set(prefix, {
      text: own(prefix, 'encoder_hidden_states'),
      textIds: idRows(own(prefix, 'txt_ids')),
      images: [{ tokens: own(prefix, 'hidden_states'), ids: idRows(own(prefix, 'img_ids')) }],
      sigma: own(prefix, 'timestep').data[0],
    })
  const plain = forwards.get('') as Forward
  references.forEach((_, index) => {
    const clean = references.slice(0, index + 1).map((name) => ({
      tokens: hostTensor(inputs, name),
      ids: idRows(hostTensor(inputs, name.replace('tokens', 'ids'))),
    }))
    forwards.set(`ref${index + 1}.`, { ...plain, images: [...plain.images, ...clean] })
  })
  return forwards
}

export async function runFlux2(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const isRenamed = golden.name.endsWith('-bfl')
  const home = isRenamed ? await golden.sibling(golden.name.replace(/-bfl$/, '')) : golden
  const inputs = await home.tensors('inputs.safetensors')
  const expected = await home.tensors('expected.safetensors')
  const weights = isRenamed
    ? await golden
        .tensors('weights.safetensors')
        .catch(async () => authorsWeights(await home.tensors('weights.safetensors'), home.config))
    : await golden.tensors('weights.safetensors')
  if (isRenamed)
    for (const [name, tensor] of await golden.tensors('expected.safetensors')) expected.set(name, tensor)
  const { checkpoint, layout } = flux2Checkpoint(weights, golden.config)
  const source = layoutSource(checkpoint, layout.tensors)
  const tolerance = golden.tolerance()
  const compare = (name: string, values: Float32Array): void => {
    if (expected.has(name)) report.compare(name, values, hostTensor(expected, name).data, tolerance)
  }

  const dit = await Transformer.load(backend, flux2Dit(layout.config), source)
  const forwards = flux2Forwards(inputs)
  for (const [prefix, given] of forwards) {
    compare(`${prefix}time_proj`, timeEmbedding([given.sigma]))
    const tap: Tap = async (point, segments, tensor) =>
      compare(prefix + tapName(point, segments), await backend.read(tensor))
    const onModulation = async (modulation: Modulation) => {
      for (const [name, layer] of Object.entries(MODULATIONS))
        compare(prefix + name, await backend.read(modulation.layer(layer)))
    }
    compare(`${prefix}output`, await flux2Forward(dit, given, { tap, onModulation }))
  }
  dit.dispose()
  const references = [...forwards.values()].toSorted((a, b) => b.images.length - a.images.length)[0]
  await compareQuantised(backend, layout.config, source, references, golden, report)
}

/** 8- and 4-bit linears against the very weights that they stand for; what a pack keeps in 16 bits stays exact. */
async function compareQuantised(
  backend: Backend,
  config: Flux2Config,
  source: WeightSource,
  given: Forward,
  golden: GoldenCase,
  report: Report,
): Promise<void> {
  const isInBlock = (name: string) => /^(?:double|single)_blocks\./.test(name)
  for (const format of ['q8', 'q4'] as const) {
    const quantised = mapLinears(source, (name, linear) =>
      isInBlock(name) ? quantiseLinear(linear, format) : linear,
    )
    const plain = mapLinears(quantised, (_, linear) => dequantiseLinear(linear))
    const results: Float32Array[] = []
    for (const variant of [quantised, plain]) {
      const dit = await Transformer.load(backend, flux2Dit(config), variant)
      results.push(await flux2Forward(dit, given))
      dit.dispose()
    }
    report.compare(`output ${format} vs dequantised`, results[0], results[1], golden.tolerance())
  }
}
