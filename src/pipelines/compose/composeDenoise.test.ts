import { describe, expect, it } from 'vitest'

import type { Tensor } from '@/backend/types'
import { InlayError, problemOf } from '@/base/errors'
import type { Conditioning } from '@/nets/runner/network'
import type { Transformer } from '@/nets/runner/transformer'
import {
  composeDenoise,
  composeSegments,
  composeTag,
  watchedBlocks,
  type ComposeSampling,
  type ComposeScene,
} from '@/pipelines/compose/composeDenoise'
import { devSigmas } from '@/samplers/flowMatch'

const HIDDEN = 2
const EMBEDDINGS = {
  task: Float32Array.of(1, 2, 10, 20),
  index: Float32Array.from({ length: 10 * HIDDEN }, (_, i) => 100 * i),
}

const scene = (references: [rows: number, columns: number][]): ComposeScene => ({
  rows: 3,
  columns: 2,
  text: { context: new Float32Array(8), pooled: Float32Array.of(1) },
  references: references.map(([rows, columns], i) => ({
    tokens: new Float32Array(rows * columns),
    rows,
    columns,
    slot: i + 1,
  })),
  embeddings: EMBEDDINGS,
})

describe("DreamO's sequence", () => {
  it('lays references along the diagonal, text first', () => {
    const grids: [number, number][] = [
      [1, 3],
      [2, 1],
    ]
    const segments = composeSegments({ ...scene(grids), textTokens: 2 })
    expect(segments.map(({ name, tokens }) => [name, tokens])).toEqual([
      ['text', 2],
      ['target', 6],
      ['reference0', 3],
      ['reference1', 2],
    ])
    expect([...segments[0].ids]).toEqual([0, 0, 0, 0, 0, 0])
    expect([...segments[2].ids]).toEqual([0, 3, 2, 0, 3, 3, 0, 3, 4])
    expect([...segments[3].ids]).toEqual([0, 4, 5, 0, 5, 5])
    for (const { modulation, sees } of segments) {
      expect(modulation).toBe('step')
      expect(sees).toHaveLength(4)
    }
  })

  it("adds the target's row, or the references' and their slot's", () => {
    expect([...composeTag(EMBEDDINGS, 0)]).toEqual([10, 20])
    expect([...composeTag(EMBEDDINGS, 9)]).toEqual([1801, 1902])
    for (const slot of [10, -1, 1.5, NaN]) expect(() => composeTag(EMBEDDINGS, slot)).toThrow(InlayError)
    const hints = [10, 4].map((rows) => {
      try {
        composeTag({ ...EMBEDDINGS, index: EMBEDDINGS.index.slice(0, rows * HIDDEN) }, rows)
      } catch (error) {
        return problemOf(error).hint
      }
    })
    expect(hints).toEqual(['Use at most 9 references.', 'Use at most 3 references.'])
  })
})

/** A net whose velocity is its guidance everywhere; knows what lives on its device. */
function fakeNet() {
  const live = new Set<object>()
  const keep = <T extends object>(thing: T): T => {
    live.add(thing)
    return thing
  }
  const tensor = (dims: readonly number[]) => keep({ dims }) as unknown as Tensor
  const conditionings: Conditioning[] = []
  const layouts: number[] = []
  const tags: boolean[] = []
  const dit = {
    network: { contextDim: 4, inChannels: 1, hidden: HIDDEN },
    backend: {
      upload: (_: Float32Array, dims: number[]) => tensor(dims),
      free: (...tensors: object[]) => {
        for (const one of tensors) live.delete(one)
      },
      read: (y: { guidance: number }) => Promise.resolve(new Float32Array(6).fill(y.guidance)),
    },
    embedText: () => Promise.resolve(tensor([1, 2, HIDDEN])),
    embedImage: (_: Tensor, tag: Tensor | null) => {
      tags.push(tag !== null)
      return Promise.resolve(tensor([1, 6, HIDDEN]))
    },
    modulations: (list: Conditioning[]) => {
      conditionings.push(...list)
      return Promise.resolve(
        list.map(({ guidance }) => {
          const modulation = { guidance: guidance?.[0], dispose: () => live.delete(modulation) }
          return keep(modulation)
        }),
      )
    },
    layout: (segments: unknown[]) => {
      layouts.push(segments.length)
      const run = {
        begin: () => Promise.resolve(),
        refreshEvery: () => undefined,
        step: (_: unknown, { guidance }: { guidance: number }) => Promise.resolve(keep({ guidance })),
        dispose: () => live.delete(run),
      }
      return keep(run)
    },
  }
  return { dit: dit as unknown as Transformer, live, conditionings, layouts, tags }
}

