/**
 * Inlay Mini: a FLUX-family transformer on pixel patches with DreamFuse's conditioning and a
 * gain-and-offset head. docs/mini.md is the contract with the PyTorch that trains it.
 */
import type { Backend, Tensor } from '@/backend/types'
import type { Modulation } from '@/nets/runner/modulation'
import { Transformer } from '@/nets/runner/transformer'
import type { TransformerRun } from '@/nets/runner/transformerRun'
import { fluxDit } from '@/nets/flux/flux'
import { idAffine } from '@/nets/runner/positionalAffine'
import { gridIds, type TokenSegment } from '@/nets/runner/tokens'
import type { MiniConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

/** What Mini looks at; planar pictures of `size` x `size`. */
export interface MiniScene {
  /** [3, S, S] in [-1,1]. */
  background: Float32Array
  /** [4, S, S] in [-1,1]: colour over white, alpha. */
  foreground: Float32Array
  /** [3, S, S] in [-1,1]. */
  paste: Float32Array
  /** [S, S] in [0,1]. */
  alpha: Float32Array
  /** Foreground canvas -> background crop, pixels: x' = a*x + tx, y' = d*y + ty. */
  affine: { a: number; d: number; tx: number; ty: number }
  /** [textTokens] word ids. */
  words: Int32Array
}

/** Gain and offset per pixel, [3, S, S] each, in units of [0,1] colour. */
export interface GainOffset {
  gain: Float32Array
  offset: Float32Array
}

const CHANNELS = 4

export class MiniNet {
  readonly config: MiniConfig
  private readonly backend: Backend
  private readonly dit: Transformer
  private readonly tags: Tensor[]
  private readonly words: Float32Array // [vocabulary, contextDim]
  /** By flow time; a whole schedule is computed together, so that the bits do not depend on what ran before. */
  private modulations = new Map<number, Modulation>()

  private constructor(
    backend: Backend,
    config: MiniConfig,
    dit: Transformer,
    tags: Tensor[],
    words: Float32Array,
  ) {
    this.backend = backend
    this.config = config
    this.dit = dit
    this.tags = tags
    this.words = words
  }

  static async load(
    backend: Backend,
    config: MiniConfig,
    vocabulary: number,
    source: WeightSource,
    onProgress?: (done: number, total: number) => void,
  ): Promise<MiniNet> {
    const { hidden } = config
    const words = await source.tensor('word_embeddings.weight', [vocabulary, config.contextDim])
    const tagRows = await source.tensor('image_tag_embeddings.weight', [3, hidden])
    const network = fluxDit({ ...config, vectorDim: null, guidance: false })
    const dit = await Transformer.load(backend, network, source, { onProgress })
    const tags = [0, 1, 2].map((row) =>
      backend.upload(tagRows.subarray(row * hidden, (row + 1) * hidden), [hidden], 'tag'),
    )
    return new MiniNet(backend, config, dit, tags, words)
  }

  dispose(): void {
    for (const modulation of this.modulations.values()) modulation.dispose()
    this.modulations.clear()
    this.dit.dispose()
    this.backend.free(...this.tags)
  }

  /**
   * Embeds the scene and caches the keys and values of all that does not change over the steps.
   * @param sigmas the flow times that `predict` will be asked for; they serve until the next `begin`.
   */
  async begin(
    scene: MiniScene,
    sigmas: readonly number[],
    options: { signal?: AbortSignal; useCache?: boolean } = {},
  ): Promise<MiniRun> {
    const { backend, config, dit } = this
    const side = config.size / config.patch
    const tokens = side * side
    const given = ['text', 'fg', 'bg']
    const image = { weights: 'image', tokens } as const
    const affine = idAffine(scene.affine, config.patch, side, side, 'exact')
    const centres = gridIds(side, side, { row: 0.5, column: 0.5 })
    const textIds = new Float32Array(config.textTokens * 3)
    const segments: TokenSegment[] = [
      {
        name: 'text',
        weights: 'text',
        tokens: config.textTokens,
        modulation: 'fixed',
        sees: given,
        ids: textIds,
        affine: null,
      },
      {
        name: 'target',
        ...image,
        modulation: 'step',
        sees: ['text', 'target', 'fg', 'bg'],
        ids: centres,
        affine: null,
      },
      { name: 'fg', ...image, modulation: 'fixed', sees: given, ids: centres, affine },
      { name: 'bg', ...image, modulation: 'fixed', sees: given, ids: centres, affine: null },
    ]
    // The background has no alpha of its own: its fourth channel is -1 everywhere.
    const background = new Float32Array(CHANNELS * config.size ** 2).fill(-1)
    background.set(scene.background)
    const embedded = {
      text: await this.embedWords(scene.words),
      fg: await this.embedPatches(scene.foreground, 1),
      bg: await this.embedPatches(background, 2),
    }
    const run = dit.layout(segments, 1, options.useCache ?? true)
    try {
      await this.schedule(sigmas, options.signal)
      await run.begin(embedded, this.modulation(0), options.signal)
    } catch (error) {
      run.dispose()
      backend.free(...Object.values(embedded))
      throw error
    }
    return new MiniRun(this, run, scene, embedded)
  }

  private async embedWords(words: Int32Array): Promise<Tensor> {
    const { contextDim, textTokens } = this.config
    const values = new Float32Array(textTokens * contextDim)
    words.forEach((id, token) =>
      values.set(this.words.subarray(id * contextDim, (id + 1) * contextDim), token * contextDim),
    )
    const tensor = this.backend.upload(values, [1, textTokens, contextDim], 'words')
    const text = await this.dit.embedText(tensor)
    this.backend.free(tensor)
    return text // [1, textTokens, hidden]
  }

  /** Planar [4, S, S] -> [1, tokens, hidden], tagged. */
  async embedPatches(planar: Float32Array, tag: number): Promise<Tensor> {
    const { size, patch } = this.config
    const patches = patchify(planar, size, patch)
    const tensor = this.backend.upload(patches, [1, (size / patch) ** 2, CHANNELS * patch * patch], 'patches')
    const tokens = await this.dit.embedImage(tensor, this.tags[tag])
    this.backend.free(tensor)
    return tokens
  }

  /** Modulation at one of the schedule's flow times. */
  modulation(sigma: number): Modulation {
    const modulation = this.modulations.get(sigma)
    if (!modulation) throw new Error(`flow time ${sigma} is not in the schedule`)
    return modulation
  }

  /** Computes the modulations of time 0 and of `sigmas`, unless they are the last schedule's. */
  private async schedule(sigmas: readonly number[], signal?: AbortSignal): Promise<void> {
    const times = [...new Set([0, ...sigmas])]
    if (times.join() === [...this.modulations.keys()].join()) return
    for (const modulation of this.modulations.values()) modulation.dispose()
    this.modulations.clear()
    const conditionings = times.map((sigma) => ({ sigma: [sigma] }))
    const found = await this.dit.modulations(conditionings, { signal })
    this.modulations = new Map(times.map((sigma, index) => [sigma, found[index]]))
  }

  get device(): Backend {
    return this.backend
  }
}

/** One foreground being fused. */
export class MiniRun {
  private readonly net: MiniNet
  private readonly run: TransformerRun
  private readonly scene: MiniScene
  private readonly embedded: Record<string, Tensor>

  constructor(net: MiniNet, run: TransformerRun, scene: MiniScene, embedded: Record<string, Tensor>) {
    this.net = net
    this.run = run
    this.scene = scene
    this.embedded = embedded
  }

  /** Gain and offset that the net sees in the noisy picture x [3, S, S] at flow time sigma. */
  async predict(x: Float32Array, sigma: number, signal?: AbortSignal): Promise<GainOffset> {
    const { device: backend, config } = this.net
    const planar = new Float32Array(x.length + this.scene.alpha.length)
    planar.set(x)
    planar.set(
      this.scene.alpha.map((alpha) => 2 * alpha - 1),
      x.length,
    )
    const target = await this.net.embedPatches(planar, 0)
    try {
      const modulation = this.net.modulation(sigma)
      const head = await this.run.step({ ...this.embedded, target }, modulation, 'target', signal)
      const values = await backend.read(head)
      backend.free(head)
      return gainOffset(values, config)
    } finally {
      backend.free(target)
    }
  }

  dispose(): void {
    this.run.dispose()
    this.net.device.free(...Object.values(this.embedded))
  }
}

/** Planar [channels, size, size] -> rows of patches, each flattened channel, row, column. */
export function patchify(planar: Float32Array, size: number, patch: number): Float32Array {
  const side = size / patch
  const channels = planar.length / (size * size)
  const out = new Float32Array(planar.length)
  let at = 0
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++)
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < patch; y++) {
          const from = (c * size + i * patch + y) * size + j * patch
          out.set(planar.subarray(from, from + patch), at)
          at += patch
        }
  return out
}

