/**
 * Align in lockstep at the built-in model's size, with random weights: time per step (three passes of the net, two
 * guidance branches each), and what is kept of the reference; the same for SD 2.1 at 512 x 512 as what is kept, without
 * the net.
 */
import type { BenchOptions } from './options'
import { median } from './time'

import { createBackend } from '@/backend/create'
import { seededNormals } from '@/backend/kernels/seeded'
import type { Backend } from '@/backend/types'
import type { AttentionSite } from '@/nets/unet/unetHooks'
import { Unet } from '@/nets/unet/unetRunner'
import { alignDenoise, type AlignSampling, type AlignScene } from '@/pipelines/align/alignDenoise'
import { KeptLayers, type KeptFormat } from '@/pipelines/align/keptLayers'
import { Ddim, SD_SCHEDULE } from '@/samplers/ddim'
import type { UnetConfig } from '@/schema/pack'
import { philoxNormals } from '@/samplers/philox'
import type { WeightSource } from '@/weights/formats/source'

const BUILT_IN: UnetConfig = {
  inChannels: 16,
  outChannels: 16,
  channels: [32, 96, 160],
  heads: [1, 3, 5],
  attention: [true, true, false],
  resnets: 1,
  contextDim: 96,
  groups: 16,
  prediction: 'v_prediction',
}
const SD21: UnetConfig = {
  inChannels: 4,
  outChannels: 4,
  channels: [320, 640, 1280, 1280],
  heads: [5, 10, 20, 20],
  attention: [true, true, true, false],
  resnets: 2,
  contextDim: 1024,
  groups: 32,
  prediction: 'epsilon',
}
const SIDE = 16
const CONTEXT_TOKENS = 16
const STEPS = 4
const BRANCHES = 2

/** Seeded numbers that keep activations near their size; norms do nothing. */
const RANDOM: WeightSource = {
  has: () => true,
  tensor: (name, shape) => {
    const count = shape.reduce((product, size) => product * size, 1)
    if (shape.length === 1) return Promise.resolve(new Float32Array(count).fill(Number(/weight/.test(name))))
    const fan = count / shape[0]
    return Promise.resolve(seededNormals(name.length, count).map((value) => value / Math.sqrt(fan)))
  },
  linear: (name, rows, cols) => {
    const weight = seededNormals(name.length, rows * cols).map((value) => value / Math.sqrt(cols))
    return Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight, scales: null }],
      bias: null,
      lora: null,
    })
  },
}

/** The self-attentions that D-Fusion fuses (specs: D-Fusion §3, §5): the middle and the way up. */
function fusedSites({ channels, heads, attention, resnets }: UnetConfig, side: number): AttentionSite[] {
  const site = (name: string, level: number): AttentionSite => ({
    name,
    layer: 0,
    rows: side >> level,
    columns: side >> level,
    heads: heads[level],
    headDim: channels[level] / heads[level],
  })
  const deepest = channels.length - 1
  const up = channels.flatMap((_, level) =>
    attention[level]
      ? Array.from({ length: resnets + 1 }, (_, i) => site(`up of level ${level}.${i}`, level))
      : [],
  )
  return [site('middle', deepest), ...up]
}

/** Keeps one step's keys and values of these layers: what is counted, and what the device gave for it; bytes. */
function keepOnce(
  backend: Backend,
  sites: readonly AttentionSite[],
  format: KeptFormat,
): { counted: number; resident: number } {
  const kept = new KeptLayers(backend, format)
  const own = sites.map((site) => {
    const dims = [BRANCHES, site.rows * site.columns, site.heads, site.headDim]
    return { site, k: backend.allocate('float32', dims, 'k'), v: backend.allocate('float32', dims, 'v') }
  })
  const before = backend.memory().residentBytes
  for (const { site, k, v } of own) kept.keep(site, k, v)
  const result = { counted: kept.bytes, resident: backend.memory().residentBytes - before }
  kept.clear()
  for (const { k, v } of own) backend.free(k, v)
  backend.trim()
  return result
}

function noiseScene({ inChannels, contextDim }: UnetConfig): AlignScene {
  const size = inChannels * SIDE * SIDE
  const run = (stream: number) => ({
    start: philoxNormals(1, stream, size),
    noise: (index: number) => philoxNormals(2, stream * STEPS + index, size),
  })
  const text = (stream: number) => philoxNormals(3, stream, CONTEXT_TOKENS * contextDim)
  return {
    images: 1,
    channels: inChannels,
    rows: SIDE,
    columns: SIDE,
    negative: text(0),
    prompts: [text(1)],
    reference: run(0),
    base: run(1),
    target: run(1),
  }
}

/** Everything on the way up from the middle is fused, in every step. */
function sampling(net: Unet, keptFormat: KeptFormat): AlignSampling {
  const middle = net.sites(SIDE, SIDE).find(({ name }) => name.startsWith('mid_block'))?.layer ?? 0
  return {
    guidance: 5,
    eta: 1,
    words: { columns: [[2], [5]], maps: 'code', grid: { rows: SIDE, columns: SIDE } },
    chosen: [0, 1].map((word) => ({ word, threshold: 1 / CONTEXT_TOKENS })),
    union: 'or',
    layers: { first: middle, last: 99 },
    fused: { first: 0, last: STEPS },
    fusion: 'keys',
    keptFormat,
  }
}

async function benchLockstep(
  backend: Backend,
  net: Unet,
  format: KeptFormat,
  log: BenchOptions['log'],
): Promise<void> {
  const ddim = new Ddim({ ...SD_SCHEDULE, prediction: BUILT_IN.prediction }, STEPS)
  const times: number[] = []
  let since = performance.now()
  let kept = 0
  await alignDenoise(net, ddim, noiseScene(BUILT_IN), sampling(net, format), {
    onStep: ({ keptBytes }) => {
      times.push(performance.now() - since)
      since = performance.now()
      kept = Math.max(kept, keptBytes)
    },
  })
  // The first step compiles.
  log(
    `${backend.name} built-in, kept in ${format}: ${median(times.slice(1)).toFixed(0)} ms per step ` +
      `(the first ${times[0].toFixed(0)} ms), at most ${(kept / 1e6).toFixed(3)} MB kept`,
  )
}

export async function benchAlign({ runtimeUrl, log }: BenchOptions): Promise<void> {
  for (const choice of ['cpu', 'webgpu'] as const) {
    const { backend } = await createBackend(choice, runtimeUrl)
    log(`${choice}: ${backend.device}`)
    for (const [name, config, side] of [
      ['built-in, 64 × 64 pixels', BUILT_IN, SIDE],
      ['SD 2.1, 512 × 512 pixels', SD21, 64],
    ] as const)
      for (const format of ['f32', 'f16'] as const) {
        const { counted, resident } = keepOnce(backend, fusedSites(config, side), format)
        log(
          `${choice} ${name}, ${format}: ${(counted / 1e6).toFixed(3)} MB of keys and values per step, ` +
            `${(resident / 1e6).toFixed(3)} MB of the device's memory`,
        )
      }
    const net = await Unet.load(backend, BUILT_IN, RANDOM)
    for (const format of ['f32', 'f16'] as const) await benchLockstep(backend, net, format, log)
    net.dispose()
    await backend.dispose()
  }
}
