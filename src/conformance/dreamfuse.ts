/** Adaptor of `dreamfuse-dit`: forward, affines, LoRA in both forms, the sampling loop. */
import { affineIds } from '@/backend/kernels/ropeAffine/reference'
import type { IdAffine } from '@/backend/kernels/ropeAffine/types'
import type { Backend, Tensor } from '@/backend/types'
import type { Rect } from '@/base/geometry'
import { compareQuantised, fluxConfig, fluxForward, fluxInputs, type FluxInputs } from '@/conformance/flux'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import { percentOff, shareOff, type Report } from '@/conformance/report'
import { Transformer } from '@/nets/runner/transformer'
import { fluxDit } from '@/nets/flux/flux'
import { boxAffine, idAffine } from '@/nets/runner/positionalAffine'
import { gridIds, type Tap, type TokenSegment } from '@/nets/runner/tokens'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import { packLatent, toVaeLatent, unpackLatent } from '@/pipelines/shared/latents'
import { placeDenoise, PlaceRun, placeSigmas, type PlaceConditions } from '@/pipelines/place/placeDenoise'
import { fluxSource } from '@/weights/formats/fluxSource'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { mergedSource, openAdapter, withAdapters } from '@/weights/lora/lora'
import { imageTags } from '@/weights/lora/loraEmbeddings'
import type { StoredTensor } from '@/weights/formats/safetensors'

type Tensors = ReadonlyMap<string, StoredTensor>

/** One evaluation of DreamFuse's sequence, as the pipeline does it. */
async function forward(
  dit: Transformer,
  x: Float32Array,
  sigma: number,
  conditions: PlaceConditions,
  tap?: Tap,
): Promise<Float32Array> {
  const run = await PlaceRun.begin(dit, conditions, [sigma], undefined, tap)
  const velocity = await run.predict(x, 0, undefined, tap)
  run.dispose()
  return velocity
}

export async function runDreamfuse(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = await golden.tensors('weights.safetensors')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const adapterConfig = await golden.json<{ lora_alpha?: number }>('adapter_config.json')
  const adapter = await openAdapter(
    checkpointOf(await golden.tensors('adapter_model.safetensors')),
    adapterConfig.lora_alpha ?? null,
  )
  const config = fluxConfig(golden, weights)
  const source = fluxSource(weights)
  const tolerance = golden.tolerance()
  const want = (name: string) => hostTensor(expected, name).data

  compareAffines(golden, expected, report)
  await compareRotation(golden, expected, backend, report)

  const flux = fluxInputs(inputs)
  const tags = (await imageTags([adapter], config.hidden)) ?? new Float32Array(3 * config.hidden)
  const latents = hostTensor(inputs, 'cond_image_latents')
  const each = latents.data.length / 2
  const affine = caseAffine(golden)
  const conditions: PlaceConditions = {
    rows: affine.rows,
    columns: affine.columns,
    foreground: latents.data.subarray(0, each),
    background: latents.data.subarray(each),
    affine,
    tags,
    text: flux.text.data,
    textStrength: 1,
    pooled: flux.pooled,
    guidance: flux.guidance[0],
  }
  const evaluate = (dit: Transformer, seen?: Tap) =>
    forward(dit, flux.hidden.data, flux.sigma[0], conditions, seen)
  comparePlainIds(inputs, flux, affine, report)

  const plain = await Transformer.load(backend, fluxDit(config), source)
  const found = new Map<string, Float32Array>()
  const tap = async (point: string, segments: readonly TokenSegment[], tensor: Tensor) => {
    const name = tapName(point, segments)
    if (name) found.set(name, await backend.read(tensor))
  }
  const withoutLora = await evaluate(plain, tap)
  for (const [name, values] of found)
    if (expected.has(name)) report.compare(name, values, want(name), tolerance)
  report.compare('output_no_lora', withoutLora, want('output_no_lora'), tolerance)
  if (expected.has('output_no_cond'))
    report.compare('output_no_cond', await fluxForward(plain, flux), want('output_no_cond'), tolerance)
  plain.dispose()

  const adapters = [{ adapter, weight: 1 }]
  const side = await Transformer.load(backend, fluxDit(config), withAdapters(source, adapters))
  report.compare('output_lora_unmerged', await evaluate(side), want('output_lora_unmerged'), tolerance)
  side.dispose()

  const together = mergedSource(source, adapters)
  const merged = await Transformer.load(backend, fluxDit(config), together)
  report.compare('output_lora_merged', await evaluate(merged), want('output_lora_merged'), tolerance)
  await compareLoop(golden, merged, inputs, expected, conditions, report)
  merged.dispose()
  await compareQuantised(backend, together, config, report, golden, evaluate)
}

