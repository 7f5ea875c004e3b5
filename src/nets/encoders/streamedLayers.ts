/**
 * Layers of encoders that are needed once per prompt: while one runs, the next is read, and each leaves the device when it
 * has run.
 */
import type { Backend, Tensor } from '@/backend/types'
import { ParameterSet, type ParameterNames } from '@/nets/parameterSet'
import type { WeightSource } from '@/weights/formats/source'

export interface StreamOptions {
  signal?: AbortSignal | undefined
  onLayer?: ((done: number, total: number) => void) | undefined
}

/** A layer on its way to the device. */
interface Arriving {
  parameters: ParameterSet
  ready: Promise<void>
}

/**
 * Runs layers one after the other.
 * @param layers the parameters of each
 * @param start what the first one gets; it is freed, whatever happens
 * @param run one layer; what it gets is freed after it
 * @returns what the last one gave
 * @throws bad-weights naming the first tensor that is missing or has another shape; AbortError
 */
export async function throughLayers(
  backend: Backend,
  source: WeightSource,
  layers: readonly ParameterNames[],
  start: Tensor,
  run: (index: number, parameters: ParameterSet, x: Tensor) => Promise<Tensor>,
  { signal, onLayer }: StreamOptions,
): Promise<Tensor> {
  const fetch = (index: number): Arriving | null => {
    if (index >= layers.length) return null
    const parameters = new ParameterSet(backend)
    const ready = parameters.load(source, layers[index])
    // Whoever waits for the layer hears of its failure; a layer that is given up has nobody waiting.
    ready.catch(() => undefined)
    return { parameters, ready }
  }
  let x = start
  // One layer ahead, no more: two of the largest T5's are 0.8 GB in 8 bits.
  let current = fetch(0)
  let next: Arriving | null = null
  try {
    for (let i = 0; current !== null; i++) {
      await current.ready
      signal?.throwIfAborted()
      next = fetch(i + 1)
      const y = await run(i, current.parameters, x)
      backend.free(x)
      x = y
      // Memory that the device still uses is not free: the next layer but one comes when this one has run.
      await backend.settle()
      current.parameters.dispose()
      ;[current, next] = [next, null]
      onLayer?.(i + 1, layers.length)
      await backend.breathe()
    }
    signal?.throwIfAborted()
    return x
  } catch (error) {
    backend.free(x)
    throw error
  } finally {
    current?.parameters.dispose()
    next?.parameters.dispose()
  }
}
