/** Adaptor of `vmdiff`: mixing tokens, the noise that both pictures shape, two pictures made of it, and the released search. */
import type { Backend } from '@/backend/types'
import { fluxConfig } from '@/conformance/flux'
import { hostTensor, type GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { fluxDit } from '@/nets/flux/flux'
import { Transformer } from '@/nets/runner/transformer'
import {
  blendingSteps,
  makingSteps,
  mixDenoise,
  mixSigmas,
  scaledTogether,
  type MixStep,
} from '@/pipelines/mix/mixDenoise'
import { searchAlpha, searchBeta, type ScorePair } from '@/pipelines/mix/releasedSearch'
import { similarityScore } from '@/pipelines/mix/similarity'
import { slerp } from '@/pipelines/mix/slerp'
import { toVaeLatent, unpackLatent } from '@/pipelines/shared/latents'
import { fluxSource } from '@/weights/formats/fluxSource'
import type { StoredTensor } from '@/weights/formats/safetensors'

type Tensors = ReadonlyMap<string, StoredTensor>

/** What stands for NaN in the case's files. */
const NOT_A_NUMBER = -12345
const EXACT = { abs: 1e-6, rel: 1e-6 }

interface Trace {
  calls: { x: [number, number]; score: [number, number] }[]
  best_alpha?: number
  best_beta?: number
  best_score: number
}

interface Traces {
  performance_score: { args: [number, number, number, number]; score: number }[]
  [name: string]: unknown
}

export async function runVmdiff(golden: GoldenCase, backend: Backend, report: Report): Promise<void> {
  const inputs = await golden.tensors('inputs.safetensors')
  const expected = await golden.tensors('expected.safetensors')
  compareSlerp(inputs, expected, report)
  await compareSearches(await golden.json<Traces>('search_trace.json'), report)

  const { config } = golden
  const base = await golden.sibling((config.base_weights as string).replace(/\/[^/]*$/, ''))
  const weights = await base.tensors('weights.safetensors')
  const dit = await Transformer.load(backend, fluxDit(fluxConfig(base, weights)), fluxSource(weights))
  try {
    await comparePictures(golden, dit, inputs, expected, report)
  } finally {
    dit.dispose()
  }
}

async function comparePictures(
  golden: GoldenCase,
  dit: Transformer,
  inputs: Tensors,
  expected: Tensors,
  report: Report,
): Promise<void> {
  const tolerance = golden.tolerance()
  const compare = (name: string, values: ArrayLike<number>, from = 0) => {
    const wanted = hostTensor(expected, name).data
    report.compare(name, values, wanted.subarray(from, from + values.length), tolerance)
  }
  const of = (name: string) => hostTensor(inputs, name).data
  const [, channels, height, width] = hostTensor(expected, 'gen.vae_input').shape
  const grid = { rows: height / 2, columns: width / 2 }
  const pooled = of('pooled')
  const sigmas = mixSigmas(golden.number('steps'), grid)
  compare('inversion.sigmas', sigmas)

  const blending = blendingSteps(sigmas)
  await compareSteps(golden, blending, report)
  const passed: number[] = []
  const both = { tokens: scaledTogether([of('redux1'), of('redux2')], [1, 1]), pooled }
  const onStep = (x: Float32Array) => void passed.push(...x)
  const refined = await mixDenoise(dit, both, grid, of('noise'), blending, { onStep })
  compare('inversion.x', passed)
  compare('inversion.refined', refined)

  const { alphas } = golden.config.generation as { alphas: number[] }
  for (const [index, alpha] of alphas.entries()) {
    const mixed = slerp(of('redux1'), of('redux2'), dit.network.contextDim, alpha, 'released').tokens
    const given = of('gen.cond').subarray(index * mixed.length, (index + 1) * mixed.length)
    report.compare(`gen.cond ${alpha}`, mixed, given, EXACT)
    const xs: Float32Array[] = []
    const keep = (x: Float32Array) => void xs.push(x.slice())
    const made = await mixDenoise(dit, { tokens: mixed, pooled }, grid, refined, makingSteps(sigmas), {
      onStep: keep,
    })
    compare('gen.latents_first', xs[0], index * made.length)
    compare('gen.latents_last', made, index * made.length)
    const latent = unpackLatent(made, channels, height, width)
    compare('gen.vae_input', toVaeLatent(latent, { scaling: 0.3611, shift: 0.1159 }), index * latent.length)
  }
}

/** The steps against what the authors' scheduler was asked for. */
async function compareSteps(golden: GoldenCase, steps: readonly MixStep[], report: Report): Promise<void> {
  interface Logged {
    model_timestep: number
    sigma_from: number
    sigma_to: number
    guidance: number
  }
  const log = await golden.json<Logged[]>('inversion_log.json')
  const ours = steps.flatMap(({ label, from, to, guidance }) => [1000 * label, from, to, guidance])
  const theirs = log.flatMap((one) => [one.model_timestep, one.sigma_from, one.sigma_to, one.guidance])
  report.compare('inversion steps', ours, theirs, { abs: 1e-6, rel: 1e-6 })
}

function compareSlerp(inputs: Tensors, expected: Tensors, report: Report): void {
  const numbers = (name: string) =>
    hostTensor(inputs, name).data.map((value) => (value === NOT_A_NUMBER ? NaN : value))
  const [a, b] = [numbers('slerp.v0'), numbers('slerp.v1')]
  const { shape } = hostTensor(inputs, 'slerp.v0')
  for (const name of [...expected.keys()].filter((key) => key.startsWith('slerp.t'))) {
    const { tokens } = slerp(a, b, shape[shape.length - 1], Number(name.slice('slerp.t'.length)), 'released')
    const ours = tokens.map((value) => (Number.isNaN(value) ? NOT_A_NUMBER : value))
    report.compare(name, ours, hostTensor(expected, name).data, { abs: 1e-5, rel: 1e-5 })
  }
}

/** The points that are tried, given the scores that the authors' code was given. */
async function compareSearches(traces: Traces, report: Report): Promise<void> {
  for (const [name, trace] of Object.entries(traces) as [string, Trace][]) {
    const search = name.startsWith('alpha.') ? searchAlpha : name.startsWith('beta.') ? searchBeta : null
    if (!search) continue
    const asked: number[] = []
    const score: ScorePair = (upper, lower) => {
      const call = trace.calls[asked.length / 2]
      asked.push(upper, lower)
      return Promise.resolve(call?.score ?? [-Infinity, -Infinity])
    }
    const best = await search(score)
    report.compare(
      `${name} tried`,
      asked,
      trace.calls.flatMap(({ x }) => x),
      EXACT,
    )
    const wanted = [trace.best_alpha ?? trace.best_beta ?? NaN, trace.best_score]
    report.compare(`${name} best`, [best.at, best.score], wanted, EXACT)
  }
  const scores = traces.performance_score.map(({ args: [seen1, seen2, named1, named2] }) =>
    similarityScore([
      { seen: seen1, named: named1 },
      { seen: seen2, named: named2 },
    ]),
  )
  report.compare(
    'score',
    scores,
    traces.performance_score.map(({ score }) => score),
    EXACT,
  )
}
