/**
 * Minimum cut on a grid with eight neighbours per pixel, by the two-tree algorithm of Boykov and Kolmogorov
 * ("An experimental comparison of min-cut/max-flow algorithms for energy minimization in vision", PAMI 2004).
 * The grid has a border of one unconnected pixel all around, so that no index needs a bounds check.
 */
export interface GridGraph {
  /** Size including the border. */
  width: number
  height: number
  /** Residual capacity from pixel i in direction d at `[d * width * height + i]`. */
  capacity: Float32Array
  /** Residual capacity from the source (positive) or to the sink (negative) of each pixel. */
  terminal: Float32Array
}

/** Steps of the directions 0..7; direction `d ^ 4` is the way back. */
export const DIRECTIONS: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
  [-1, 0],
  [0, -1],
  [-1, -1],
  [1, -1],
]

/** An empty graph for a picture of the given size; its pixel (x, y) is graph pixel (x + 1, y + 1). */
export function makeGrid(width: number, height: number): GridGraph {
  const n = (width + 2) * (height + 2)
  return {
    width: width + 2,
    height: height + 2,
    capacity: new Float32Array(n * 8),
    terminal: new Float32Array(n),
  }
}

const FREE = 0
const SOURCE = 1
const SINK = 2
/** Values of `parent` beyond the eight directions. */
const TERMINAL = 8
const ORPHAN = 9
const NONE = 10

/** Augmentations between two yields: about a millisecond. */
const SLICE = 250

/**
 * Solves the cut; consumes the graph's capacities. A generator, so that the caller can let others run at each yield.
 * Returns for each graph pixel 1 where it stays with the source, else 0.
 */
