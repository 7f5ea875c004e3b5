/**
 * How a checkpoint's stored tensors make up the canonical ones, as data: every canonical tensor lists the rows of
 * stored tensors that it is stacked from. Fused and split linears, prefixes and swapped halves are nothing else.
 */
import * as v from 'valibot'

import { fail } from '@/base/errors'
import type { BuiltInFamily, PackFamily } from '@/schema/pack'
import { readRowsInto, rowSize, type Checkpoint, type TensorEntry } from '@/weights/checkpoint'
import type { LinearWeights, WeightSource } from '@/weights/source'

/** Rows [first, first + rows) of a stored tensor that has `of` rows. */
export interface RowPart {
  tensor: string
  first: number
  rows: number
  of: number
}

/**
 * What a tensor is to the importer: `linear` takes the chosen precision, `once` is a linear that runs once per
 * schedule or is tiny, `embedding` and `conv` become f16, `exact` stays f32.
 */
export type TensorKind = 'linear' | 'once' | 'embedding' | 'conv' | 'exact'

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
  family: Exclude<PackFamily, BuiltInFamily | 'lora' | 'tokenizer'>
  /** "diffusers layout", for people. */
  dialect: string
  config: C
  tensors: Tensors
}

/** The stored tensors' shapes, which is all that a layout is derived from. */
export type Shapes = ReadonlyMap<string, { shape: readonly number[] }>

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

const axes = (shape: readonly number[]): string => `[${shape.join(', ')}]`

function lacks(name: string, expected: string): never {
  fail(
    'bad-weights',
    `The weights lack the tensor "${name}".`,
    'Check that all files of the model are there and belong together.',
    `expected ${expected}`,
  )
}

function differs(name: string, expected: string, found: readonly number[]): never {
  fail(
    'bad-weights',
    `The tensor "${name}" has the wrong shape.`,
    'Check that the file belongs to this model.',
    `expected ${expected}, found ${axes(found)}`,
  )
}

/** 1x1 convolutions are stored as linears here and as convolutions there. */
const withoutOnes = (shape: readonly number[]): string => shape.join().replace(/(,1)+$/, '')

/** The stored tensor of a part, checked. @throws bad-weights naming what was expected and found */
function entryOf(checkpoint: Pick<Checkpoint, 'entries'>, tensor: LayoutTensor, part: RowPart): TensorEntry {
  const entry = checkpoint.entries.get(part.tensor)
  const whole = [part.of, ...tensor.shape.slice(1)]
  const expected = tensor.isTransposed ? whole.toReversed() : whole
  if (!entry) lacks(part.tensor, axes(expected))
  if (withoutOnes(entry.shape) !== withoutOnes(expected)) differs(part.tensor, axes(expected), entry.shape)
  return entry
}

/** Checks that every tensor of a layout is there with its shape. @throws bad-weights */
export function checkLayout(checkpoint: Checkpoint, layout: { tensors: Tensors }): void {
  for (const tensor of layout.tensors.values())
    for (const part of tensor.parts) entryOf(checkpoint, tensor, part)
}

/** Rows [first, first + rows) of a canonical tensor as f32, from whichever stored tensors hold them. */
export async function readCanonical(
  checkpoint: Pick<Checkpoint, 'entries'>,
  tensor: LayoutTensor,
  first: number,
  rows: number,
  out: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const cols = rowSize(tensor)
  if (tensor.isTransposed) return readTransposed(checkpoint, tensor, first, rows, out, signal)
  let at = 0
  for (const part of tensor.parts) {
    const from = Math.max(first, at)
    const to = Math.min(first + rows, at + part.rows)
    if (from < to) {
      const values = out.subarray((from - first) * cols, (to - first) * cols)
      await readRowsInto(entryOf(checkpoint, tensor, part), part.first + from - at, to - from, values, signal)
    }
    at += part.rows
  }
}

/** As `readCanonical`; such matrices are small, so the whole of it is read. */
async function readTransposed(
  checkpoint: Pick<Checkpoint, 'entries'>,
  tensor: LayoutTensor,
  first: number,
  rows: number,
  out: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const [all, cols] = tensor.shape
  const stored = new Float32Array(all * cols) // [cols, all]
  await readRowsInto(entryOf(checkpoint, tensor, tensor.parts[0]), 0, cols, stored, signal)
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) out[row * cols + col] = stored[col * all + first + row]
}

/** A checkpoint's parameters under canonical names, widened to f32 when asked for. */
export function layoutSource(checkpoint: Checkpoint, tensors: Tensors): WeightSource {
  const read = async (name: string, shape: readonly number[]): Promise<Float32Array> => {
    const tensor = tensors.get(name)
    if (!tensor) lacks(name, axes(shape))
    if (withoutOnes(tensor.shape) !== withoutOnes(shape)) differs(name, axes(shape), tensor.shape)
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    await readCanonical(checkpoint, tensor, 0, shape[0], values)
    return values
  }
  return {
    has: (name) => tensors.has(name),
    tensor: read,
    linear: async (name, rows, cols): Promise<LinearWeights> => {
      const weight = await read(`${name}.weight`, [rows, cols])
      const bias = tensors.has(`${name}.bias`) ? await read(`${name}.bias`, [rows]) : null
      return { rows, cols, format: 'f32', chunks: [{ rows, weight, scales: null }], bias, lora: null }
    },
  }
}