/**
 * The head: per token a window of twice its patch, weighted by a Hann window and overlap-added, so that
 * patches leave no seams; then upsampled from the map's size to S.
 * @param head [tokens, 6 * w * w] with w = 2 * patch / mapReduction
 */
export function gainOffset(head: Float32Array, config: MiniConfig): GainOffset {
  const { size, patch, mapReduction } = config
  const map = size / mapReduction
  const window = (2 * patch) / mapReduction
  const side = size / patch
  const hann = Float64Array.from({ length: window }, (_, k) => Math.sin((Math.PI * (k + 0.5)) / window) ** 2)
  const sums = new Float64Array(6 * map * map)
  const weights = new Float64Array(map * map)
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      const token = (i * side + j) * 6 * window * window
      const top = (i * window) / 2 - window / 4
      const left = (j * window) / 2 - window / 4
      for (let y = Math.max(0, -top); y < window && top + y < map; y++)
        for (let x = Math.max(0, -left); x < window && left + x < map; x++) {
          const weight = hann[y] * hann[x]
          const pixel = (top + y) * map + left + x
          weights[pixel] += weight
          for (let c = 0; c < 6; c++)
            sums[c * map * map + pixel] += weight * head[token + (c * window + y) * window + x]
        }
    }
  const planes = Array.from({ length: 6 }, (_, c) => {
    const plane = new Float32Array(map * map)
    for (let pixel = 0; pixel < plane.length; pixel++)
      plane[pixel] = sums[c * map * map + pixel] / weights[pixel]
    return mapReduction === 1 ? plane : upsample(plane, map, size)
  })
  const join = (first: number): Float32Array => {
    const out = new Float32Array(3 * size * size)
    for (let c = 0; c < 3; c++) out.set(planes[first + c], c * size * size)
    return out
  }
  return { gain: join(0), offset: join(3) }
}

