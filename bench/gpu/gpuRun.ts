/**
 * What a GPU makes of our kernels: whether they compute what they should, and how fast, beside what the adapter can do. Knows no
 * browser: Dawn's own binding gives it a GPU as well as a page does.
 */
import { ATTENTION_STRATEGIES, attentionPlans } from '@/backend/kernels/sharedAttention/strategies'
import { TestDevice } from '@/backend/kernels/testDevice'
import { limitsOf } from '@/backend/webgpu/device'
import { SUBGROUP_MATRIX } from '@/backend/webgpu/capabilities'
import { fail } from '@/base/errors'

import { attentionFlops, timeAttention } from './attentionTime'
import { checkKernels, type CheckResult } from './checks'
import { measurePeaks, type Peaks } from './peaks'
import { attentionShapes, linearShapes, type LinearShape } from './shapes'

export interface TimeRow {
  what: string
  /** Strategy, or the bits of a linear. */
  how: string
  ms: number
  gflops: number
  /** Of the dense product that was measured in the same run. */
  shareOfPeak: number
  /** ORT's milliseconds over ours; null without ORT, or where it has no like. */
  ortRatio: number | null
}

export interface GpuReport {
  adapter: string
  capabilities: TestDevice['gpu']['capabilities']
  rehearsal: boolean
  peaks: Peaks
  checks: CheckResult[]
  times: TimeRow[]
  seconds: number
}

/** Milliseconds of ORT's operators on the same adapter, where there is ORT. */
export interface OrtTimes {
  attention(shape: { heads: number; headDim: number; queries: number; keys: number }): Promise<number>
  linear(shape: LinearShape): Promise<number>
}

interface GpuRunOptions {
  adapter: GPUAdapter
  /** Everything an eighth of its size, for a processor that stands in for a GPU. */
  rehearse: boolean
  ort: OrtTimes | null
  log(line: string): void
}

/** Kernels may use subgroups also on an emulated adapter, on a device without ORT. */
const FEATURES: readonly GPUFeatureName[] = ['subgroups', 'shader-f16', SUBGROUP_MATRIX]

export async function runGpu({ adapter, rehearse, ort, log }: GpuRunOptions): Promise<GpuReport> {
  const since = performance.now()
  const target = new TestDevice(
    await adapter.requestDevice({
      requiredLimits: limitsOf(adapter),
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    }),
  )
  try {
    const { gpu } = target
    const { capabilities } = gpu
    if (capabilities.software && !rehearse)
      fail(
        'unsupported',
        'The only adapter is a processor, which would take hours.',
        'With --rehearse every dimension is an eighth.',
      )
    log(`${capabilities.adapter}${rehearse ? ', a rehearsal: every dimension divided by 8' : ''}`)
    log(
      `f16 ${capabilities.shaderF16 ? 'yes' : 'no'}, subgroups ${capabilities.smallestSubgroup ?? 'no'}, workgroup ${capabilities.workgroupBytes / 1024} KiB${ort ? '' : ', no ORT'}`,
    )
    const checks: CheckResult[] = []
    for await (const check of checkKernels(target)) {
      checks.push(check)
      log(
        `${check.kernel.padEnd(26)} ${String(check.passed).padStart(3)} passed, ${check.failed.length} failed, largest error ${check.worst.toExponential(1)}`,
      )
      for (const line of check.failed) log(`  ${line}`)
    }
    const peaks = await measurePeaks(gpu, rehearse)
    log(`dense f32 product ${peaks.gflops.toFixed(0)} GFLOP/s, copy ${peaks.gigabytes.toFixed(0)} GB/s`)
    const times: TimeRow[] = []
    const ortTime = (what: string, ms: Promise<number>): Promise<number | null> =>
      ms.catch((reason: unknown) => {
        log(`${what}: ORT: ${String(reason)}`)
        return null
      })
    const note = (what: string, how: string, flops: number, ms: number, ortMs: number | null) => {
      const gflops = flops / ms / 1e6
      const row = { what, how, ms, gflops, shareOfPeak: gflops / peaks.gflops, ortRatio: ortMs && ortMs / ms }
      times.push(row)
      log(tableRow(row))
    }
    for (const shape of attentionShapes(rehearse)) {
      const { heads, headDim, queryTokens: queries, sources, name } = shape
      // Keys that it does not see cost ORT as much.
      const keys = sources[0].tokens
      const ortMs = ort && (await ortTime(name, ort.attention({ heads, headDim, queries, keys })))
      // Fast arithmetic has keys and values as halves; a processor has nothing of it.
      for (const half of rehearse ? [false] : [false, true]) {
        const plans = attentionPlans(capabilities, { headDim, half }, queries)
        for (const strategy of ATTENTION_STRATEGIES) {
          const plan = plans.find((one) => one.strategy === strategy)
          const ms = plan && (await timeAttention(gpu, shape, plan, half))
          if (ms) note(name, half ? `${strategy}, halves` : strategy, attentionFlops(shape), ms, ortMs)
          else if (plan) log(`${name}: larger than this device's buffers`)
        }
      }
    }
    for (const shape of ort ? linearShapes(rehearse) : []) {
      const { m, k, n, bits } = shape
      const what = `linear ${m} x ${k} -> ${n}`
      const ms = ort && (await ortTime(what, ort.linear(shape)))
      if (ms) note(what, `ORT ${bits} bits`, 2 * m * k * n, ms, null)
    }
    // Times of what the device refused say nothing.
    await target.read(target.filled(0, [1])).catch((reason: unknown) => {
      checks.push({ kernel: 'timing', passed: 0, failed: [String(reason)], worst: NaN })
      log(`timing: ${String(reason)}`)
    })
    const seconds = (performance.now() - since) / 1000
    return {
      ...{ adapter: capabilities.adapter, capabilities, rehearsal: rehearse },
      ...{ peaks, checks, times, seconds },
    }
  } finally {
    target.dispose()
  }
}

function tableRow({ what, how, ms, gflops, shareOfPeak, ortRatio }: TimeRow): string {
  const share = `${(100 * shareOfPeak).toFixed(0)} %`.padStart(6)
  const ort = ortRatio === null ? '' : `  ORT / ours ${ortRatio.toFixed(2)}`
  return `${what.padEnd(30)} ${how.padEnd(23)} ${ms.toFixed(2).padStart(10)} ms ${gflops.toFixed(1).padStart(9)} GFLOP/s ${share}${ort}`
}
