/** Adaptor of `dreamo-dit`: the sequence with its embeddings and ids, the three loops, two adapters in both forms. */
import type { Backend, Tensor } from '@/backend/types'
import { compareQuantised, fluxConfig } from '@/conformance/flux'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import { percentOff, shareOff, type Report } from '@/conformance/report'
import { Transformer } from '@/nets/runner/transformer'
import type { FluxConfig } from '@/schema/pack'
import { fluxDit } from '@/nets/flux/flux'
import type { Tap, TokenSegment } from '@/nets/runner/tokens'
import {
  composeDenoise,
  ComposeRun,
  composeSegments,
  composeTag,
  referenceName,
  type ComposeReferenceTokens,
  type ComposeScene,
  type ComposeText,
} from '@/pipelines/compose/composeDenoise'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import { packLatent, toModelLatent } from '@/pipelines/shared/latents'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { fluxSource } from '@/weights/formats/fluxSource'
import { mergedSource, openAdapter, withAdapters, type WeightedAdapter } from '@/weights/lora/lora'
import { dreamoEmbeddings } from '@/weights/lora/loraEmbeddings'
import type { StoredTensor } from '@/weights/formats/safetensors'
import type { WeightSource } from '@/weights/formats/source'
import { devSigmas } from '@/samplers/flowMatch'

type Tensors = ReadonlyMap<string, StoredTensor>

const EXACT = { abs: 0, rel: 0 }
const CLOSE = { abs: 1e-6, rel: 1e-6 }

export async function runDreamo(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = await golden.tensors('weights.safetensors')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const config = fluxConfig(golden, weights)
  const source = fluxSource(weights)
  const tolerance = golden.tolerance()
  const scene = await sceneOf(golden, inputs, config)
  const noise = hostTensor(inputs, 'noise').data
  const evaluate = (dit: Transformer) => forward(dit, scene, noise, inputs)

  compareSequence(scene, inputs, config, report)
  const dit = await Transformer.load(backend, fluxDit(config), source)
  await compareTaps(dit, scene, noise, inputs, expected, golden, report)
  await compareLoops(dit, scene, noise, inputs, expected, golden, report)
  dit.dispose()

  const outputOf = async (variant: WeightSource): Promise<Float32Array> => {
    const net = await Transformer.load(backend, fluxDit(config), variant)
    const output = await evaluate(net)
    net.dispose()
    return output
  }
  for (const dialect of ['', '_diffusers']) {
    const adapters = await openAdapters(golden, dialect)
    const side = await outputOf(withAdapters(source, adapters))
    const merged = await outputOf(mergedSource(source, adapters))
    const label = dialect ? ' (diffusers)' : ''
    const compare = (name: string, values: Float32Array) => {
      report.compare(`${name}${label}`, values, hostTensor(expected, name).data, tolerance)
    }
    compare('output_lora_unfused', side)
    compare('output_lora_fused', merged)
  }
  // As in the studio: adapters stay beside quantised weights.
  const quantisable = withAdapters(source, await openAdapters(golden, ''))
  await compareQuantised(backend, quantisable, config, report, golden, evaluate)
}

async function openAdapters(golden: GoldenCase, dialect: string): Promise<WeightedAdapter[]> {
  const { weights } = golden.config.lora as { weights: Record<string, number> }
  const adapters: WeightedAdapter[] = []
  for (const [name, weight] of Object.entries(weights)) {
    const file = await golden.tensors(`lora_${name}${dialect}.safetensors`)
    adapters.push({ adapter: await openAdapter(checkpointOf(file), null), weight })
  }
  return adapters
}

async function sceneOf(golden: GoldenCase, inputs: Tensors, config: FluxConfig): Promise<ComposeScene> {
  const [height, width] = golden.config.image_px_hw as [number, number]
  const vae = golden.config.vae as { scaling_factor: number; shift_factor: number }
  const slots = golden.config.ref_idx as number[]
  const references = slots.map((slot, index): ComposeReferenceTokens => {
    const raw = hostTensor(inputs, `ref${index}_latent_raw`)
    const [, channels, rows, columns] = raw.shape
    const latent = toModelLatent(raw.data, { scaling: vae.scaling_factor, shift: vae.shift_factor })
    const tokens = packLatent(latent, channels, rows, columns)
    return { tokens, rows: rows / 2, columns: columns / 2, slot }
  })
  const file = await openAdapter(checkpointOf(await golden.tensors('dreamo_embeddings.safetensors')), null)
  return {
    rows: height / PIXELS_PER_TOKEN,
    columns: width / PIXELS_PER_TOKEN,
    text: textOf(inputs, ''),
    references,
    embeddings: await dreamoEmbeddings([file], config.hidden),
  }
}

const textOf = (inputs: Tensors, prefix: string): ComposeText => ({
  context: hostTensor(inputs, `${prefix}prompt_embeds`).data,
  pooled: hostTensor(inputs, `${prefix}pooled_prompt_embeds`).data,
})

