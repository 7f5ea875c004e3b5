/** Cross-attention to the words of a prompt, averaged over heads and layers on the device (specs: D-Fusion §4). */
import type { Tensor } from '@/backend/types'
import type { UnetHooks } from '@/nets/unet/unetHooks'
import type { Unet } from '@/nets/unet/unetRunner'
import type { LatentShape } from '@/pipelines/align/guidedRun'

/** Which cross-attentions make the maps: all of the grid's size, or those on the way up alone. */
export type MapChoice = 'code' | 'paper'

export interface Grid {
  rows: number
  columns: number
}

export interface WatchedWords {
  /** Per word its columns among the prompt's tokens (begin-of-text is column 0); a word without any gets zeros. */
  columns: readonly (readonly number[])[]
  maps: MapChoice
  /** The grid of the attention maps; 16 x 16 for 512 x 512 pixels. */
  grid: Grid
}

export class MapWatcher {
  readonly cells: number
  private readonly net: Unet
  private readonly sites: ReadonlySet<string>
  /** Words that have columns. */
  private readonly seeable: readonly number[]
  private readonly words: WatchedWords
  private readonly images: number
  private readonly branches: number
  private readonly out: Tensor | null
  private seen = 0

  constructor(net: Unet, shape: LatentShape, branches: number, words: WatchedWords) {
    this.net = net
    this.words = words
    this.images = shape.images
    this.branches = branches
    const { grid, maps, columns } = words
    this.cells = grid.rows * grid.columns
    const all = net.sites(shape.rows, shape.columns)
    const middle = all.find(({ name }) => name.startsWith('mid_block'))?.layer ?? 0
    const chosen = all.filter(
      (site) =>
        site.rows === grid.rows && site.columns === grid.columns && (maps === 'code' || site.layer > middle),
    )
    this.sites = new Set(chosen.map(({ name }) => name))
    this.seeable = [...columns.keys()].filter((word) => columns[word].length > 0)
    const dims = [branches * shape.images, this.seeable.length, this.cells]
    this.out = this.seeable.length > 0 ? net.backend.allocate('float32', dims, 'word maps') : null
  }

  /** For one pass of the net. */
  hooks(): UnetHooks {
    this.seen = 0
    const { out } = this
    if (!out) return {}
    return {
      wantsCross: (site) => this.sites.has(site.name),
      cross: (site, { q, k, lse }) =>
        this.net.backend.responseMap({
          batch: this.branches * this.images,
          heads: site.heads,
          headDim: site.headDim,
          scale: 1 / Math.sqrt(site.headDim),
          q,
          sources: [{ k }],
          queries: [{ start: 0, length: this.cells, lse, lseStart: 0, outStart: 0 }],
          groups: this.seeable.map((word) =>
            this.words.columns[word].map((start) => ({ source: 0, start, length: 1 })),
          ),
          out,
          weight: 1 / this.sites.size,
          accumulate: this.seen++ > 0,
        }),
    }
  }

  /** The conditional branch of what was seen: [images, cells, words]. */
  async take(): Promise<Float32Array> {
    const words = this.words.columns.length
    const maps = new Float32Array(this.images * this.cells * words)
    if (this.seen === 0 || !this.out) return maps
    const values = await this.net.backend.read(this.out) // [branches*images, seeable, cells]
    const first = (this.branches - 1) * this.images
    for (let image = 0; image < this.images; image++)
      for (const [row, word] of this.seeable.entries())
        for (let cell = 0; cell < this.cells; cell++)
          maps[(image * this.cells + cell) * words + word] =
            values[((first + image) * this.seeable.length + row) * this.cells + cell]
    return maps
  }

  dispose(): void {
    if (this.out) this.net.backend.free(this.out)
  }
}
