/** A checkpoint's table of tensors; their bytes stay where they are until read. */
import type { ByteSource } from '@/weights/bytes'
import { toFloat32, type StoredTensor, type StoredType } from '@/weights/safetensors'

export interface TensorEntry {
  dtype: StoredType
  shape: readonly number[]
  source: ByteSource
  begin: number
  end: number
}

export interface Checkpoint {
  entries: ReadonlyMap<string, TensorEntry>
  metadata: Readonly<Record<string, string>>
  /** Parsed side files by name, e.g. `adapter_config.json`. */
  json: Readonly<Record<string, unknown>>
}

export async function readTensor(entry: TensorEntry): Promise<StoredTensor> {
  return {
    dtype: entry.dtype,
    shape: entry.shape,
    bytes: await entry.source.read(entry.begin, entry.end),
  }
}

/** Rows of the first axis, widened to f32. */
export async function readRows(entry: TensorEntry, first: number, rows: number): Promise<Float32Array> {
  const stride = (entry.end - entry.begin) / entry.shape[0]
  const begin = entry.begin + first * stride
  const bytes = await entry.source.read(begin, begin + rows * stride)
  return toFloat32({ dtype: entry.dtype, shape: [rows, ...entry.shape.slice(1)], bytes })
}