/** What the pipeline makes itself against the arguments of the first call: tokens, ids, embeddings. */
function compareSequence(scene: ComposeScene, inputs: Tensors, config: FluxConfig, report: Report): void {
  const [text, ...image] = composeSegments({
    ...scene,
    textTokens: scene.text.context.length / config.contextDim,
  })
  const ids = (segments: readonly TokenSegment[]) => segments.flatMap((segment) => [...segment.ids])
  report.compare('txt_ids', ids([text]), hostTensor(inputs, 'txt_ids').data, EXACT)
  report.compare('img_ids', ids(image), hostTensor(inputs, 'img_ids').data, EXACT)

  const { rows, columns, references, embeddings } = scene
  const tokens = references.flatMap((reference) => [...reference.tokens])
  const given = hostTensor(inputs, 'hidden_states').data.subarray(rows * columns * config.inChannels)
  report.compare('reference tokens', tokens, given, CLOSE)
  if (!embeddings) return report.row('embeddings', false, 'the file has none')
  const repeated = (slot: number, count: number) =>
    Array.from({ length: count }, () => [...composeTag(embeddings, slot)]).flat()
  const tags = [
    ...repeated(0, rows * columns),
    ...references.flatMap((reference) => repeated(reference.slot, reference.rows * reference.columns)),
  ]
  report.compare('embeddings', tags, hostTensor(inputs, 'embeddings').data, CLOSE)
}

/** The first call of `loop_plain`; `segment` asks for other tokens than the target's. */
async function forward(
  dit: Transformer,
  scene: ComposeScene,
  noise: Float32Array,
  inputs: Tensors,
  tap?: Tap,
  segments: readonly string[] = ['target'],
): Promise<Float32Array> {
  const sigma = [...hostTensor(inputs, 'timestep').data]
  const guidance = [...hostTensor(inputs, 'guidance').data]
  const [modulation] = await dit.modulations([{ sigma, guidance, pooled: scene.text.pooled }], { tap })
  const run = await ComposeRun.begin(dit, scene)
  const parts: number[] = []
  for (const [index, segment] of segments.entries())
    parts.push(...(await run.predict(noise, modulation, { segment, tap: index === 0 ? tap : undefined })))
  run.dispose()
  modulation.dispose()
  return Float32Array.from(parts)
}

async function compareTaps(
  dit: Transformer,
  scene: ComposeScene,
  noise: Float32Array,
  inputs: Tensors,
  expected: Tensors,
  golden: GoldenCase,
  report: Report,
): Promise<void> {
  const { backend } = dit
  const tolerance = golden.tolerance()
  const compare = (name: string, values: Float32Array) => {
    report.compare(name, values, hostTensor(expected, name).data, tolerance)
  }
  const hidden = hostTensor(inputs, 'hidden_states')
  const tokens = backend.upload(hidden.data, hidden.shape, 'hidden')
  const embedded = await dit.embedImage(tokens, null)
  compare('x_embedder', await backend.read(embedded))
  backend.free(tokens, embedded)

  const tap = async (point: string, segments: readonly TokenSegment[], tensor: Tensor) => {
    const name = tapName(point, segments)
    if (expected.has(name)) compare(name, await backend.read(tensor))
  }
  const all = ['target', ...scene.references.map((_, index) => referenceName(index))]
  const output = await forward(dit, scene, noise, inputs, tap, all)
  compare('output_all_tokens', output)
  compare('output', output.slice(0, noise.length))
}

/** Golden names of our taps. */
function tapName(point: string, segments: readonly TokenSegment[]): string {
  if (point === 'vec0') return 'temb'
  const [block, kind] = point.split('.')
  const text = segments[0].name === 'text'
  if (block.startsWith('double'))
    return kind === 'out'
      ? `${block}.out.${text ? 0 : 1}`
      : `${block}.attn_${text ? 'txt' : 'img'}_before_proj`
  return kind === 'out' ? `${block}.out` : `${block}.attn_before_proj`
}

interface LoopConfig {
  steps: number
  guidance: number
  first_step_guidance: number
  neg_guidance?: number
  true_cfg_scale?: number
  true_cfg_start_step?: number
  true_cfg_end_step?: number
}

async function compareLoops(
  dit: Transformer,
  scene: ComposeScene,
  noise: Float32Array,
  inputs: Tensors,
  expected: Tensors,
  golden: GoldenCase,
  report: Report,
): Promise<void> {
  for (const [name, loop] of Object.entries(golden.config.loops as Record<string, LoopConfig>)) {
    const compare = (tensor: string, values: Float32Array, within = golden.tolerance('loop')) => {
      report.compare(`${name}.${tensor}`, values, hostTensor(expected, `${name}.${tensor}`).data, within)
    }
    const sigmas = devSigmas(loop.steps, scene.rows * scene.columns)
    const times = sigmas.slice(0, -1).map((sigma) => 1000 * sigma)
    compare('sigmas', sigmas, CLOSE)
    compare('timesteps', times, CLOSE)
    const negative =
      loop.true_cfg_scale === undefined
        ? null
        : {
            text: textOf(inputs, 'negative_'),
            guidance: loop.neg_guidance ?? loop.guidance,
            scale: loop.true_cfg_scale,
            start: loop.true_cfg_start_step ?? 0,
            end: loop.true_cfg_end_step ?? 0,
          }
    const seen = name === 'loop_noref' ? { ...scene, references: [] } : scene
    const { guidance, first_step_guidance: firstStepGuidance } = loop
    const sampling = { sigmas, guidance, firstStepGuidance, negative }
    const exact = await composeDenoise(dit, seen, noise, sampling, {
      onStep: (step) => {
        compare(`noise_pred${step.done - 1}`, step.velocity)
        compare(`latents${step.done}`, step.x)
      },
    })
    if (seen.references.length === 0) continue
    for (const refreshEvery of [2, 3]) {
      const share = shareOff(await composeDenoise(dit, { ...seen, refreshEvery }, noise, sampling), exact)
      report.row(`${name}, references every ${refreshEvery}`, share > 0 && share < 0.2, percentOff(share))
    }
  }
}
