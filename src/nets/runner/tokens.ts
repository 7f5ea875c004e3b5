/**
 * Token layout: a sequence is a list of segments, each with its own weights, modulation, positions and
 * visibility. What may be cached follows from these and is never special-cased (DESIGN decision 3).
 */
import type { IdAffine } from '@/backend/kernels/ropeAffine/types'
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import type { Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import type { TokenKind } from '@/nets/runner/network'

export interface TokenSegment {
  name: string
  /** Whose weights it uses where text and image have their own. */
  weights: TokenKind
  tokens: number
  /** Modulated with the step's conditioning vector, or with one that is the same in all steps. */
  modulation: 'step' | 'fixed'
  /** Names of the segments whose keys its queries see. */
  sees: readonly string[]
  /** [tokens, axes] before the affine. */
  ids: Float32Array
  affine: IdAffine | null
}

/** Sees intermediate tensors: the point (e.g. `double0.out`), the stream's segments, its [batch, tokens, width]. */
export type Tap = (point: string, segments: readonly TokenSegment[], tensor: Tensor) => Promise<void>

/** Consecutive segments that share weights and modulation and so run as one tensor. */
export interface Stream {
  segments: readonly TokenSegment[]
  weights: TokenKind
  modulation: 'step' | 'fixed'
  tokens: number
}

/** Segments that run together: the cacheable ones once per run, the others in every step. */
export interface Phase {
  segments: readonly TokenSegment[]
  /** First token of each segment in the phase's arena. */
  arenaStart: ReadonlyMap<string, number>
  tokens: number
  /** Streams of blocks with weights of their own for text and image: same weights and modulation. */
  apart: readonly Stream[]
  /** Streams of blocks in which all share weights, so that only the modulation separates them. */
  joined: readonly Stream[]
}

export interface Plan {
  cached: Phase
  stepped: Phase
}

/**
 * Segments whose keys and values are the same in all steps: fixed modulation, and they see only
 * such segments. Found as the largest set closed under "sees".
 */
export function cacheable(segments: readonly TokenSegment[]): ReadonlySet<string> {
  const set = new Set(
    segments.filter((segment) => segment.modulation === 'fixed').map((segment) => segment.name),
  )
  for (let changed = true; changed;) {
    changed = false
    for (const segment of segments)
      if (set.has(segment.name) && !segment.sees.every((name) => set.has(name))) {
        set.delete(segment.name)
        changed = true
      }
  }
  return set
}

function streams(
  segments: readonly TokenSegment[],
  same: (a: TokenSegment, b: TokenSegment) => boolean,
): Stream[] {
  const groups: TokenSegment[][] = []
  for (const segment of segments) {
    const last = groups.at(-1)
    if (last && same(last[0], segment)) last.push(segment)
    else groups.push([segment])
  }
  return groups.map((group) => ({
    segments: group,
    weights: group[0].weights,
    modulation: group[0].modulation,
    tokens: group.reduce((sum, segment) => sum + segment.tokens, 0),
  }))
}

function phase(segments: readonly TokenSegment[]): Phase {
  const arenaStart = new Map<string, number>()
  let tokens = 0
  for (const segment of segments) {
    arenaStart.set(segment.name, tokens)
    tokens += segment.tokens
  }
  return {
    segments,
    arenaStart,
    tokens,
    apart: streams(segments, (a, b) => a.weights === b.weights && a.modulation === b.modulation),
    joined: streams(segments, (a, b) => a.modulation === b.modulation),
  }
}

/** @param useCache false runs everything in every step, to measure what caching gains. */
export function plan(segments: readonly TokenSegment[], useCache = true): Plan {
  const names = new Set(segments.map((segment) => segment.name))
  for (const segment of segments)
    for (const seen of segment.sees)
      if (!names.has(seen)) fail('internal', `Segment ${segment.name} sees unknown ${seen}.`, 'Report this.')
  return partPlan(segments, useCache ? cacheable(segments) : new Set())
}

/** Some segments apart from those that run in a step. */
export function partPlan(segments: readonly TokenSegment[], apart: ReadonlySet<string>): Plan {
  return {
    cached: phase(segments.filter((segment) => apart.has(segment.name))),
    stepped: phase(segments.filter((segment) => !apart.has(segment.name))),
  }
}

/** The key ranges a segment sees: source 0 is the running phase's arena, source 1 the cache; neighbours merged. */
export function keyRanges(segment: TokenSegment, running: Phase, cached: Phase): KeyRange[] {
  const ranges: KeyRange[] = []
  for (const [source, owner] of [running, cached].entries()) {
    if (source === 1 && owner === running) break
    for (const other of owner.segments) {
      if (!segment.sees.includes(other.name) || other.tokens === 0) continue
      const start = owner.arenaStart.get(other.name) ?? 0
      const last = ranges.at(-1)
      if (last?.source === source && last.start + last.length === start)
        ranges[ranges.length - 1] = { ...last, length: last.length + other.tokens }
      else ranges.push({ source, start, length: other.tokens })
    }
  }
  return ranges
}

/** Id axes of a picture's rows and columns, in every model of the family; axis 0 tells pictures apart. */
export const ROW_AXIS = 1
export const COLUMN_AXIS = 2

export interface GridPlace {
  /** Id axes of the model, 3 for FLUX.1; those beyond the column are 0. */
  axes?: number
  /** Id of the first token's row and column. */
  row?: number
  column?: number
  /** Axis 0. */
  index?: number
}

/** Ids of a plain grid in token units, row after row: [rows*columns, axes]. */
export function gridIds(
  rows: number,
  columns: number,
  { axes = 3, row = 0, column = 0, index = 0 }: GridPlace = {},
): Float32Array {
  const ids = new Float32Array(rows * columns * axes)
  for (let token = 0; token < rows * columns; token++) {
    ids[token * axes] = index
    ids[token * axes + ROW_AXIS] = row + Math.floor(token / columns)
    ids[token * axes + COLUMN_AXIS] = column + (token % columns)
  }
  return ids
}
