/** Where a network gets its parameters from, whatever file they come in. */
import { fail } from '@/base/errors'
import { f16ToF32, f32ToF16 } from '@/base/half'
import type { LinearFormat } from '@/onnx/layers'
import { dequantise, quantise } from '@/weights/formats/quantise'
import { toFloat32, type StoredTensor } from '@/weights/formats/safetensors'

/** A linear's numbers in one format; what `LinearSpec` describes. */
export interface LinearWeights {
  rows: number
  cols: number
  format: LinearFormat
  chunks: {
    rows: number
    /** f32: [rows, cols]; q8: u8 [rows, blocks, 32]; q4: u8 [rows, blocks, 16]. */
    weight: Float32Array | Uint8Array | Uint16Array
    scales: Float32Array | null
  }[]
  bias: Float32Array | null
  /** A [rank, cols] and B [rows, rank], scales folded into B. */
  lora: { rank: number; a: Float32Array; b: Float32Array } | null
}

/** Parameters under canonical names (FLUX: BFL's fused layout); read when asked for, from memory or from disk. */
export interface WeightSource {
  has(name: string): boolean
  /** A plain tensor as f32. @throws bad-weights when missing or of another shape. */
  tensor(name: string, shape: readonly number[]): Promise<Float32Array>
  /** The linear `<name>.weight`, `<name>.bias`. @throws bad-weights when missing or of another shape. */
  linear(name: string, rows: number, cols: number): Promise<LinearWeights>
  /** A plain tensor's packed halves where it is stored as f16, else null. @throws as `tensor` */
  halves?(name: string, shape: readonly number[]): Promise<Uint16Array | null>
  /** Some rows of a table as f32 [ids, cols] without reading the rest; see `rowsOf`. */
  rows?(name: string, shape: readonly number[], ids: Int32Array): Promise<Float32Array>
}

/**
 * Rows of a table, e.g. the embeddings of a text's tokens, as f32 [ids, cols]. T5's table has half a gigabyte as f32:
 * from a pack only the rows asked for are read. @throws bad-weights as `tensor`, and for ids outside of the table
 */
export async function rowsOf(
  source: WeightSource,
  name: string,
  shape: readonly [rows: number, cols: number],
  ids: Int32Array,
): Promise<Float32Array> {
  const [rows, cols] = shape
  const outside = ids.find((id) => id < 0 || id >= rows)
  if (outside !== undefined)
    fail(
      'bad-weights',
      'The tokenizer does not fit the text encoder.',
      'Import the tokenizer.json that belongs to the encoder.',
      `"${name}" has ${rows} rows, asked for row ${outside}`,
    )
  if (source.rows) return source.rows(name, shape, ids)
  const table = await source.tensor(name, shape)
  const picked = new Float32Array(ids.length * cols)
  for (const [i, id] of ids.entries()) picked.set(table.subarray(id * cols, (id + 1) * cols), i * cols)
  return picked // [ids, cols]
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])

/** Takes a tensor out of a file's table. @throws bad-weights naming what was expected and found. */
export function take(
  tensors: ReadonlyMap<string, StoredTensor>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = tensors.get(name)
  if (!tensor)
    fail(
      'bad-weights',
      `The weights lack the tensor "${name}".`,
      'Check that the file belongs to this model.',
      `expected [${shape.join(', ')}]`,
    )
  if (!sameShape(tensor.shape, shape))
    fail(
      'bad-weights',
      `The tensor "${name}" has the wrong shape.`,
      'Check that the file belongs to this model.',
      `expected [${shape.join(', ')}], found [${tensor.shape.join(', ')}]`,
    )
  return toFloat32(tensor)
}

/** Parameters from a file that already uses canonical names. */
export class CanonicalSource implements WeightSource {
  private readonly tensors: ReadonlyMap<string, StoredTensor>

  constructor(tensors: ReadonlyMap<string, StoredTensor>) {
    this.tensors = tensors
  }

  has(name: string): boolean {
    return this.tensors.has(name)
  }

  async tensor(name: string, shape: readonly number[]): Promise<Float32Array> {
    return take(this.tensors, name, shape)
  }

