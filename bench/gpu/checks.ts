/** Every shared case of every kernel, by every strategy that a device can run, against its definition in f64. */
import { halfReference } from '@/backend/kernels/expandF16/reference'
import { expandF16Webgpu } from '@/backend/kernels/expandF16/webgpu'
import { buildFusion, FUSION_CASES } from '@/backend/kernels/kvFusion/cases'
import { kvFusionReference } from '@/backend/kernels/kvFusion/reference'
import { kvFusionWebgpu } from '@/backend/kernels/kvFusion/webgpu'
import { everyRounding, extremes } from '@/backend/kernels/packF16/cases'
import { packReference } from '@/backend/kernels/packF16/reference'
import { packF16Webgpu } from '@/backend/kernels/packF16/webgpu'
import { RESPONSE_CASES } from '@/backend/kernels/responseMap/cases'
import { prepareResponse } from '@/backend/kernels/responseMap/compare'
import { responseMapWebgpu } from '@/backend/kernels/responseMap/webgpu'
import { ROPE_CASES } from '@/backend/kernels/ropeAffine/cases'
import { ropeError } from '@/backend/kernels/ropeAffine/compare'
import { ATTENTION_CASES } from '@/backend/kernels/sharedAttention/cases'
import { prepareAttention } from '@/backend/kernels/sharedAttention/compare'
import {
  ATTENTION_STRATEGIES,
  attentionPlans,
  planName,
  type AttentionStrategy,
} from '@/backend/kernels/sharedAttention/strategies'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import { seededNormals } from '@/backend/kernels/seeded'
import type { TestDevice } from '@/backend/kernels/testDevice'
import { bufferOf } from '@/backend/webgpu/gpu'

import { multiply } from './peaks'

export interface CheckResult {
  /** The kernel and, where it has several, its strategy. */
  kernel: string
  passed: number
  /** Names of the cases that left tolerance, or what the device said. */
  failed: string[]
  /** Largest error of all. */
  worst: number
}

interface Check {
  kernel: string
  tolerance: number
  /** Cases by name; each gives its largest error. */
  cases: [name: string, error: () => Promise<number>][]
}

/** One kernel after the other. */
export async function* checkKernels(target: TestDevice): AsyncGenerator<CheckResult> {
  const checks = [...ATTENTION_STRATEGIES.map((strategy) => attention(target, strategy)), ...others(target)]
  for (const { kernel, tolerance, cases } of checks) {
    const result: CheckResult = { kernel, passed: 0, failed: [], worst: 0 }
    for (const [name, errorOf] of cases) {
      const error = await errorOf().catch((reason: unknown) => {
        result.failed.push(`${name}: ${String(reason)}`)
        return null
      })
      target.clear()
      if (error === null) continue
      result.worst = error <= result.worst ? result.worst : error // NaN wins
      if (error <= tolerance) result.passed++
      else result.failed.push(`${name}: ${error.toExponential(2)}`)
    }
    if (cases.length > 0) yield result
  }
}

/** By every cut that the device can run; no case where it cannot run the strategy. */
function attention(target: TestDevice, strategy: AttentionStrategy): Check {
  const cases = ATTENTION_CASES.flatMap((item) => {
    const shape = { headDim: item.headDim, half: item.sources.every(({ half }) => half === true) }
    return attentionPlans(target.gpu.capabilities, shape, item.queryTokens)
      .filter((plan) => plan.strategy === strategy)
      .map((plan): Check['cases'][number] => [
        `${item.name}, ${planName(plan)}`,
        async () => {
          const prepared = prepareAttention(item, 1, (...given) => target.tensor(...given))
          sharedAttentionWebgpu(target.gpu, prepared.args, plan)
          const found = [await target.read(prepared.out), await target.read(prepared.lse)] as const
          const { out, lse } = prepared.errors(...found)
          return Math.max(out, lse)
        },
      ])
  })
  // That one rounds queries and weights to halves.
  const tolerance = strategy === 'subgroup-matrix' ? 4e-3 : 2e-5
  return { kernel: `attention, ${strategy}`, tolerance, cases }
}

function others(target: TestDevice): Check[] {
  const { gpu } = target
  return [
    {
      kernel: 'ropeAffine',
      tolerance: 2e-6,
      cases: ROPE_CASES.map((item) => [item.name, () => ropeError(target, item)]),
    },
    {
      kernel: 'ropeAffine, halves',
      tolerance: 2 ** -11 + 2e-6,
      cases: ROPE_CASES.map((item) => [item.name, () => ropeError(target, item, { half: true })]),
    },
    {
      kernel: 'responseMap',
      tolerance: 1e-4,
      cases: RESPONSE_CASES.map((item) => [
        item.name,
        async () => {
          const { args, errors } = prepareResponse(item, 1, (...given) => target.tensor(...given))
          responseMapWebgpu(gpu, args)
          const { map, sum } = errors(await target.read(args.out))
          return Math.max(map, sum)
        },
      ]),
    },
    {
      kernel: 'kvFusion',
      tolerance: 1e-6,
      cases: FUSION_CASES.map((item) => [item.name, () => fusionError(target, item)]),
    },
    {
      kernel: 'packF16 and expandF16',
      tolerance: 0,
      cases: [
        ['every rounding', () => halvesWrong(target, everyRounding())],
        ['extremes', () => halvesWrong(target, extremes())],
      ],
    },
    // What the figures are a share of.
    { kernel: 'dense product', tolerance: 1e-4, cases: [['side 128', () => productError(target, 128)]] },
  ]
}

async function fusionError(target: TestDevice, item: (typeof FUSION_CASES)[number]): Promise<number> {
  const data = buildFusion(item)
  const { batch, width, grid, maskDims } = item
  const dims = [batch, grid.rows * grid.columns, 1, width]
  const reference = data.half ?? data.reference
  const pair = (values: typeof reference) => ({
    k: target.tensor(values.k, dims),
    v: target.tensor(values.v, dims),
  })
  const args = { batch, width, grid, target: pair(data.target), reference: pair(reference) }
  kvFusionWebgpu(target.gpu, { ...args, mask: target.tensor(data.mask, maskDims) })
  let worst = 0
  for (const part of ['k', 'v'] as const) {
    const values = await target.read(args.target[part])
    kvFusionReference({ ...item, mask: data.mask }, data.target[part], data.reference[part]).forEach(
      (value, at) => (worst = Math.max(worst, Math.abs(values[at] - value))),
    )
  }
  return worst
}

/** How many values are not, bit for bit, what packing and widening should make of them. */
async function halvesWrong(target: TestDevice, values: Float32Array): Promise<number> {
  const floats = target.tensor(values, [values.length])
  const halves = target.tensor(new Uint16Array(values.length), [values.length])
  const widened = target.tensor(new Float32Array(values.length), [values.length])
  packF16Webgpu(target.gpu, floats, halves)
  expandF16Webgpu(target.gpu, halves, widened, {})
  const found = await target.read(widened)
  return [...values.keys()].filter((at) => !Object.is(found[at], halfReference(packReference(values[at]))))
    .length
}

async function productError(target: TestDevice, side: number): Promise<number> {
  const [a, b] = [1, 2].map((seed) => seededNormals(seed, side * side))
  const tensors = [a, b, new Float32Array(side * side)].map((values) => target.tensor(values, [side, side]))
  multiply(target.gpu, side, tensors.map(bufferOf))
  const found = await target.read(tensors[2])
  let worst = 0
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      let sum = 0
      for (let k = 0; k < side; k++) sum += a[row * side + k] * b[k * side + column]
      worst = Math.max(worst, Math.abs(found[row * side + column] - sum))
    }
  return worst
}
