/** The blocks' weights: all on the device, or passing through it one block after the other. */
import type { Backend } from '@/backend/types'
import { blockParameters, type FluxDitConfig } from '@/nets/fluxParameters'
import { ParameterSet } from '@/nets/parameterSet'
import type { WeightSource } from '@/weights/source'

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
    config: FluxDitConfig,
    source: WeightSource,
    signal?: AbortSignal,
    onLinear?: (numbers: number) => void,
  ): Promise<void> {
    for (let index = 0; index < config.doubleBlocks + config.singleBlocks; index++) {
      signal?.throwIfAborted()
      const set = new ParameterSet(backend)
      this.blocks.push(set)
      await set.load(source, blockParameters(config, index), onLinear)
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
  private readonly config: FluxDitConfig
  private readonly source: WeightSource
  private running: Reading | null = null
  private ahead: Reading | null = null

  constructor(backend: Backend, config: FluxDitConfig, source: WeightSource) {
    this.backend = backend
    this.config = config
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
    this.ahead = this.read((index + 1) % (this.config.doubleBlocks + this.config.singleBlocks))
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
    const set = new ParameterSet(this.backend)
    const done = set.load(this.source, blockParameters(this.config, index))
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
