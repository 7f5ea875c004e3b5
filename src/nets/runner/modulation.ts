/**
 * Shifts, scales and gates of all steps, computed before the first one. They depend on the conditioning vector alone,
 * so the linears that make them (27 % of FLUX) pass through the device once per run (specs: FLUX §4, §5, §10).
 */
import type { Backend, Tensor } from '@/backend/types'
import { ParameterSet, type LinearShape } from '@/nets/parameterSet'
import { conditioningLinears, runPart, type Conditioning, type Network } from '@/nets/runner/network'
import type { Tap } from '@/nets/runner/tokens'
import type { WeightSource } from '@/weights/formats/source'

/** What one conditioning makes of all the network's modulations; the owner disposes of it. */
export class Modulation {
  private readonly backend: Backend
  private readonly layers = new Map<string, Tensor>()

  constructor(backend: Backend) {
    this.backend = backend
  }

  /** [batch, 1, parts*hidden] by its name in the network. */
  layer(name: string): Tensor {
    const tensor = this.layers.get(name)
    if (!tensor) throw new Error(`no modulation ${name}`)
    return tensor
  }

  set(name: string, tensor: Tensor): void {
    this.layers.set(name, tensor)
  }

  dispose(): void {
    this.backend.free(...this.layers.values())
    this.layers.clear()
  }
}

export interface ModulationOptions {
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
  /** Sees the conditioning vectors as `vec0`, `vec1`, … */
  tap?: Tap
}

/**
 * The modulations of several conditionings of one batch size, each linear loaded, used for all of them, and freed.
 * Bits may depend on how many are computed together.
 * @throws bad-weights, out-of-memory; AbortError when `signal` fires.
 */
export async function computeModulations(
  backend: Backend,
  network: Network,
  source: WeightSource,
  conditionings: readonly Conditioning[],
  { signal, onProgress, tap }: ModulationOptions = {},
): Promise<Modulation[]> {
  if (conditionings.length === 0) return []
  const batch = conditionings[0].sigma.length
  const found = conditionings.map(() => new Modulation(backend))
  const vec = await conditioningVectors(backend, network, source, conditionings)
  const rowOf = (all: Tensor, index: number, label: string): Tensor => {
    const width = all.dims[2]
    const one = backend.allocate('float32', [batch, 1, width], label)
    for (let item = 0; item < batch; item++)
      backend.copyRows(all, item * conditionings.length + index, one, item, 1)
    return one // [batch, 1, width]
  }
  try {
    if (tap)
      for (const index of conditionings.keys()) {
        const one = rowOf(vec, index, 'vec')
        await tap(`vec${index}`, [], one)
        backend.free(one)
      }
    const parts = Object.entries(network.modulations)
    for (const [done, [name, part]] of parts.entries()) {
      signal?.throwIfAborted()
      const all = await withLinears(backend, source, Object.values(part.linears), async (set) => {
        const { y } = await runPart(set, part, vec.dims, { vec })
        return y // [batch, conditionings, parts*hidden]
      })
      found.forEach((modulation, index) => modulation.set(name, rowOf(all, index, name)))
      backend.free(all)
      onProgress?.(done + 1, parts.length)
      await backend.breathe()
    }
    return found
  } catch (error) {
    for (const modulation of found) modulation.dispose()
    throw error
  } finally {
    backend.free(vec)
  }
}

/** The conditioning vectors, item by item: [batch, conditionings, hidden]. */
async function conditioningVectors(
  backend: Backend,
  network: Network,
  source: WeightSource,
  conditionings: readonly Conditioning[],
): Promise<Tensor> {
  const { part, inputs } = network.conditioning
  const shape = [conditionings[0].sigma.length, conditionings.length]
  const rows = Array.from({ length: shape[0] }, (_, item) => conditionings.map((one) => inputs(one, item)))
  return withLinears(backend, source, conditioningLinears(network), async (set) => {
    const feeds: Record<string, Tensor> = {}
    for (const name of Object.keys(rows[0][0])) {
      const values = rows.flat().map((row) => row[name])
      const width = values[0].length
      const all = new Float32Array(values.length * width)
      values.forEach((row, index) => all.set(row, index * width))
      feeds[name] = backend.upload(all, [...shape, width], name)
    }
    try {
      const { vec } = await runPart(set, part, shape, feeds)
      return vec
    } finally {
      backend.free(...Object.values(feeds))
    }
  })
}

/** Has some linears on the device while `use` runs. */
async function withLinears<T>(
  backend: Backend,
  source: WeightSource,
  linears: readonly LinearShape[],
  use: (set: ParameterSet) => Promise<T>,
): Promise<T> {
  const set = new ParameterSet(backend)
  try {
    await set.load(source, { linears, tensors: [] })
    return await use(set)
  } finally {
    set.dispose()
  }
}
