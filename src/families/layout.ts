/**
 * How a checkpoint's stored tensors make up the canonical ones, as data: every canonical tensor lists the rows of
 * stored tensors that it is stacked from. Fused and split linears, prefixes and swapped halves are nothing else.
 */
import * as v from 'valibot'

import { fail } from '@/base/errors'

/** Rows [first, first + rows) of a stored tensor that has `of` rows. */
export interface RowPart {
  tensor: string
  first: number
  rows: number
  of: number
}

/**
 * What a tensor is to the importer: `linear` takes the chosen precision, `once` is a linear that runs once per
 * schedule or is tiny, `fine` one whose errors no later step makes good, `fine`, `embedding` and `conv` become f16,
 * `exact` stays f32.
 */
export type TensorKind = 'linear' | 'once' | 'fine' | 'embedding' | 'conv' | 'exact'

export interface LayoutTensor {
  /** Canonical. */
  name: string
  shape: readonly number[]
  kind: TensorKind
  parts: readonly RowPart[]
  /** Stored as [cols, rows], in one piece. */
  isTransposed?: boolean
}

export type Tensors = ReadonlyMap<string, LayoutTensor>

/** A network in a checkpoint. */
export interface Layout<C = unknown> {
  /** The network, as manifests name it. */
  family: string
  /** "diffusers layout", for people. */
  dialect: string
  config: C
  tensors: Tensors
  /** What stands before the network's own names. */
  prefix: string
  /**
   * Whether all that is stored under the first words of the network's names must be known. Otherwise only what stands
   * directly beside a tensor of the layout must be: encoders have buffers and layers that nobody reads.
   */
  isClosed: boolean
  /** What people should know of it; sentences. */
  notes: readonly string[]
}

/** The stored tensors' shapes. */
export type Shapes = ReadonlyMap<string, { shape: readonly number[] }>

/** All that a layout is derived from, besides the names of the files. */
export interface Header {
  entries: Shapes
  /** Parsed side files by name, e.g. `config.json`. */
  json: Readonly<Record<string, unknown>>
}

/** Collects canonical tensors; `stored` gives a stored name for a canonical one. */
export class LayoutBuilder {
  readonly tensors = new Map<string, LayoutTensor>()
  private readonly stored: (name: string) => string

  constructor(stored: (name: string) => string) {
    this.stored = stored
  }

  add(name: string, shape: readonly number[], kind: TensorKind, parts?: readonly RowPart[]): void {
    this.tensors.set(name, { name, shape, kind, parts: parts ?? this.whole(name, shape) })
  }

  /** A matrix [rows, cols] that is stored as [cols, rows]. */
  addTransposed(name: string, shape: readonly [number, number], kind: TensorKind): void {
    this.tensors.set(name, { name, shape, kind, parts: this.whole(name, shape), isTransposed: true })
  }

  private whole(name: string, shape: readonly number[]): RowPart[] {
    return [{ tensor: this.stored(name), first: 0, rows: shape[0], of: shape[0] }]
  }

  /** `<name>.weight` [rows, cols] and, unless told otherwise, `<name>.bias` [rows]. */
  linear(name: string, rows: number, cols: number, kind: TensorKind = 'linear', bias = true): void {
    this.add(`${name}.weight`, [rows, cols], kind)
    if (bias) this.add(`${name}.bias`, [rows], 'exact')
  }

  /** `<name>.weight` and `.bias` of a norm. */
  norm(name: string, width: number): void {
    this.add(`${name}.weight`, [width], 'exact')
    this.add(`${name}.bias`, [width], 'exact')
  }
}

/** The first of some prefixes under which a name is stored, or null. */
export const findPrefix = (shapes: Shapes, prefixes: readonly string[], name: string): string | null =>
  prefixes.find((prefix) => shapes.has(prefix + name)) ?? null

/** One more than the highest number that the pattern's first group finds; 0 where it finds none. */
export function countBlocks(shapes: Shapes, pattern: RegExp): number {
  let count = 0
  for (const name of shapes.keys()) {
    const match = pattern.exec(name)
    if (match) count = Math.max(count, Number(match[1]) + 1)
  }
  return count
}

/** The shape of a stored tensor that a config is read from. @throws bad-weights */
export function shapeOf(shapes: Shapes, name: string, axes: number): readonly number[] {
  const found = shapes.get(name)?.shape
  if (!found) lacks(name, `a tensor with ${axes} axes`)
  if (found.length !== axes) differs(name, `${axes} axes`, found)
  return found
}

/** A config read from shapes, held to its schema. @throws bad-weights with the first fault */
export function checkedConfig<T>(schema: v.GenericSchema<unknown, T>, config: unknown, what: string): T {
  const parsed = v.safeParse(schema, config)
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  return fail(
    'bad-weights',
    `The sizes of this ${what} make no sense.`,
    'Check that the file is whole; if it comes with a config.json, choose both together.',
    `${v.getDotPath(issue) ?? '(root)'}: ${issue.message}`,
  )
}

/** "[2, 3]" */
export const axes = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** @throws bad-weights, always */
export function lacks(name: string, expected: string): never {
  fail(
    'bad-weights',
    `The weights lack the tensor "${name}".`,
    'Check that all files of the model are there and belong together.',
    `expected ${expected}`,
  )
}

/** @throws bad-weights, always */
export function differs(name: string, expected: string, found: readonly number[]): never {
  fail(
    'bad-weights',
    `The tensor "${name}" has the wrong shape.`,
    'Check that the file belongs to this model.',
    `expected ${expected}, found ${axes(found)}`,
  )
}
