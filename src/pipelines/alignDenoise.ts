/**
 * D-Fusion at latent level (specs: D-Fusion §4, §5): reference, base and target run in lockstep; in every step the
 * reference's self-attention keys and values replace the target's where its cross-attention to chosen words says so.
 * Pipeline and conformance both run this.
 */
import { elements, type Backend, type Tensor } from '@/backend/types'
import type { AttentionSite, Unet, UnetHooks } from '@/nets/unet'
import type { Ddim } from '@/samplers/ddim'

/** Which cross-attentions make the mask: all of the grid's size, or those on the way up alone. */
export type MapChoice = 'code' | 'paper'
/** How the masks of several words become one. */
export type MaskUnion = 'or' | 'xor'

export interface AlignSettings {
  guidance: number
  eta: number
  /** Per chosen word, its columns in the prompt's tokens (begin-of-text is column 0). */
  words: readonly (readonly number[])[]
  /** Per chosen word: a cell belongs to it from this share of attention on. */
  thresholds: readonly number[]
  union: MaskUnion
  maps: MapChoice
  /** The grid of the attention maps; 16 x 16 for 512 x 512 pixels. */
  grid: { rows: number; columns: number }
  /** D-Fusion's block numbers whose self-attention is fused, both ends included. */
  layers: { first: number; last: number }
  /** Steps, counted from 0, whose self-attention is fused, both ends included. */
  fused: { first: number; last: number }
  /** false copies keys and values everywhere: the paper's ablation. */
  masked?: boolean
  /** How the reference's keys and values wait for the target; f32 unless told otherwise, f16 takes half as much. */
  keptFormat?: 'f32' | 'f16'
}

/** One of the three runs: where it starts and the noise of its steps. */
export interface AlignRun {
  /** [images, channels, rows, columns] */
  start: Float32Array
  /** N(0,1) of step `index`, of the latent's size; null where eta is 0. */
  noise(index: number): Float32Array | null
}

export interface AlignStep {
  /** Steps finished, from 1. */
  done: number
  timestep: number
  /** Latents after the step, [images, channels, rows, columns]. */
  reference: Float32Array
  base: Float32Array | null
  target: Float32Array
  /** Mean log-density of the target's step, per image; null where eta is 0. */
  logProbability: number[] | null
  /** Attention to each word, [images, cells, words]. */
  maps: Float32Array
  /** What was fused, [images, cells], 0 or 1. */
  mask: Float32Array
  /** Bytes of keys and values that were kept for this step. */
  keptBytes: number
}

export interface AlignScene {
  images: number
  channels: number
  rows: number
  columns: number
  /** [tokens, width]: the empty prompt. */
  negative: Float32Array
  /** [tokens, width] for every image; its three runs share it. */
  prompts: readonly Float32Array[]
  reference: AlignRun
  /** null where its picture is not wanted: the target needs only its noise. */
  base: AlignRun | null
  target: AlignRun
}

