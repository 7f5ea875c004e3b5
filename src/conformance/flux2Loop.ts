/** Adaptor of `flux2-loop`: FLUX.2's sampling with references, guidance and a mask, and from picture to picture. */
import type { Backend } from '@/backend/types'
import { flux2Checkpoint } from '@/conformance/flux2'
import { hostTensor, type GoldenCase, type HostTensor, type Tolerance } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { bytesOf } from '@/conformance/vae'
import { flux2Vae } from '@/conformance/vaeFlux2'
import { referenceFrame } from '@/families/flux2/pictures'
import { flux2Dit } from '@/nets/flux/flux2'
import { Transformer } from '@/nets/runner/transformer'
import { interleave } from '@/nets/strips/picture'
import { denormalise, normalise, type LatentStatistics } from '@/nets/vae/statistics'
import type { Vae } from '@/nets/vae/vae'
import {
  kleinDenoise,
  pictureIds,
  textIds,
  type KleinJob,
  type PictureTokens,
} from '@/pipelines/flux2/kleinDenoise'
import { maskTokens } from '@/pipelines/flux2/maskTokens'
import { packLatent, unpackLatent } from '@/pipelines/shared/latents'
import { flowSigmas, kleinMu } from '@/samplers/flowMatch'
import { layoutSource } from '@/weights/formats/canonical'
import type { StoredTensor } from '@/weights/formats/safetensors'

type Tensors = ReadonlyMap<string, StoredTensor>

interface RunConfig {
  steps: number
  references?: number
  guidance_scale?: number
  cfg?: boolean
  strength?: number
  reference?: boolean
}

/** [1, channels, rows, columns] as tokens. */
const tokensOf = ({ shape, data }: HostTensor): PictureTokens => ({
  values: interleave(data, shape[1]),
  rows: shape[2],
  columns: shape[3],
})

const joined = (parts: readonly Float32Array[]): Float32Array =>
  Float32Array.from(parts.flatMap((part) => [...part]))

class LoopCase {
  private readonly dit: Transformer
  private readonly vae: Vae
  private readonly statistics: LatentStatistics
  private readonly inputs: Tensors
  private readonly expected: Tensors
  private readonly report: Report
  private readonly tolerance: Tolerance & Partial<Record<'sigmas_abs' | 'mu_abs' | 'decoded_uint8', number>>

  constructor(parts: {
    dit: Transformer
    vae: Vae
    statistics: LatentStatistics
    inputs: Tensors
    expected: Tensors
    report: Report
    golden: GoldenCase
  }) {
    this.dit = parts.dit
    this.vae = parts.vae
    this.statistics = parts.statistics
    this.inputs = parts.inputs
    this.expected = parts.expected
    this.report = parts.report
    this.tolerance = { ...(parts.golden.config.tolerance as object), ...parts.golden.tolerance() }
  }

  async run(name: string, config: RunConfig): Promise<void> {
    if (name === 'e2e') return this.endToEnd(name, config)
    if (name.startsWith('inpaint')) return this.inpaint(name, config)
    const references = Array.from({ length: config.references ?? 0 }, (_, i) =>
      tokensOf(hostTensor(this.inputs, `ref${i}_latent`)),
    )
    const negative = config.cfg
      ? { negative: this.text('negative_prompt_embeds'), guidance: config.guidance_scale ?? 1 }
      : {}
    await this.denoise(name, {
      text: this.text('prompt_embeds'),
      ...negative,
      references,
      noise: tokensOf(hostTensor(this.inputs, 'noise')),
      steps: config.steps,
    })
  }

