/** Adaptor of `dreamfuse-dit`: forward, affines, LoRA in both forms, the sampling loop. */
import { affineIds } from '@/backend/kernels/ropeAffine/reference'
import type { IdAffine } from '@/backend/kernels/ropeAffine/types'
import type { Backend, Tensor } from '@/backend/types'
import type { Rect } from '@/base/geometry'
import {
  compareQuantised,
  fluxConfig,
  fluxForward,
  fluxInputs,
  idRows,
  type FluxInputs,
} from '@/conformance/flux'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { FluxDit, type Tap } from '@/nets/fluxDit'
import { boxAffine, idAffine } from '@/nets/positionalAffine'
import { gridIds, type TokenSegment } from '@/nets/tokens'
import { dynamicMu, eulerStep, flowSigmas } from '@/samplers/flowMatch'
import { fluxSource } from '@/weights/fluxLayout'
import { parsePeft, withLora } from '@/weights/lora'
import { mapLinears, mergeLora } from '@/weights/source'
import { toFloat32, type StoredTensor } from '@/weights/safetensors'

type Tensors = ReadonlyMap<string, StoredTensor>

/** Pixels per token of the released model: 8 of the VAE times 2 of the packing. */
const PATCH = 16

interface Conditions {
  /** [tokens, channels] each. */
  foreground: Float32Array
  background: Float32Array
  backgroundIds: Float32Array
  affine: IdAffine
  tags: Float32Array // [3, hidden]
}

/** DreamFuse's layout: [text, target, fg, bg], full attention, conditions modulated at time 0. */
async function forward(
  dit: FluxDit,
  inputs: FluxInputs,
  conditions: Conditions,
  tap?: Tap,
): Promise<Float32Array> {
  const { backend, config } = dit
  const [batch, tokens, channels] = inputs.hidden.shape
  const sees = ['text', 'target', 'fg', 'bg']
  const { affine } = conditions
  const image = { weights: 'image', tokens, sees } as const
  const segments: TokenSegment[] = [
    {
      name: 'text',
      weights: 'text',
      tokens: inputs.text.shape[1],
      modulation: 'step',
      sees,
      ids: inputs.textIds,
      affine: null,
    },
    { name: 'target', ...image, modulation: 'step', ids: inputs.imageIds, affine: null },
    { name: 'fg', ...image, modulation: 'fixed', ids: gridIds(affine.rows, affine.columns), affine },
    { name: 'bg', ...image, modulation: 'fixed', ids: conditions.backgroundIds, affine: null },
  ]
  const owned: Tensor[] = []
  const keep = (tensor: Tensor): Tensor => {
    owned.push(tensor)
    return tensor
  }
  const embed = async (values: Float32Array, tag: number) => {
    const row = keep(
      backend.upload(
        conditions.tags.subarray(tag * config.hidden, (tag + 1) * config.hidden),
        [config.hidden],
        'tag',
      ),
    )
    return keep(await dit.embedImage(keep(backend.upload(values, [batch, tokens, channels], 'tokens')), row))
  }
  const embedded = {
    text: keep(await dit.embedText(keep(backend.upload(inputs.text.data, inputs.text.shape, 'context')))),
    target: await embed(inputs.hidden.data, 0),
    fg: await embed(conditions.foreground, 1),
    bg: await embed(conditions.background, 2),
  }
  const vec = keep(
    await dit.conditioning({ sigma: inputs.sigma, guidance: inputs.guidance, pooled: inputs.pooled }),
  )
  const fixed = await dit.conditioning({
    sigma: inputs.sigma.map(() => 0),
    guidance: inputs.guidance,
    pooled: inputs.pooled,
  })
  await tap?.('vec', [], vec)
  await tap?.('fixedVec', [], fixed)
  const run = dit.layout(segments, batch)
  await run.begin(embedded, fixed)
  const y = keep(await run.step(embedded, vec, 'target', undefined, tap))
  const values = await backend.read(y)
  run.dispose()
  backend.free(...owned)
  return values
}

