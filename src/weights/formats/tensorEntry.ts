/** One tensor of a file: where it lies and how its numbers are read, whatever they are stored as. */
import { fail } from '@/base/errors'
import type { ByteSource } from '@/weights/formats/bytes'
import type { StoredTensor, StoredType } from '@/weights/formats/safetensors'
import { TYPE_BYTES, widenInto } from '@/weights/formats/widen'

export interface TensorEntry {
  dtype: StoredType
  shape: readonly number[]
  source: ByteSource
  begin: number
  end: number
  /** Multiplies the stored numbers: one value, or one per row. */
  scale?: TensorEntry
}

export const elements = (entry: { shape: readonly number[] }): number =>
  entry.shape.reduce((product, size) => product * size, 1)

/** A whole tensor as stored; widened to f32 where it has a scale. */
export async function readTensor(entry: TensorEntry, signal?: AbortSignal): Promise<StoredTensor> {
  if (entry.scale) {
    const values = new Float32Array(elements(entry))
    await readRowsInto(entry, 0, entry.shape[0] ?? 1, values, signal)
    return { dtype: 'F32', shape: entry.shape, bytes: new Uint8Array(values.buffer) }
  }
  const bytes = await entry.source.read(entry.begin, entry.end, signal)
  return { dtype: entry.dtype, shape: entry.shape, bytes }
}

/** Numbers in one row of the first axis. */
export const rowSize = (entry: { shape: readonly number[] }): number =>
  entry.shape.slice(1).reduce((product, size) => product * size, 1)

/** Rows of the first axis, widened to f32. */
export async function readRows(
  entry: TensorEntry,
  first: number,
  rows: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const values = new Float32Array(rows * rowSize(entry))
  await readRowsInto(entry, first, rows, values, signal)
  return values
}

/** As `readRows`, into memory that the caller has; a number without axes is one row. */
export async function readRowsInto(
  entry: TensorEntry,
  first: number,
  rows: number,
  out: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const cols = rowSize(entry)
  const stride = cols * TYPE_BYTES[entry.dtype]
  const begin = entry.begin + first * stride
  const end = begin + rows * stride
  if (begin < entry.begin || end > entry.end || out.length !== rows * cols)
    fail('internal', 'Rows outside of a tensor were asked for.', 'Report this.', `${first}+${rows}`)
  widenInto(entry.dtype, await entry.source.read(begin, end, signal), out)
  if (!entry.scale) return
  const perRow = elements(entry.scale) > 1
  // A single number is read as the one row of a [1] tensor.
  const scale = { ...entry.scale, shape: [elements(entry.scale)] }
  const scales = await readRows(scale, perRow ? first : 0, perRow ? rows : 1, signal)
  for (let row = 0; row < rows; row++) {
    const factor = scales[perRow ? row : 0]
    for (let i = row * cols; i < (row + 1) * cols; i++) out[i] *= factor
  }
}