function caseAffine(golden: GoldenCase): IdAffine {
  const [rows, columns] = golden.config.token_grid_hw as [number, number]
  const box = boxAffine(
    ltrb(golden.config.mask_box_target_ltrb as number[]),
    ltrb(golden.config.mask_box_source_ltrb as number[]),
  )
  return idAffine(box, PIXELS_PER_TOKEN, rows, columns, 'dreamfuse')
}

const ltrb = ([left, top, right, bottom]: Iterable<number>): Rect | null =>
  right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null

/** The affine cases of the file: coefficients from boxes, ids from coefficients. */
function* affineCases(
  expected: Tensors,
): Generator<{ name: string; box: ReturnType<typeof boxAffine>; rows: number; columns: number }> {
  for (const key of expected.keys()) {
    const match = /^affine\.(.+)\.boxes_ltrb_target_source_HW$/.exec(key)
    if (!match) continue
    const values = hostTensor(expected, key).data
    const box = boxAffine(ltrb(values.subarray(0, 4)), ltrb(values.subarray(4, 8)))
    yield { name: match[1], box, rows: values[8], columns: values[9] }
  }
}

function compareAffines(golden: GoldenCase, expected: Tensors, report: Report): void {
  const tolerance = golden.tolerance()
  for (const { name, box, rows, columns } of affineCases(expected)) {
    const coefficients = [box.a, 0, box.tx, 0, box.d, box.ty]
    report.compare(
      `affine.${name}.coeffs`,
      coefficients,
      hostTensor(expected, `affine.${name}.coeffs`).data,
      tolerance,
    )
    const affine = idAffine(box, PIXELS_PER_TOKEN, rows, columns, 'dreamfuse')
    const ids = affineIds(gridIds(rows, columns), affine, 3)
    report.compare(`affine.${name}.ids`, ids, hostTensor(expected, `affine.${name}.ids`).data, tolerance)
  }
  if (expected.has('cond_image_ids_fg')) {
    const affine = caseAffine(golden)
    const ids = affineIds(gridIds(affine.rows, affine.columns), affine, 3)
    report.compare('cond_image_ids_fg', ids, hostTensor(expected, 'cond_image_ids_fg').data, tolerance)
  }
}

/** The kernel's own affine against the kernel fed with the expected ids. */
async function compareRotation(
  golden: GoldenCase,
  expected: Tensors,
  backend: Backend,
  report: Report,
): Promise<void> {
  const heads = golden.number('num_attention_heads')
  const headDim = golden.number('attention_head_dim')
  const axesDim = golden.config.axes_dims_rope as number[]
  for (const { name, box, rows, columns } of affineCases(expected)) {
    const tokens = rows * columns
    const values = Float32Array.from({ length: tokens * 3 * heads * headDim }, (_, i) => Math.sin(0.7371 * i))
    const qkv = backend.upload(values, [1, tokens, 3 * heads * headDim], 'qkv')
    const scale = backend.upload(new Float32Array(headDim).fill(1), [headDim], 'scale')
    const results: Float32Array[] = []
    for (const affine of [idAffine(box, PIXELS_PER_TOKEN, rows, columns, 'dreamfuse'), null]) {
      const plain = affine ? gridIds(rows, columns) : hostTensor(expected, `affine.${name}.ids`).data
      const ids = backend.upload(plain, [tokens, 3], 'ids')
      const shape = [1, tokens, heads, headDim]
      const arena = {
        q: backend.allocate('float32', shape, 'q'),
        k: backend.allocate('float32', shape, 'k'),
        v: backend.allocate('float32', shape, 'v'),
      }
      const segments = [{ start: 0, length: tokens, arenaStart: 0, affine }]
      await backend.ropeAffine({
        heads,
        headDim,
        axesDim,
        theta: 10000,
        qkv,
        queryScale: scale,
        keyScale: scale,
        ids,
        segments,
        arena,
      })
      results.push(await backend.read(arena.q))
      backend.free(ids, arena.q, arena.k, arena.v)
    }
    backend.free(qkv, scale)
    report.compare(`affine.${name} rotated queries`, results[0], results[1], golden.tolerance())
  }
}