  async linear(name: string, rows: number, cols: number): Promise<LinearWeights> {
    const weight = take(this.tensors, `${name}.weight`, [rows, cols])
    const bias = this.has(`${name}.bias`) ? take(this.tensors, `${name}.bias`, [rows]) : null
    return { rows, cols, format: 'f32', chunks: [{ rows, weight, scales: null }], bias, lora: null }
  }
}

/** Quantises a f32 linear; the rest is kept. */
export function quantiseLinear(linear: LinearWeights, format: 'q8' | 'q4'): LinearWeights {
  const bits = format === 'q8' ? 8 : 4
  const chunks = linear.chunks.map(({ rows, weight }) => {
    if (!(weight instanceof Float32Array))
      return fail('internal', 'Only f32 linears are quantised.', 'Report this.')
    const { packed, scales } = quantise(weight, rows, linear.cols, bits)
    return { rows, weight: packed, scales }
  })
  return { ...linear, format, chunks }
}

/** The f32 linear that a quantised one stands for. */
export function dequantiseLinear(linear: LinearWeights): LinearWeights {
  if (linear.format !== 'q8' && linear.format !== 'q4') return linear
  const bits = linear.format === 'q8' ? 8 : 4
  const chunks = linear.chunks.map(({ rows, weight, scales }) => ({
    rows,
    weight: dequantise(
      { packed: weight as Uint8Array<ArrayBuffer>, scales: scales as Float32Array<ArrayBuffer> },
      rows,
      linear.cols,
      bits,
    ),
    scales: null,
  }))
  return { ...linear, format: 'f32', chunks }
}

/**
 * Adds a linear's LoRA to its weights: W += B A, summed in f32; f16 weights are rounded to f16 again.
 * @throws unsupported for quantised weights, whose steps are coarser than most changes
 */
export function mergeLora(linear: LinearWeights): LinearWeights {
  const { lora, cols } = linear
  if (!lora) return linear
  let first = 0
  const chunks = linear.chunks.map((chunk) => {
    const { rows, weight } = chunk
    if (weight instanceof Uint8Array)
      fail(
        'unsupported',
        'An adapter cannot be merged into quantised weights.',
        'Use it beside the weights, or merge it before they are quantised.',
        linear.format,
      )
    const merged = weight instanceof Uint16Array ? f16ToF32(weight) : Float32Array.from(weight)
    for (let row = 0; row < rows; row++)
      for (let r = 0; r < lora.rank; r++) {
        const factor = lora.b[(first + row) * lora.rank + r]
        if (factor === 0) continue
        for (let col = 0; col < cols; col++) merged[row * cols + col] += factor * lora.a[r * cols + col]
      }
    first += rows
    return { ...chunk, weight: weight instanceof Uint16Array ? f32ToF16(merged) : merged }
  })
  return { ...linear, chunks, lora: null }
}

/** The graph's view of a linear. */
export const specOf = (linear: LinearWeights) => ({
  format: linear.format,
  rows: linear.rows,
  cols: linear.cols,
  chunks: linear.chunks.map((chunk) => chunk.rows),
  bias: linear.bias !== null,
  lora: linear.lora !== null,
})

/** A source that changes every linear of another, e.g. to quantise it or to add a LoRA. */
export function mapLinears(
  source: WeightSource,
  change: (name: string, linear: LinearWeights) => LinearWeights | Promise<LinearWeights>,
): WeightSource {
  return {
    has: (name) => source.has(name),
    tensor: (name, shape) => source.tensor(name, shape),
    halves: async (name, shape) => (await source.halves?.(name, shape)) ?? null,
    linear: async (name, rows, cols) => change(name, await source.linear(name, rows, cols)),
  }
}

/** A part of a pack that holds several networks: its names without what all of them begin with. */
export function prefixed(source: WeightSource, prefix: string): WeightSource {
  const named = (name: string) => prefix + name
  return {
    has: (name) => source.has(named(name)),
    tensor: (name, shape) => source.tensor(named(name), shape),
    halves: async (name, shape) => (await source.halves?.(named(name), shape)) ?? null,
    linear: (name, rows, cols) => source.linear(named(name), rows, cols),
    ...(source.rows ? { rows: (name, shape, ids) => source.rows!(named(name), shape, ids) } : {}),
  }
}