export function* minCut(graph: GridGraph): Generator<undefined, Uint8Array> {
  const { capacity, terminal } = graph
  const n = graph.width * graph.height
  const offset = DIRECTIONS.map(([dx, dy]) => dy * graph.width + dx)
  const tree = new Uint8Array(n)
  const parent = new Uint8Array(n).fill(NONE)
  /** Distance to the terminal, valid where `stamp` is the current time. */
  const distance = new Int32Array(n)
  const stamp = new Int32Array(n)
  const queue = new Int32Array(n + 1)
  const queued = new Uint8Array(n)
  let head = 0
  let tail = 0
  let orphans: number[] = []
  let time = 0

  const activate = (i: number): void => {
    if (queued[i]) return
    queued[i] = 1
    queue[tail] = i
    tail = tail === n ? 0 : tail + 1
  }
  const orphan = (i: number): void => {
    parent[i] = ORPHAN
    orphans.push(i)
  }

  for (let i = 0; i < n; i++) {
    if (terminal[i] === 0) continue
    tree[i] = terminal[i] > 0 ? SOURCE : SINK
    parent[i] = TERMINAL
    distance[i] = 1
    activate(i)
  }

  /** Pushes as much as fits along the path through the edge from `a` (source tree) in direction `d`. */
  const augment = (a: number, d: number): void => {
    const b = a + offset[d]
    let bottleneck = capacity[d * n + a]
    let i = a
    for (; parent[i] !== TERMINAL; i += offset[parent[i]]) {
      const p = i + offset[parent[i]]
      bottleneck = Math.min(bottleneck, capacity[(parent[i] ^ 4) * n + p])
    }
    bottleneck = Math.min(bottleneck, terminal[i])
    for (i = b; parent[i] !== TERMINAL; i += offset[parent[i]])
      bottleneck = Math.min(bottleneck, capacity[parent[i] * n + i])
    bottleneck = Math.min(bottleneck, -terminal[i])

    capacity[d * n + a] -= bottleneck
    capacity[(d ^ 4) * n + b] += bottleneck
    for (i = a; parent[i] !== TERMINAL;) {
      const up = parent[i]
      const p = i + offset[up]
      capacity[up * n + i] += bottleneck
      if ((capacity[(up ^ 4) * n + p] -= bottleneck) <= 0) orphan(i)
      i = p
    }
    if ((terminal[i] -= bottleneck) <= 0) orphan(i)
    for (i = b; parent[i] !== TERMINAL;) {
      const up = parent[i]
      const p = i + offset[up]
      capacity[(up ^ 4) * n + p] += bottleneck
      if ((capacity[up * n + i] -= bottleneck) <= 0) orphan(i)
      i = p
    }
    if ((terminal[i] += bottleneck) >= 0) orphan(i)
  }

  /** Length of the way from `start` to its terminal, Infinity where the way ends in an orphan. */
  const distanceOf = (start: number): number => {
    let steps = 0
    let i = start
    for (;;) {
      if (stamp[i] === time) {
        steps += distance[i]
        break
      }
      const up = parent[i]
      steps++
      if (up === TERMINAL) {
        stamp[i] = time
        distance[i] = 1
        break
      }
      if (up >= ORPHAN) return Infinity
      i += offset[up]
    }
    let left = steps
    for (i = start; stamp[i] !== time; i += offset[parent[i]]) {
      stamp[i] = time
      distance[i] = left--
    }
    return steps
  }

  /** Finds the orphan another parent in its own tree, or sets it free and makes orphans of its children. */
  const adopt = (i: number): void => {
    const mine = tree[i]
    let best = Infinity
    let bestDirection = NONE
    for (let d = 0; d < 8; d++) {
      const j = i + offset[d]
      if (tree[j] !== mine || parent[j] >= ORPHAN) continue
      const residual = mine === SOURCE ? capacity[(d ^ 4) * n + j] : capacity[d * n + i]
      if (residual <= 0) continue
      const steps = distanceOf(j)
      if (steps < best) {
        best = steps
        bestDirection = d
      }
    }
    if (bestDirection !== NONE) {
      parent[i] = bestDirection
      stamp[i] = time
      distance[i] = best + 1
      return
    }
    for (let d = 0; d < 8; d++) {
      const j = i + offset[d]
      if (tree[j] !== mine) continue
      const residual = mine === SOURCE ? capacity[(d ^ 4) * n + j] : capacity[d * n + i]
      if (residual > 0) activate(j)
      if (parent[j] < TERMINAL && j + offset[parent[j]] === i) orphan(j)
    }
    tree[i] = FREE
    parent[i] = NONE
  }

  /** Grows the tree at `i`; returns the direction of an edge to the other tree, or -1. */
  const grow = (i: number): number => {
    const mine = tree[i]
    for (let d = 0; d < 8; d++) {
      const j = i + offset[d]
      const residual = mine === SOURCE ? capacity[d * n + i] : capacity[(d ^ 4) * n + j]
      if (residual <= 0) continue
      if (tree[j] === FREE) {
        tree[j] = mine
        parent[j] = d ^ 4
        stamp[j] = stamp[i]
        distance[j] = distance[i] + 1
        activate(j)
      } else if (tree[j] !== mine) return d
      else if (stamp[j] <= stamp[i] && distance[j] > distance[i] + 1 && parent[j] < ORPHAN) {
        parent[j] = d ^ 4
        stamp[j] = stamp[i]
        distance[j] = distance[i] + 1
      }
    }
    return -1
  }

  let work = 0
  while (head !== tail) {
    const i = queue[head]
    head = head === n ? 0 : head + 1
    queued[i] = 0
    while (tree[i] !== FREE) {
      const d = grow(i)
      if (d < 0) break
      time++
      if (tree[i] === SOURCE) augment(i, d)
      else augment(i + offset[d], d ^ 4)
      while (orphans.length > 0) {
        const batch = orphans
        orphans = []
        for (const o of batch) adopt(o)
      }
      if (++work % SLICE === 0) yield
    }
  }
  const side = new Uint8Array(n)
  for (let i = 0; i < n; i++) side[i] = tree[i] === SOURCE ? 1 : 0
  return side
}