const sampling = (over: Partial<ComposeSampling> = {}): ComposeSampling => ({
  sigmas: [1, 0.75, 0.5, 0],
  guidance: 3,
  firstStepGuidance: 0,
  negative: null,
  ...over,
})

describe("DreamO's loop", () => {
  const negative = {
    text: { context: new Float32Array(4), pooled: Float32Array.of(-1) },
    guidance: 2,
    scale: 5,
    start: 1,
    end: 2,
  }

  it('guides the first step on its own and the window truly, the negative pass bare', async () => {
    const net = fakeNet()
    const velocities: number[] = []
    const x = await composeDenoise(
      net.dit,
      scene([[1, 1]]),
      new Float32Array(6),
      sampling({ firstStepGuidance: 7, negative }),
      { onStep: ({ velocity }) => void velocities.push(velocity[0]) },
    )
    expect(
      net.conditionings.map(({ sigma, guidance, pooled }) => [sigma[0], guidance?.[0], pooled?.[0]]),
    ).toEqual([
      [1, 7, 1],
      [0.75, 3, 1],
      [0.75, 2, -1],
      [0.5, 3, 1],
    ])
    expect(velocities).toEqual([7, 2 + 5 * (3 - 2), 3])
    expect(x[0]).toBeCloseTo(-0.25 * 7 - 0.25 * 7 - 0.5 * 3)
    expect(net.layouts).toEqual([3, 2])
    // The reference and three targets carry a row, the negative pass's target none.
    expect(net.tags).toEqual([true, true, true, false, true])
    expect(net.live.size).toBe(0)
  })

  it.each([
    ['a scale of 1', { ...negative, scale: 1 }],
    ['an empty window', { ...negative, start: 2, end: 2 }],
  ])('has no negative pass with %s', async (_, off) => {
    const net = fakeNet()
    await composeDenoise(net.dit, scene([]), new Float32Array(6), sampling({ negative: off }))
    expect(net.layouts).toEqual([2])
    expect(net.conditionings.map(({ guidance }) => guidance?.[0])).toEqual([3, 3, 3])
  })

  it('stops between steps and leaves nothing on the device', async () => {
    const net = fakeNet()
    const stop = new AbortController()
    let steps = 0
    const run = composeDenoise(net.dit, scene([[1, 1]]), new Float32Array(6), sampling({ negative }), {
      signal: stop.signal,
      onStep: () => {
        steps++
        stop.abort()
      },
    })
    await expect(run).rejects.toThrow(/abort/i)
    expect(steps).toBe(1)
    expect(net.live.size).toBe(0)
  })

  it('leaves nothing behind when a reference has no place', async () => {
    const net = fakeNet()
    const crowded = scene([[1, 1]])
    const references = [{ ...crowded.references[0], slot: 11 }]
    await expect(
      composeDenoise(net.dit, { ...crowded, references }, new Float32Array(6), sampling()),
    ).rejects.toThrow(InlayError)
    expect(net.live.size).toBe(0)
  })

  it("counts the target's tokens alone for the shift", () => {
    // Published values: 28 steps, 4096 tokens.
    expect(devSigmas(28, 4096)[1]).toBeCloseTo(0.98841, 5)
  })
})

it("watches the paper's blocks of FLUX, and blocks that exist of smaller models", () => {
  expect([...watchedBlocks(19)]).toEqual([2, 8, 14])
  expect([...watchedBlocks(3)]).toEqual([0, 1, 2])
  expect([...watchedBlocks(1)]).toEqual([0])
})