async function compareLoop(
  golden: GoldenCase,
  dit: Transformer,
  inputs: Tensors,
  expected: Tensors,
  conditions: PlaceConditions,
  report: Report,
): Promise<void> {
  const { steps, guidance } = golden.config.loop as { steps: number; guidance: number }
  const noise = hostTensor(inputs, 'loop.noise')
  const packed = hostTensor(inputs, 'loop.cond_latents_packed').data
  const tolerance = golden.tolerance('loop')
  const compare = (name: string, values: Float32Array) =>
    report.compare(`loop.${name}`, values, hostTensor(expected, `loop.${name}`).data, tolerance)
  const loopConditions = {
    ...conditions,
    guidance,
    foreground: packed.subarray(0, packed.length / 2),
    background: packed.subarray(packed.length / 2),
  }
  const sigmas = placeSigmas(steps, noise.shape[1])
  compare('sigmas', sigmas)
  const x = await placeDenoise(dit, loopConditions, noise.data, sigmas, {
    onStep: (step) => {
      compare(`noise_pred${step.done - 1}`, step.velocity)
      compare(`latents${step.done}`, step.x)
    },
  })
  await measureGuesses(dit, loopConditions, noise.data, sigmas, x, report)
  await measureRefresh(dit, loopConditions, noise.data, sigmas, x, report)
  const want = hostTensor(expected, 'loop.final_vae_input')
  const [, channels, height, width] = want.shape
  const scale = { scaling: 0.3611, shift: 0.1159 }
  const unpacked = toVaeLatent(unpackLatent(x, channels, height, width), scale)
  report.compare('loop.final_vae_input', unpacked, want.data, {
    abs: tolerance.abs / scale.scaling,
    rel: tolerance.rel,
  })
  const raw = hostTensor(inputs, 'loop.cond_latents_unpacked').data
  const foreground = packLatent(raw.subarray(0, raw.length / 2), channels, height, width)
  report.compare('loop.packed foreground', foreground, loopConditions.foreground, { abs: 0, rel: 0 })
}

/** First-block caching against the loop itself: how far off the end is, mean error over mean size, and how many steps were guessed. */
async function measureGuesses(
  dit: Transformer,
  conditions: PlaceConditions,
  start: Float32Array,
  sigmas: Float32Array,
  exact: Float32Array,
  report: Report,
): Promise<void> {
  for (const guessUnder of [1e-9, 0.1, 0.3, Infinity]) {
    let guessed = 0
    const x = await placeDenoise(dit, { ...conditions, guessUnder }, start, sigmas, {
      onStep: (step) => void (guessed = step.guessed),
    })
    const share = shareOff(x, exact)
    const good = guessUnder < 1e-6 ? guessed === 0 && share === 0 : share < 0.2
    const text = `${guessed} of ${sigmas.length - 1} guessed, ${percentOff(share)}`
    report.row(`loop, guesses under ${guessUnder}`, good, text)
  }
}

/** Conditions that are run in every so many steps: exact where nothing changes, and how far off the end of the loop is. */
async function measureRefresh(
  dit: Transformer,
  conditions: PlaceConditions,
  start: Float32Array,
  sigmas: Float32Array,
  exact: Float32Array,
  report: Report,
): Promise<void> {
  const run = await PlaceRun.begin(dit, { ...conditions, refreshEvery: 2 }, sigmas)
  const first = await run.predict(start, 0)
  report.compare('conditions kept, the same step again', await run.predict(start, 0), first, SAME)
  run.dispose()
  for (const refreshEvery of [2, 3]) {
    const share = shareOff(await placeDenoise(dit, { ...conditions, refreshEvery }, start, sigmas), exact)
    report.row(`loop, conditions every ${refreshEvery} steps`, share > 0 && share < 0.2, percentOff(share))
  }
}

/** Sums in another order. */
const SAME = { abs: 2e-5, rel: 2e-5 }

/** The ids that the pipeline makes itself are the case's. */
function comparePlainIds(inputs: Tensors, flux: FluxInputs, affine: IdAffine, report: Report): void {
  const grid = gridIds(affine.rows, affine.columns)
  const background = hostTensor(inputs, 'cond_image_ids').data.subarray(grid.length)
  const exact = { abs: 0, rel: 0 }
  report.compare('target ids', grid, flux.imageIds, exact)
  report.compare('bg ids', grid, background, exact)
  report.compare('text ids', new Float32Array(flux.textIds.length), flux.textIds, exact)
}

/** Golden names of our taps; the conditions' stream is stored as [2, N, D], which is our order. */
function tapName(point: string, segments: readonly TokenSegment[]): string | null {
  // Time 0, the conditions', comes first.
  if (point === 'vec0') return 'cond_temb'
  if (point === 'vec1') return 'temb'
  const [block, kind] = point.split('.')
  const first = segments[0].name
  if (block.startsWith('double')) {
    const index = { text: 0, target: 1, fg: 2 }[first]
    const short = { text: 'txt', target: 'img', fg: 'cond' }[first]
    return kind === 'out' ? `${block}.out.${index}` : `${block}.attn_${short}_before_proj`
  }
  const fixed = segments[0].modulation === 'fixed'
  return kind === 'out'
    ? `${block}.out.${fixed ? 1 : 0}`
    : `${block}.attn_before_proj_${fixed ? 'cond' : 'txtimg'}`
}
