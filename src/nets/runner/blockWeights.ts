/** The blocks' weights: all on the device, or passing through it one block after the other. */
import type { Backend } from '@/backend/types'
import { ParameterSet, type ParameterNames } from '@/nets/parameterSet'
import type { WeightSource } from '@/weights/formats/source'

/** `resident` keeps all blocks on the device, `stream` the running block and the next. */
export type Residency = 'resident' | 'stream'

/** One user at a time: a block is acquired, run and released before the next. */
export interface BlockWeights {
  /** @throws bad-weights, out-of-memory; AbortError after `dispose`. */
  acquire(index: number): Promise<ParameterSet>
  release(index: number): void
  /** Between runs: lets go of what was read ahead. */
  rest(): void
  dispose(): void
}

export class ResidentBlocks implements BlockWeights {
  private readonly blocks: ParameterSet[] = []

  /** @param onLinear hears of every linear's numbers. */
  async load(
    backend: Backend,
    blocks: readonly ParameterNames[],
    source: WeightSource,
    signal?: AbortSignal,
    onLinear?: (numbers: number) => void,
  ): Promise<void> {
    for (const names of blocks) {
      signal?.throwIfAborted()
      const set = new ParameterSet(backend, backend.arithmetic)
      this.blocks.push(set)
      await set.load(source, names, onLinear)
      await backend.breathe()
    }
  }

  acquire(index: number): Promise<ParameterSet> {
    return Promise.resolve(this.blocks[index])
  }

  release(): void {
    // They stay.
  }

  rest(): void {
    // Nothing is read ahead.
  }

  dispose(): void {
    for (const set of this.blocks.splice(0)) set.dispose()
  }
}

interface Reading {
  index: number
  set: ParameterSet
  done: Promise<void>
}

/** Reads block i+1 while block i runs; after the last comes the first, for the next step. */
export class StreamedBlocks implements BlockWeights {
  private readonly backend: Backend
  private readonly blocks: readonly ParameterNames[]
  private readonly source: WeightSource
  private running: Reading | null = null
  private ahead: Reading | null = null

  constructor(backend: Backend, blocks: readonly ParameterNames[], source: WeightSource) {
    this.backend = backend
    this.blocks = blocks
    this.source = source
  }

  async acquire(index: number): Promise<ParameterSet> {
    this.drop(this.running)
    if (this.ahead?.index !== index) this.rest()
    const reading = (this.running = this.ahead ?? this.read(index))
    this.ahead = null
    try {
      await reading.done
    } catch (error) {
      this.drop(reading)
      throw error
    }
    // `done` may have been settled before the set was dropped.
    if (this.running !== reading) throw new DOMException('The weights are not wanted any more.', 'AbortError')
    this.ahead = this.read((index + 1) % this.blocks.length)
    return reading.set
  }

  release(index: number): void {
    if (this.running?.index === index) this.drop(this.running)
  }

  rest(): void {
    this.drop(this.ahead)
  }

  dispose(): void {
    this.drop(this.running)
    this.rest()
  }

  private read(index: number): Reading {
    const set = new ParameterSet(this.backend, this.backend.arithmetic)
    const done = set.load(this.source, this.blocks[index])
    // Whoever acquires the block hears of a failure.
    done.catch(() => undefined)
    return { index, set, done }
  }

  private drop(reading: Reading | null): void {
    reading?.set.dispose()
    if (this.running === reading) this.running = null
    if (this.ahead === reading) this.ahead = null
  }
}