export async function runDreamfuse(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const weights = await golden.tensors('weights.safetensors')
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const adapterConfig = await golden.json<{ lora_alpha?: number }>('adapter_config.json')
  const adapter = parsePeft(
    await golden.tensors('adapter_model.safetensors'),
    adapterConfig.lora_alpha ?? null,
  )
  const config = fluxConfig(golden, weights)
  const source = fluxSource(weights)
  const tolerance = golden.tolerance()
  const want = (name: string) => hostTensor(expected, name).data

  compareAffines(golden, expected, report)
  await compareRotation(golden, expected, backend, report)

  const flux = fluxInputs(inputs)
  const tagTensor = adapter.extra.get('image_tag_embeddings.weight')
  const tags = tagTensor ? toFloat32(tagTensor) : new Float32Array(3 * config.hidden)
  const latents = hostTensor(inputs, 'cond_image_latents')
  const each = latents.data.length / 2
  const conditions: Conditions = {
    foreground: latents.data.subarray(0, each),
    background: latents.data.subarray(each),
    backgroundIds: idRows({
      shape: [],
      data: hostTensor(inputs, 'cond_image_ids').data.subarray(flux.imageIds.length),
    }),
    affine: caseAffine(golden),
    tags,
  }

  const plain = await FluxDit.load(backend, config, source)
  const found = new Map<string, Float32Array>()
  const tap = async (point: string, segments: readonly TokenSegment[], tensor: Tensor) => {
    const name = tapName(point, segments)
    if (name) found.set(name, await backend.read(tensor))
  }
  const withoutLora = await forward(plain, flux, conditions, tap)
  for (const [name, values] of found)
    if (expected.has(name)) report.compare(name, values, want(name), tolerance)
  report.compare('output_no_lora', withoutLora, want('output_no_lora'), tolerance)
  if (expected.has('output_no_cond'))
    report.compare('output_no_cond', await fluxForward(plain, flux), want('output_no_cond'), tolerance)
  plain.dispose()

  const branched = mapLinears(source, (name, linear) => withLora(name, linear, [{ adapter, weight: 1 }]))
  const side = await FluxDit.load(backend, config, branched)
  report.compare(
    'output_lora_unmerged',
    await forward(side, flux, conditions),
    want('output_lora_unmerged'),
    tolerance,
  )
  side.dispose()

  const mergedSource = mapLinears(branched, (_, linear) => mergeLora(linear))
  const merged = await FluxDit.load(backend, config, mergedSource)
  report.compare(
    'output_lora_merged',
    await forward(merged, flux, conditions),
    want('output_lora_merged'),
    tolerance,
  )
  await compareLoop(golden, merged, inputs, expected, flux, conditions, report)
  merged.dispose()
  await compareQuantised(backend, mergedSource, config, report, golden, (dit) =>
    forward(dit, flux, conditions),
  )
}

function caseAffine(golden: GoldenCase): IdAffine {
  const [rows, columns] = golden.config.token_grid_hw as [number, number]
  const box = boxAffine(
    ltrb(golden.config.mask_box_target_ltrb as number[]),
    ltrb(golden.config.mask_box_source_ltrb as number[]),
  )
  return idAffine(box, PATCH, rows, columns, 'dreamfuse')
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
    const ids = affineIds(gridIds(rows, columns), idAffine(box, PATCH, rows, columns, 'dreamfuse'))
    report.compare(`affine.${name}.ids`, ids, hostTensor(expected, `affine.${name}.ids`).data, tolerance)
  }
  if (expected.has('cond_image_ids_fg')) {
    const affine = caseAffine(golden)
    const ids = affineIds(gridIds(affine.rows, affine.columns), affine)
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
    for (const affine of [idAffine(box, PATCH, rows, columns, 'dreamfuse'), null]) {
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
  dit: FluxDit,
  inputs: Tensors,
  expected: Tensors,
  flux: FluxInputs,
  conditions: Conditions,
  report: Report,
): Promise<void> {
  const { steps, guidance } = golden.config.loop as { steps: number; guidance: number }
  const noise = hostTensor(inputs, 'loop.noise')
  const packed = hostTensor(inputs, 'loop.cond_latents_packed').data
  const loopConditions = {
    ...conditions,
    foreground: packed.subarray(0, packed.length / 2),
    background: packed.subarray(packed.length / 2),
  }
  const tolerance = golden.tolerance('loop')
  const sigmas = flowSigmas(steps, { kind: 'dynamic', mu: dynamicMu(noise.shape[1]) })
  report.compare('loop.sigmas', sigmas, hostTensor(expected, 'loop.sigmas').data, tolerance)
  const x = noise.data.slice()
  for (let step = 0; step < steps; step++) {
    const hidden = { shape: noise.shape, data: x }
    const velocity = await forward(
      dit,
      { ...flux, hidden, sigma: [sigmas[step]], guidance: [guidance] },
      loopConditions,
    )
    report.compare(
      `loop.noise_pred${step}`,
      velocity,
      hostTensor(expected, `loop.noise_pred${step}`).data,
      tolerance,
    )
    eulerStep(x, velocity, sigmas[step], sigmas[step + 1])
    report.compare(
      `loop.latents${step + 1}`,
      x,
      hostTensor(expected, `loop.latents${step + 1}`).data,
      tolerance,
    )
  }
  const want = hostTensor(expected, 'loop.final_vae_input')
  const [, channels, height, width] = want.shape
  const unpacked = unpack(x, channels, height, width).map((value) => value / 0.3611 + 0.1159)
  report.compare('loop.final_vae_input', unpacked, want.data, {
    abs: tolerance.abs / 0.3611,
    rel: tolerance.rel,
  })
}

/** Packed tokens -> latent [channels, height, width] (specs: FLUX §2). */
function unpack(packed: Float32Array, channels: number, height: number, width: number): Float32Array {
  const out = new Float32Array(channels * height * width)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const token = (y >> 1) * (width / 2) + (x >> 1)
        out[(c * height + y) * width + x] = packed[token * channels * 4 + c * 4 + (y & 1) * 2 + (x & 1)]
      }
  return out
}

/** Golden names of our taps; the conditions' stream is stored as [2, N, D], which is our order. */
function tapName(point: string, segments: readonly TokenSegment[]): string | null {
  if (point === 'vec') return 'temb'
  if (point === 'fixedVec') return 'cond_temb'
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
