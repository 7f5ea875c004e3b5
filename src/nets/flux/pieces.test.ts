/** What the released transformers give a GPU at once: by arithmetic, and on a GPU that is only a clock. */
import { afterEach, describe, expect, it, vi } from 'vitest'

import { cutRows } from '@/backend/cutRows'
import { cutAttention } from '@/backend/kernels/sharedAttention/cut'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import { ROW_MULTIPLE } from '@/backend/webgpu/backend'
import { Pace } from '@/backend/webgpu/pace'
import { macrotask } from '@/base/macrotask'
import { FLUX_DEV } from '@/families/flux/transformer'
import { KLEIN_4B } from '@/families/flux2/transformer'
import { fluxDit } from '@/nets/flux/flux'
import { flux2Dit } from '@/nets/flux/flux2'
import { blockParameters, isJoined, sidesOf, type Network, type Part } from '@/nets/runner/network'
import { takesInt8 } from '@/onnx/layers'

const NETWORKS: [name: string, network: Network][] = [
  ['FLUX.1', fluxDit(FLUX_DEV)],
  ['FLUX.2 [klein]', flux2Dit(KLEIN_4B)],
]

/** Arithmetic of one token in a graph. */
const perToken = ({ linears }: Part): number =>
  Object.values(linears).reduce((sum, [, rows, cols]) => sum + 2 * rows * cols, 0)

const partsOf = (network: Network): Part[] =>
  network.blocks.flatMap((block) => sidesOf(block).flatMap(({ before, after }) => [before, after]))

describe.each(NETWORKS)('%s', (_, network) => {
  it('has no linears that rows cannot cut: 64 of them end in 100 ms on 0.13 TFLOP/s', () => {
    const largest = Math.max(...partsOf(network).map(perToken)) * ROW_MULTIPLE
    expect(largest).toBeGreaterThan(0.008e12)
    expect(largest).toBeLessThan(0.0125e12)
  })

  it('has no attention that queries cannot cut: a tile of 128 over 13,568 keys ends in 100 ms on 0.22 TFLOP/s', () => {
    const tile = 4 * 128 * 13568 * network.heads * network.headDim
    expect(tile).toBeLessThan(0.022e12)
  })

  it('lets every linear of its blocks be multiplied in 8 bits', () => {
    const linears = network.blocks.flatMap((block) => blockParameters(block, network.headDim).linears)
    const taken = linears.filter(([, rows, cols]) => takesInt8(rows, cols, 1))
    expect(taken).toHaveLength(linears.length)
    expect(linears.filter(([, rows, cols]) => takesInt8(rows, cols, 2))).toEqual([])
  })
})

/** A GPU of some speed on a clock of its own: work that was submitted is done in order. */
class Clock {
  now = 0
  busyUntil = 0
  /** Arithmetic since the last fence. */
  private open = 0
  private readonly fences: { at: number; done: () => void }[] = []
  private readonly speed: number

  constructor(speed: number) {
    this.speed = speed
  }

  submit(flops: number): void {
    this.open += flops
    this.busyUntil = Math.max(this.now, this.busyUntil) + (1000 * flops) / this.speed
  }

  /** Since the last fence, milliseconds. */
  get span(): number {
    return (1000 * this.open) / this.speed
  }

  readonly queue = {
    onSubmittedWorkDone: (): Promise<undefined> => {
      this.open = 0
      const at = Math.max(this.now, this.busyUntil)
      return new Promise((resolve) => this.fences.push({ at, done: () => resolve(undefined) }))
    },
  }

  /** Goes on to the next fence. */
  next(): void {
    const fence = this.fences.shift()
    if (!fence) return
    this.now = Math.max(this.now, fence.at)
    fence.done()
  }
}

afterEach(() => vi.restoreAllMocks())

/** Announces one evaluation as the webgpu backend does. */
async function evaluate(network: Network, tokens: number, pace: Pace, submit: (flops: number) => void) {
  const piece = async (flops: number): Promise<void> => {
    await pace.admit(flops)
    submit(flops)
  }
  const run = async (part: Part, rows: number): Promise<void> => {
    const each = perToken(part)
    for (const { length } of cutRows(rows, pace.runFlops / each, ROW_MULTIPLE)) await piece(length * each)
  }
  const { heads, headDim } = network
  const keys = [{ source: 0, start: 0, length: tokens }]
  const queries = [{ start: 0, length: tokens, keys, outStart: 0 }]
  const attention = { batch: 1, heads, headDim, queries } as unknown as SharedAttentionArgs
  for (const block of network.blocks) {
    const sides = isJoined(block) ? [block.image] : [block.image, block.text]
    const rows = isJoined(block) ? [tokens] : [tokens - 512, 512]
    for (const [at, { before }] of sides.entries()) await run(before, rows[at])
    for (const { flops } of cutAttention(attention, pace.runFlops)) await piece(flops)
    for (const [at, { after }] of sides.entries()) await run(after, rows[at])
    await pace.breathe()
  }
}

describe.each([0.5e12, 2e12, 20e12])('on a GPU of %d FLOP/s', (speed) => {
  it('no submission of FLUX at 1024² with references takes 100 ms, and Stop waits for 300 at most', async () => {
    const clock = new Clock(speed)
    vi.spyOn(performance, 'now').mockImplementation(() => clock.now)
    const pace = new Pace(clock.queue, false)
    let [span, waiting, submissions] = [0, 0, 0]
    const network = fluxDit({ ...FLUX_DEV, doubleBlocks: 2, singleBlocks: 2 })
    let ended = false
    const work = evaluate(network, 12544, pace, (flops) => {
      clock.submit(flops)
      submissions++
      span = Math.max(span, clock.span)
      waiting = Math.max(waiting, clock.busyUntil - clock.now)
    }).then(() => (ended = true))
    while (!ended) {
      await macrotask()
      clock.next()
    }
    await work
    expect(submissions).toBeGreaterThan(100)
    // From the first measurements on, which begin far below it.
    expect(span).toBeGreaterThan(50)
    expect(span).toBeLessThan(100)
    // What is on its way when a signal fires; nothing more is submitted then.
    expect(waiting).toBeLessThan(300)
  })
})
