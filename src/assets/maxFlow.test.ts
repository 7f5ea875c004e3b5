import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { DIRECTIONS, makeGrid, minCut, type GridGraph } from '@/assets/maxFlow'
import { noise } from '@/assets/testImages'

/** Capacity of the cut that a labelling makes; the definition. */
function cutCost(graph: GridGraph, side: (i: number) => number): number {
  const n = graph.width * graph.height
  let cost = 0
  for (let i = 0; i < n; i++) {
    if (graph.terminal[i] > 0 && !side(i)) cost += graph.terminal[i]
    if (graph.terminal[i] < 0 && side(i)) cost -= graph.terminal[i]
    if (!side(i)) continue
    DIRECTIONS.forEach(([dx, dy], d) => {
      const capacity = graph.capacity[d * n + i]
      if (capacity > 0 && !side(i + dy * graph.width + dx)) cost += capacity
    })
  }
  return cost
}

function randomGraph(width: number, height: number, seed: number): GridGraph {
  const next = noise(seed)
  const graph = makeGrid(width, height)
  const n = graph.width * graph.height
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y + 1) * graph.width + x + 1
      graph.terminal[i] = Math.round(next() * 20 - 10)
      DIRECTIONS.forEach(([dx, dy], d) => {
        const inside = x + dx >= 0 && y + dy >= 0 && x + dx < width && y + dy < height
        if (inside && next() > 0.2) graph.capacity[d * n + i] = Math.round(next() * 6)
      })
    }
  return graph
}

const copy = (graph: GridGraph): GridGraph => ({
  ...graph,
  capacity: graph.capacity.slice(),
  terminal: graph.terminal.slice(),
})

function solve(graph: GridGraph): Uint8Array {
  const run = minCut(copy(graph))
  for (;;) {
    const { done, value } = run.next()
    if (done) return value as Uint8Array
  }
}

describe('minCut', () => {
  it('finds the cheapest of all labellings of small grids', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (width, height, seed) => {
          const graph = randomGraph(width, height, seed)
          const side = solve(graph)
          let best = Infinity
          for (let bits = 0; bits < 1 << (width * height); bits++) {
            const label = (i: number): number => {
              const [x, y] = [(i % graph.width) - 1, Math.floor(i / graph.width) - 1]
              const inside = x >= 0 && y >= 0 && x < width && y < height
              return inside ? (bits >> (y * width + x)) & 1 : 0
            }
            best = Math.min(best, cutCost(graph, label))
          }
          expect(cutCost(graph, (i) => side[i])).toBe(best)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('cannot be improved by any single flip on larger grids', () => {
    for (const seed of [1, 2, 3]) {
      const graph = randomGraph(40, 30, seed)
      const side = solve(graph)
      const best = cutCost(graph, (i) => side[i])
      for (let k = 0; k < 60; k++) {
        const flipped = (1 + ((k * 7) % 30)) * graph.width + 1 + ((k * 11) % 40)
        expect(cutCost(graph, (i) => (i === flipped ? 1 - side[i] : side[i]))).toBeGreaterThanOrEqual(best)
      }
    }
  })
})