/** Bilinear with half-pixel centres and clamped edges, square planes. */
export function upsample(plane: Float32Array, from: number, to: number): Float32Array {
  const out = new Float32Array(to * to)
  const place = Array.from({ length: to }, (_, i) => {
    const at = Math.max(0, ((i + 0.5) * from) / to - 0.5)
    const low = Math.min(from - 1, Math.floor(at))
    return { low, high: Math.min(from - 1, low + 1), mix: at - low }
  })
  place.forEach((row, y) =>
    place.forEach((column, x) => {
      const top =
        plane[row.low * from + column.low] * (1 - column.mix) +
        plane[row.low * from + column.high] * column.mix
      const bottom =
        plane[row.high * from + column.low] * (1 - column.mix) +
        plane[row.high * from + column.high] * column.mix
      out[y * to + x] = top * (1 - row.mix) + bottom * row.mix
    }),
  )
  return out
}

/** x_hat = 2*(y*(1+g) + o) - 1 with y = (P+1)/2. */
export function cleanPicture(paste: Float32Array, { gain, offset }: GainOffset): Float32Array {
  return paste.map((value, i) => (value + 1) * (1 + gain[i]) + 2 * offset[i] - 1)
}

/** Removes what nobody could see, so that untouched pixels stay bit-identical (docs/mini.md, gate). In place. */
export function applyGate(paste: Float32Array, { gain, offset }: GainOffset, size: number): void {
  const area = size * size
  const change = new Float32Array(area)
  for (let pixel = 0; pixel < area; pixel++)
    for (let c = 0; c < 3; c++) {
      const i = c * area + pixel
      change[pixel] = Math.max(change[pixel], Math.abs(((paste[i] + 1) / 2) * gain[i] + offset[i]))
    }
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      let highest = 0
      for (let v = Math.max(0, y - 1); v <= Math.min(size - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(size - 1, x + 1); u++)
          highest = Math.max(highest, change[v * size + u])
      const t = Math.min(1, Math.max(0, (highest - 1.5 / 255) / (2.5 / 255)))
      const gate = t * t * (3 - 2 * t)
      for (let c = 0; c < 3; c++) {
        gain[c * area + y * size + x] *= gate
        offset[c * area + y * size + x] *= gate
      }
    }
}

/** Whole words of any language: a part of a foreign one must not pass for a word that is known. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[-'][\p{L}\p{N}\p{M}]+)*/gu

/** The words that the model sees in a prompt: lower-cased, punctuation dropped. */
export const wordsOf = (prompt: string): string[] => prompt.normalize('NFC').toLowerCase().match(WORD) ?? []

/** Word ids of a prompt; 0 pads, 1 stands for unknown words. */
export function wordIds(prompt: string, words: readonly string[], length: number): Int32Array {
  const ids = new Int32Array(length)
  wordsOf(prompt)
    .slice(0, length)
    .forEach((word, index) => {
      const id = words.indexOf(word)
      ids[index] = id < 0 ? 1 : id
    })
  return ids
}