  /** From a picture's bytes to a picture's bytes. */
  private async endToEnd(name: string, { steps }: RunConfig): Promise<void> {
    const { vae, statistics } = this
    const { shape, data } = hostTensor(this.inputs, 'e2e.reference_uint8') // [height, width, 3]
    const { crop } = referenceFrame({ width: shape[1], height: shape[0] })
    const planes = new Float32Array(3 * crop.width * crop.height)
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < crop.height; y++)
        for (let x = 0; x < crop.width; x++)
          planes[(c * crop.height + y) * crop.width + x] =
            (data[((crop.y + y) * shape[1] + crop.x + x) * 3 + c] / 255) * 2 - 1
    this.compare('e2e.reference_preprocessed', planes)
    const { mean } = await vae.encode(planes, crop.height, crop.width)
    const [rows, columns] = [crop.height / vae.factor, crop.width / vae.factor]
    const values = normalise(packLatent(mean, vae.config.latentChannels, rows, columns), statistics)
    this.compare('e2e.reference_latent', interleave(values, values.length / statistics.mean.length))
    const noise = tokensOf(hostTensor(this.inputs, 'e2e.noise'))
    const latent = await this.denoise(name, {
      text: this.text('prompt_embeds'),
      references: [{ values, rows: rows / 2, columns: columns / 2 }],
      noise,
      steps,
    })
    const decoded = await vae.decode(latent, 2 * noise.rows, 2 * noise.columns)
    this.compare('e2e.decoded', decoded)
    this.compare('e2e.decoded_uint8', bytesOf(decoded), { abs: this.tolerance.decoded_uint8 ?? 1, rel: 0 })
  }

  /** The picture itself is the first reference and stays outside of the mask. */
  private async inpaint(name: string, { steps, strength = 1, reference }: RunConfig): Promise<void> {
    const raw = (input: string): PictureTokens => {
      const tokens = tokensOf(hostTensor(this.inputs, input))
      return { ...tokens, values: normalise(tokens.values, this.statistics) }
    }
    const image = raw('inpaint.image_latent_raw')
    const references = [image, ...(reference ? [raw('inpaint.reference_latent_raw')] : [])]
    this.compare(`${name}.condition_tokens`, joined(references.map(({ values }) => values)))
    const { shape, data } = hostTensor(this.inputs, 'inpaint.mask')
    const mask = maskTokens(data, { width: shape[3], height: shape[2] })
    this.compare('inpaint.mask_tokens', mask)
    await this.denoise(name, {
      text: this.text('prompt_embeds'),
      references,
      noise: tokensOf(hostTensor(this.inputs, 'inpaint.noise')),
      steps,
      blend: { image: image.values, mask, strength },
    })
  }

  /** One run's ids, schedule and every step; gives what the decoder takes. */
  private async denoise(name: string, job: KleinJob): Promise<Float32Array> {
    const { noise, references, steps } = job
    const pictures = references.map(({ rows, columns }, index) => pictureIds(rows, columns, index))
    this.compare(`${name}.img_ids`, joined([pictureIds(noise.rows, noise.columns, null), ...pictures]))
    this.compare(`${name}.txt_ids`, textIds(job.text.tokens))
    const mu = kleinMu(noise.rows * noise.columns, steps)
    const sigmas = flowSigmas(steps, { kind: 'dynamic', mu })
    this.compare(`${name}.mu`, [mu], { abs: this.tolerance.mu_abs ?? 1e-9, rel: 1e-7 })
    this.compare(`${name}.sigmas`, sigmas, { abs: this.tolerance.sigmas_abs ?? 1e-6, rel: 0 })
    const x = await kleinDenoise(this.dit, job, {
      onStep: (step, latents, velocity) => {
        this.compare(`${name}.velocity${step - 1}`, velocity)
        this.compare(`${name}.latents${step}`, latents)
      },
    })
    const [rows, columns] = [2 * noise.rows, 2 * noise.columns]
    const latent = unpackLatent(
      denormalise(x, this.statistics),
      this.vae.config.latentChannels,
      rows,
      columns,
    )
    this.compare(`${name}.latent_denormalised`, latent)
    return latent
  }

  private text(name: string) {
    const { shape, data } = hostTensor(this.inputs, name)
    return { values: data, tokens: shape[1] }
  }

  private compare(name: string, values: ArrayLike<number>, tolerance: Tolerance = this.tolerance): void {
    if (this.expected.has(name))
      this.report.compare(name, values, hostTensor(this.expected, name).data, tolerance)
  }
}

export async function runFlux2Loop(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const { transformer, vae: vaeConfig, runs } = golden.config as Record<string, Record<string, unknown>>
  await compareTables(golden, report)
  const weights = await golden.tensors('weights.safetensors')
  const { checkpoint, layout } = flux2Checkpoint(weights, transformer)
  const source = layoutSource(checkpoint, layout.tensors)
  const dit = await Transformer.load(backend, flux2Dit(layout.config), source)
  const { vae, statistics } = await flux2Vae(backend, await golden.tensors('vae.safetensors'), vaeConfig)
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  const loop = new LoopCase({ dit, vae, statistics, inputs, expected, report, golden })
  for (const [name, config] of Object.entries(runs)) await loop.run(name, config as unknown as RunConfig)
  dit.dispose()
  vae.dispose()
}

/** Schedules and sizes of pictures, which need no network. */
async function compareTables(golden: GoldenCase, report: Report): Promise<void> {
  const schedules =
    await golden.json<{ tokens: number; steps: number; mu: number; sigmas: number[] }[]>('schedules.json')
  for (const { tokens, steps, mu, sigmas } of schedules) {
    const own = kleinMu(tokens, steps)
    report.compare(`mu ${tokens}, ${steps} steps`, [own], [mu], { abs: 1e-9, rel: 0 })
    const found = flowSigmas(steps, { kind: 'dynamic', mu: own })
    report.compare(`sigmas ${tokens}, ${steps} steps`, found, sigmas, { abs: 1e-6, rel: 0 })
  }
  const sizes =
    await golden.json<
      { picture_wh: number[]; diffusers_resized_wh: number[]; diffusers_crop_box: number[] }[]
    >('reference_sizes.json')
  for (const {
    picture_wh: [width, height],
    ...wanted
  } of sizes) {
    const { scaled, crop } = referenceFrame({ width, height })
    const found = [scaled.width, scaled.height, crop.x, crop.y, crop.width, crop.height]
    const expected = [...wanted.diffusers_resized_wh, ...wanted.diffusers_crop_box]
    report.compare(`reference ${width}x${height}`, found, expected, { abs: 0, rel: 0 })
  }
}
