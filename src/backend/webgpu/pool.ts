/** GPU buffers by size class, with accounting. */
import { fail } from '@/base/errors'

const USAGE = 0x80 | 0x4 | 0x8 // STORAGE | COPY_SRC | COPY_DST
/** Free buffers kept for reuse; beyond it they are destroyed. */
const MAX_FREE_BYTES = 256 * 2 ** 20

/** Rounds up to one of eight sizes per power of two, so that near sizes share buffers; bytes. */
export function sizeClass(bytes: number): number {
  const size = Math.max(256, bytes)
  const step = 2 ** Math.max(4, Math.floor(Math.log2(size)) - 3)
  return Math.ceil(size / step) * step
}

export class BufferPool {
  private readonly device: GPUDevice
  private readonly unused = new Map<number, GPUBuffer[]>()
  /** Buffers that are destroyed as soon as they are given back. */
  private readonly passing = new WeakSet<GPUBuffer>()
  private unusedBytes = 0
  private allocated = 0
  private highest = 0

  constructor(device: GPUDevice) {
    this.device = device
  }

  take(bytes: number, label: string): GPUBuffer {
    const size = sizeClass(bytes)
    const reused = this.unused.get(size)?.pop()
    if (reused) {
      this.unusedBytes -= size
      return reused
    }
    return this.create(size, label)
  }

  /** A buffer of no more than its size that does not outlive `give`: for weights, which are large and come once. */
  takePassing(bytes: number, label: string): GPUBuffer {
    const buffer = this.create(Math.max(16, Math.ceil(bytes / 16) * 16), label)
    this.passing.add(buffer)
    return buffer
  }

  give(...buffers: GPUBuffer[]): void {
    let destroyed = false
    for (const buffer of buffers) {
      if (this.passing.has(buffer) || this.unusedBytes + buffer.size > MAX_FREE_BYTES) {
        this.destroy(buffer)
        destroyed = true
        continue
      }
      const list = this.unused.get(buffer.size) ?? []
      list.push(buffer)
      this.unused.set(buffer.size, list)
      this.unusedBytes += buffer.size
    }
    if (destroyed) this.flush()
  }

  /** The largest buffer that a kernel can bind. */
  get maxBytes(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits
    return Math.min(maxBufferSize, maxStorageBufferBindingSize)
  }

  /** Bytes of all buffers that exist, in use or kept for reuse. */
  get residentBytes(): number {
    return this.allocated
  }

  get peakBytes(): number {
    return this.highest
  }

  /** Destroys what is not in use. */
  trim(): void {
    for (const list of this.unused.values()) for (const buffer of list) this.destroy(buffer)
    this.unused.clear()
    this.unusedBytes = 0
    this.flush()
  }

  private create(size: number, label: string): GPUBuffer {
    if (size > this.maxBytes)
      fail(
        'out-of-memory',
        `A tensor of ${(size / 2 ** 20).toFixed(0)} MiB is larger than this GPU can bind.`,
        'Choose the CPU backend in the settings.',
        label,
      )
    const buffer = this.device.createBuffer({ size, usage: USAGE, label })
    this.allocated += size
    this.highest = Math.max(this.highest, this.allocated)
    return buffer
  }

  /** Pending writeBuffer data keeps destroyed buffers alive until the next submit (runtime notes). */
  private flush(): void {
    this.device.queue.submit([])
  }

  private destroy(buffer: GPUBuffer): void {
    this.allocated -= buffer.size
    buffer.destroy()
  }
}
