/** What of the reference's self-attention waits for the target: one step's, on the device. */
import { elements } from '@/backend/tensor'
import type { Backend, Tensor } from '@/backend/types'
import type { AttentionSite } from '@/nets/unet/unetHooks'

export type KeptFormat = 'f32' | 'f16'

/** Copies of tensors by attention; the net goes on using its own. */
export class KeptLayers {
  private readonly backend: Backend
  private readonly format: KeptFormat
  private readonly sites = new Map<string, Tensor[]>()
  bytes = 0

  constructor(backend: Backend, format: KeptFormat) {
    this.backend = backend
    this.format = format
  }

  /** Keeps keys and values, or outputs; all f32 [batch, tokens, …]. */
  keep(site: AttentionSite, ...tensors: Tensor[]): void {
    this.sites.set(
      site.name,
      tensors.map((tensor) => this.copy(tensor)),
    )
  }

  of(site: AttentionSite): readonly Tensor[] | undefined {
    return this.sites.get(site.name)
  }

  clear(): void {
    for (const tensors of this.sites.values()) this.backend.free(...tensors)
    this.sites.clear()
    this.bytes = 0
  }

  private copy(source: Tensor): Tensor {
    const { backend } = this
    const half = this.format === 'f16'
    const target = backend.allocate(half ? 'float16' : 'float32', source.dims, 'kept for the target')
    const values = elements(source.dims)
    if (half) backend.packF16(source, target)
    else backend.copyRows(source, 0, target, 0, values / source.dims[source.dims.length - 1])
    this.bytes += (half ? 2 : 4) * values
    return target
  }
}
