/** Runs golden cases through the real engine and reports every tensor. */
import { createBackend } from '@/backend/create'
import type { Arithmetic, Backend, BackendName } from '@/backend/types'
import { problemOf } from '@/base/errors'
import { runClipBpe } from '@/conformance/clipBpe'
import { runDreamfuse } from '@/conformance/dreamfuse'
import { runDreamo } from '@/conformance/dreamo'
import { runFlux } from '@/conformance/flux'
import { runFlux2 } from '@/conformance/flux2'
import { runFlux2Loop } from '@/conformance/flux2Loop'
import { runFlux2Lora } from '@/conformance/flux2Lora'
import { GoldenCase, type Tolerance } from '@/conformance/goldenCase'
import { runNoise } from '@/conformance/noise'
import { runQwen3 } from '@/conformance/qwen3'
import { runQwenBpe } from '@/conformance/qwenBpe'
import { Report } from '@/conformance/report'
import { runSchedulers } from '@/conformance/schedulers'
import { runClipText, runT5 } from '@/conformance/text'
import { runDfusion } from '@/conformance/dfusion'
import { runUnet } from '@/conformance/unet'
import { runClipVision, runVit } from '@/conformance/vision'
import { runVmdiff } from '@/conformance/vmdiff'
import { runVae } from '@/conformance/vae'
import { runVaeFlux2 } from '@/conformance/vaeFlux2'

export interface ConformanceOptions {
  /** Address under which the folder is served. */
  baseUrl: string
  /** Address of the runtime's wasm files. */
  runtimeUrl: string
  /** Names of its sub-folders. */
  folders: string[]
  /** Cases asked for by name; empty means all that have an adaptor. */
  cases: string[]
  /** Say which tensor was the first to leave tolerance. */
  taps: boolean
  backends: BackendName[]
  /** Of webgpu; default exact. */
  arithmetic?: Arithmetic
  log(line: string): void
}

type Adaptor =
  | { kind: 'pure'; run(golden: GoldenCase, report: Report): Promise<void> }
  | { kind: 'device'; run(golden: GoldenCase, backend: Backend, report: Report): Promise<void> }

const ADAPTORS: Record<string, Adaptor> = {
  'flux-dit': { kind: 'device', run: runFlux },
  'flux2-dit': { kind: 'device', run: runFlux2 },
  'flux2-lora': { kind: 'device', run: runFlux2Lora },
  'flux2-loop': { kind: 'device', run: runFlux2Loop },
  'dreamfuse-dit': { kind: 'device', run: runDreamfuse },
  'dreamo-dit': { kind: 'device', run: runDreamo },
  dfusion: { kind: 'device', run: runDfusion },
  'sd-unet': { kind: 'device', run: runUnet },
  vae: { kind: 'device', run: runVae },
  'vae-flux2': { kind: 'device', run: runVaeFlux2 },
  'text-clip-l': { kind: 'device', run: runClipText },
  'text-openclip-h': { kind: 'device', run: runClipText },
  'text-t5': { kind: 'device', run: runT5 },
  'text-qwen3': { kind: 'device', run: runQwen3 },
  'vision-clip': { kind: 'device', run: runClipVision },
  'vision-siglip-redux': { kind: 'device', run: runVit },
  'vision-dinov2': { kind: 'device', run: runVit },
  'vision-dino1': { kind: 'device', run: runVit },
  vmdiff: { kind: 'device', run: runVmdiff },
  'clip-bpe': { kind: 'pure', run: runClipBpe },
  'qwen2-bpe': { kind: 'pure', run: runQwenBpe },
  schedulers: { kind: 'pure', run: runSchedulers },
  'noise-mt19937': { kind: 'pure', run: runNoise },
}

/** What fast arithmetic is held to: keys and values are off by up to 2^-11 each. */
const FAST: Tolerance = { abs: 2e-3, rel: 5e-3 }

/** `flux-dit-bfl` is served by `flux-dit`: variants add to an adaptor's name. */
function adaptorOf(name: string): Adaptor | null {
  const known = Object.keys(ADAPTORS)
    .filter((key) => name === key || name.startsWith(`${key}-`))
    .sort((a, b) => b.length - a.length)
  return known.length ? ADAPTORS[known[0]] : null
}

export async function runConformance(
  options: ConformanceOptions,
): Promise<{ passed: number; failed: number }> {
  const report = new Report(options.log, options.taps)
  const names = options.cases.length ? options.cases : options.folders.filter((name) => adaptorOf(name))
  const { arithmetic = 'exact' } = options
  const guard = async (name: string, where: string, work: () => Promise<void>): Promise<void> => {
    report.begin(name, where, where === 'webgpu' && arithmetic === 'fast' ? FAST : null)
    try {
      await work()
    } catch (error) {
      const { message, detail } = problemOf(error)
      report.row('(case)', false, `${message} ${detail ?? ''}`)
    }
  }
  for (const name of names) {
    const adaptor = adaptorOf(name)
    if (!adaptor) await guard(name, '-', () => Promise.reject(new Error('no adaptor for this case')))
    else if (adaptor.kind === 'pure')
      await guard(name, 'pure', async () => adaptor.run(await GoldenCase.open(options.baseUrl, name), report))
  }
  for (const backendName of options.backends) {
    const device = names.filter((name) => adaptorOf(name)?.kind === 'device')
    if (device.length === 0) continue
    let backend: Backend | null = null
    await guard('(backend)', backendName, async () => {
      backend = (await createBackend(backendName, options.runtimeUrl, { arithmetic })).backend
    })
    if (!backend) continue
    const ready: Backend = backend
    for (const name of device) {
      const adaptor = adaptorOf(name)
      if (adaptor?.kind === 'device')
        await guard(name, backendName, async () =>
          adaptor.run(await GoldenCase.open(options.baseUrl, name), ready, report),
        )
    }
    await ready.dispose()
  }
  return { passed: report.passed, failed: report.failed }
}