/** @throws AbortError when `signal` fires; device-lost, out-of-memory */
export async function alignDenoise(
  net: Unet,
  ddim: Ddim,
  scene: AlignScene,
  settings: AlignSettings,
  options: { signal?: AbortSignal; onStep?: (step: AlignStep) => void | Promise<void> } = {},
): Promise<Float32Array> {
  const { backend } = net
  const { images, channels, rows, columns } = scene
  const { signal } = options
  const context = await net.context(guidanceBatch(scene), 2 * images)
  const watcher = new MapWatcher(net, scene, settings)
  const kept = new KeptKeys(backend, settings.keptFormat ?? 'f32')
  const latents = {
    reference: scene.reference.start,
    base: scene.base?.start ?? null,
    target: scene.target.start,
  }
  const predict = async (x: Float32Array, timestep: number, hooks: UnetHooks): Promise<Float32Array> => {
    signal?.throwIfAborted()
    const both = new Float32Array(2 * x.length)
    both.set(x)
    both.set(x, x.length)
    const sample = backend.upload(both, [2 * images, channels, rows, columns], 'latents')
    try {
      const y = await net.forward(
        sample,
        new Array<number>(2 * images).fill(timestep),
        context,
        hooks,
        signal,
      )
      const values = await backend.read(y)
      backend.free(y)
      return guided(values, settings.guidance)
    } finally {
      backend.free(sample)
    }
  }
  try {
    for (const [index, timestep] of ddim.timesteps.entries()) {
      const fusing = index >= settings.fused.first && index <= settings.fused.last
      const fuses = (site: AttentionSite) =>
        fusing && site.layer >= settings.layers.first && site.layer <= settings.layers.last

      const output = await predict(latents.reference, timestep, {
        self: (site, k, v) => Promise.resolve(fuses(site) ? kept.keep(site, k, v) : undefined),
        ...watcher.hooks(),
      })
      latents.reference = advance(
        ddim,
        latents.reference,
        output,
        timestep,
        settings.eta,
        images,
        scene.reference.noise(index),
      ).x
      const maps = await watcher.take()
      const mask =
        settings.masked === false
          ? new Float32Array(images * watcher.cells).fill(1)
          : wordMask(maps, settings)

      if (scene.base && latents.base) {
        const plain = await predict(latents.base, timestep, {})
        latents.base = advance(
          ddim,
          latents.base,
          plain,
          timestep,
          settings.eta,
          images,
          scene.base.noise(index),
        ).x
      }

      const { grid } = settings
      const maskTensor = backend.upload(mask, [images, grid.rows, grid.columns], 'mask')
      const fused = await predict(latents.target, timestep, {
        self: (site, k, v) => {
          const reference = kept.of(site)
          if (reference)
            backend.kvFusion({
              batch: 2 * images,
              width: site.heads * site.headDim,
              grid: site,
              target: { k, v },
              reference,
              mask: maskTensor,
            })
          return Promise.resolve()
        },
      }).finally(() => backend.free(maskTensor))
      const { x, logProbability } = advance(
        ddim,
        latents.target,
        fused,
        timestep,
        settings.eta,
        images,
        scene.target.noise(index),
      )
      latents.target = x
      const keptBytes = kept.bytes
      kept.clear()
      await options.onStep?.({ done: index + 1, timestep, ...latents, logProbability, maps, mask, keptBytes })
    }
    return latents.target
  } finally {
    kept.clear()
    watcher.dispose()
    context.dispose()
  }
}

/** uncond + scale * (cond - uncond); the batch holds the unconditional half first. */
export function guided(both: Float32Array, scale: number): Float32Array {
  const half = both.length / 2
  return Float32Array.from({ length: half }, (_, i) => both[i] + scale * (both[half + i] - both[i]))
}

/**
 * [images, cells, words] -> [images, cells]: 1 where some word's share reaches its threshold (`or`), or where an odd
 * number of words' do (`xor`, Eq. 4).
 */
export function wordMask(maps: Float32Array, { thresholds, union }: AlignSettings): Float32Array {
  const words = thresholds.length
  return Float32Array.from({ length: maps.length / words }, (_, cell) => {
    let hits = 0
    for (let word = 0; word < words; word++) if (maps[cell * words + word] >= thresholds[word]) hits++
    return union === 'or' ? Math.min(1, hits) : hits % 2
  })
}

/** One DDIM step of every image of a batch on its own, so that each has its own log-density. */
function advance(
  ddim: Ddim,
  x: Float32Array,
  output: Float32Array,
  timestep: number,
  eta: number,
  images: number,
  noise: Float32Array | null,
): { x: Float32Array; logProbability: number[] | null } {
  const size = x.length / images
  const next = new Float32Array(x.length)
  const logs: number[] = []
  for (let image = 0; image < images; image++) {
    const part = (values: Float32Array) => values.subarray(image * size, (image + 1) * size)
    const step = ddim.step(part(x), part(output), timestep, eta, noise && part(noise))
    next.set(step.previous, image * size)
    if (step.logProbability !== null) logs.push(step.logProbability)
  }
  return { x: next, logProbability: logs.length === images ? logs : null }
}

