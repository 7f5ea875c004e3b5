/**
 * Shifts, scales and gates of all steps, computed before the first one. They depend on the conditioning vector alone,
 * so the linears that make them (27 % of FLUX) pass through the device once per run (specs: FLUX §4, §5, §10).
 */
import type { Backend, Tensor } from '@/backend/types'
import { conditioningGraph, modulationGraph } from '@/nets/fluxGraphs'
import {
  conditioningLinears,
  modulationLinears,
  type FluxDitConfig,
  type LinearShape,
} from '@/nets/fluxParameters'
import { ParameterSet } from '@/nets/parameterSet'
import { timeEmbedding } from '@/nets/timeEmbedding'
import type { Tap } from '@/nets/fluxRun'
import type { WeightSource } from '@/weights/source'

/** What a conditioning vector is made of; one entry per batch item. */
export interface Conditioning {
  /** Flow time in [0,1]; 1 is noise. */
  sigma: readonly number[]
  guidance?: readonly number[]
  /** [batch, vectorDim] */
  pooled?: Float32Array
}

/** What one conditioning makes of every modulation linear; the owner disposes of it. */
export class Modulation {
  private readonly backend: Backend
  private readonly layers = new Map<string, Tensor>()

  constructor(backend: Backend) {
    this.backend = backend
  }

  /** [batch, 1, parts*hidden] by the linear's canonical name. */
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
  config: FluxDitConfig,
  source: WeightSource,
  conditionings: readonly Conditioning[],
  { signal, onProgress, tap }: ModulationOptions = {},
): Promise<Modulation[]> {
  if (conditionings.length === 0) return []
  const batch = conditionings[0].sigma.length
  const found = conditionings.map(() => new Modulation(backend))
  const vec = await conditioningVectors(backend, config, source, conditionings)
  const part = (all: Tensor, index: number, label: string): Tensor => {
    const width = all.dims[2]
    const one = backend.allocate('float32', [batch, 1, width], label)
    for (let item = 0; item < batch; item++)
      backend.copyRows(all, item * conditionings.length + index, one, item, 1)
    return one // [batch, 1, width]
  }
  try {
    if (tap)
      for (const index of conditionings.keys()) {
        const one = part(vec, index, 'vec')
        await tap(`vec${index}`, [], one)
        backend.free(one)
      }
    const shapes = modulationLinears(config)
    for (const [done, shape] of shapes.entries()) {
      signal?.throwIfAborted()
      const [name, rows] = shape
      const all = await withLinears(backend, source, [shape], async (set) => {
        const graph = modulationGraph(set.spec(name), batch)
        const { y } = await set.run(
          graph,
          { proj: name },
          { vec },
          { y: [batch, conditionings.length, rows] },
        )
        return y // [batch, conditionings, parts*hidden]
      })
      found.forEach((modulation, index) => modulation.set(name, part(all, index, name)))
      backend.free(all)
      onProgress?.(done + 1, shapes.length)
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

/** vec = MLP_time(E(1000 sigma)) + MLP_guidance(E(1000 g)) + MLP_vector(pooled): [batch, conditionings, hidden]. */
async function conditioningVectors(
  backend: Backend,
  config: FluxDitConfig,
  source: WeightSource,
  conditionings: readonly Conditioning[],
): Promise<Tensor> {
  const layers = conditioningLinears(config)
  const batch = conditionings[0].sigma.length
  const items = Array.from({ length: batch }, (_, item) => item)
  /** Rows of all conditionings, item by item. */
  const values = (part: 'time' | 'guidance' | 'vector', width: number): Float32Array => {
    switch (part) {
      case 'time':
        return timeEmbedding(items.flatMap((item) => conditionings.map(({ sigma }) => sigma[item])))
      case 'guidance':
        return timeEmbedding(
          items.flatMap((item) => conditionings.map(({ guidance }) => guidance?.[item] ?? 1)),
        )
      case 'vector': {
        const rows = new Float32Array(batch * conditionings.length * width)
        for (const item of items)
          conditionings.forEach(({ pooled }, index) => {
            const row = pooled?.subarray(item * width, (item + 1) * width)
            if (row) rows.set(row, (item * conditionings.length + index) * width)
          })
        return rows
      }
    }
  }
  const linears = layers.flatMap(({ first, second }) => [first, second])
  return withLinears(backend, source, linears, async (set) => {
    const feeds: Record<string, Tensor> = {}
    const names: Record<string, string> = {}
    const specs = layers.map(({ part, first, second }) => {
      const width = first[2]
      feeds[part] = backend.upload(values(part, width), [batch, conditionings.length, width], part)
      names[`${part}.in_layer`] = first[0]
      names[`${part}.out_layer`] = second[0]
      return { part, first: set.spec(first[0]), second: set.spec(second[0]) }
    })
    try {
      const outputs = { vec: [batch, conditionings.length, config.hidden] }
      const { vec } = await set.run(conditioningGraph(specs, batch), names, feeds, outputs)
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
