/** What a run of the U-Net takes and shows beside its sample: the prompt's keys and values, and hooks at its attentions. */
import type { Backend, Tensor } from '@/backend/types'
import type { TransformerStep } from '@/nets/unet/unet'

/** Where an attention stands. */
export interface AttentionSite {
  /** Name of the transformer, e.g. `up_blocks.1.attentions.0`. */
  name: string
  /** D-Fusion's number of the block: levels with attention on the way down, the middle, the way up. */
  layer: number
  rows: number
  columns: number
  heads: number
  headDim: number
}

/** A cross-attention as a hook sees it. Tensors belong to the net. */
export interface CrossAttention {
  q: Tensor // [batch, rows*columns, heads, headDim]
  k: Tensor // [batch, contextTokens, heads, headDim]
  /** [batch, heads, rows*columns] */
  lse: Tensor
}

export interface UnetHooks {
  /** Sees a self-attention's keys and values, [batch, rows*columns, heads, headDim] each, and may overwrite them. */
  self?(site: AttentionSite, k: Tensor, v: Tensor): Promise<void>
  /**
   * Sees what a self-attention gives, [batch, rows*columns, channels], and may overwrite it; `spare` has the same size
   * and is not needed any more.
   */
  attended?(site: AttentionSite, out: Tensor, spare: Tensor): Promise<void>
  /** Sees a cross-attention where `wantsCross` says so. */
  cross?(site: AttentionSite, attention: CrossAttention): Promise<void>
  wantsCross?(site: AttentionSite): boolean
  /** Sees intermediate tensors, named as in the golden cases. */
  tap?(point: string, tensor: Tensor): Promise<void>
}

/** A prompt's keys and values for every cross-attention; the owner disposes of it. */
export class UnetContext {
  readonly tokens: number
  private readonly backend: Backend
  private readonly layers: ReadonlyMap<string, { k: Tensor; v: Tensor }>

  constructor(backend: Backend, tokens: number, layers: ReadonlyMap<string, { k: Tensor; v: Tensor }>) {
    this.backend = backend
    this.tokens = tokens
    this.layers = layers
  }

  layer(name: string): { k: Tensor; v: Tensor } {
    const layer = this.layers.get(name)
    if (!layer) throw new Error(`no context for ${name}`)
    return layer
  }

  dispose(): void {
    for (const { k, v } of this.layers.values()) this.backend.free(k, v)
  }
}

/** Where a transformer's attentions stand in a picture of this size at their level. */
export const siteOf = (
  { name, layer, heads, channels }: TransformerStep,
  { rows, columns }: { rows: number; columns: number },
): AttentionSite => ({ name, layer, rows, columns, heads, headDim: channels / heads })