/** [2*images, tokens, width]: the empty prompt for every image, then the prompt for every image. */
function guidanceBatch({ negative, prompts }: AlignScene): Float32Array {
  const out = new Float32Array(2 * prompts.length * negative.length)
  for (const [image, prompt] of prompts.entries()) {
    out.set(negative, image * negative.length)
    out.set(prompt, (prompts.length + image) * negative.length)
  }
  return out
}

/** The reference's keys and values of one step; copies, for the net goes on using its own. */
class KeptKeys {
  private readonly backend: Backend
  private readonly format: 'f32' | 'f16'
  private readonly sites = new Map<string, { k: Tensor; v: Tensor }>()
  bytes = 0

  constructor(backend: Backend, format: 'f32' | 'f16') {
    this.backend = backend
    this.format = format
  }

  keep(site: AttentionSite, k: Tensor, v: Tensor): void {
    const { backend, format } = this
    const copy = (source: Tensor): Tensor => {
      const half = format === 'f16'
      const target = backend.allocate(half ? 'float16' : 'float32', source.dims, 'kept keys')
      const values = elements(source.dims)
      if (half) backend.packF16(source, target)
      else backend.copyRows(source, 0, target, 0, values / source.dims[source.dims.length - 1])
      this.bytes += (half ? 2 : 4) * values
      return target
    }
    this.sites.set(site.name, { k: copy(k), v: copy(v) })
  }

  of(site: AttentionSite): { k: Tensor; v: Tensor } | undefined {
    return this.sites.get(site.name)
  }

  clear(): void {
    for (const { k, v } of this.sites.values()) this.backend.free(k, v)
    this.sites.clear()
    this.bytes = 0
  }
}

/** Averages cross-attention to the chosen words over heads and layers, on the device, during one pass. */
class MapWatcher {
  readonly cells: number
  private readonly backend: Backend
  private readonly sites: ReadonlySet<string>
  private readonly settings: AlignSettings
  private readonly images: number
  private readonly out: Tensor
  private seen = 0

  constructor(net: Unet, { images, rows, columns }: AlignScene, settings: AlignSettings) {
    this.backend = net.backend
    this.settings = settings
    this.images = images
    const { grid } = settings
    this.cells = grid.rows * grid.columns
    const all = net.sites(rows, columns)
    const middle = all.find(({ name }) => name.startsWith('mid_block'))?.layer ?? 0
    const chosen = all.filter(
      (site) =>
        site.rows === grid.rows &&
        site.columns === grid.columns &&
        (settings.maps === 'code' || site.layer === middle + 1),
    )
    this.sites = new Set(chosen.map(({ name }) => name))
    this.out = this.backend.allocate('float32', [2 * images, settings.words.length, this.cells], 'word maps')
  }

  hooks(): UnetHooks {
    this.seen = 0
    return {
      wantsCross: (site) => this.sites.has(site.name),
      cross: async (site, { q, k, lse }) => {
        await this.backend.responseMap({
          batch: 2 * this.images,
          heads: site.heads,
          headDim: site.headDim,
          scale: 1 / Math.sqrt(site.headDim),
          q,
          sources: [{ k }],
          queries: [{ start: 0, length: this.cells, lse, lseStart: 0, outStart: 0 }],
          groups: this.settings.words.map((columns) =>
            columns.map((start) => ({ source: 0, start, length: 1 })),
          ),
          out: this.out,
          weight: 1 / this.sites.size,
          accumulate: this.seen++ > 0,
        })
      },
    }
  }

  /** The conditional half of what was seen: [images, cells, words]. */
  async take(): Promise<Float32Array> {
    const words = this.settings.words.length
    const maps = new Float32Array(this.images * this.cells * words)
    if (this.seen === 0) return maps
    const values = await this.backend.read(this.out) // [2*images, words, cells]
    for (let image = 0; image < this.images; image++)
      for (let word = 0; word < words; word++)
        for (let cell = 0; cell < this.cells; cell++)
          maps[(image * this.cells + cell) * words + word] =
            values[((this.images + image) * words + word) * this.cells + cell]
    return maps
  }

  dispose(): void {
    this.backend.free(this.out)
  }
}
