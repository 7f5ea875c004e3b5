/** What a pack will hold, to the byte, before anything is converted: formats, row chunks, shards. */
import { QUANT_BLOCK } from '@/onnx/layers'
import type { Precision } from '@/families/family'
import type { PackManifest, TensorFormat } from '@/schema/pack'
import { rowSize } from '@/weights/formats/tensorEntry'
import type { Layout, LayoutTensor, TensorKind } from '@/families/layout'
import { blockBytes } from '@/weights/formats/quantise'
import { layOut } from '@/weights/formats/safetensors'
import type { StoredType } from '@/weights/formats/widen'

/** WebGPU's default limit of one binding; a chunk must fit even where f16 is widened on the device. */
const CHUNK_BYTES = 128 * 2 ** 20
/** A shard is built in memory, and copied there when it is hashed and read back: its size bounds the import's. */
const SHARD_BYTES = 64 * 2 ** 20
/** Autoencoders up to this size keep their convolutions exact. */
const SMALL_PARAMETERS = 8e6

/** One tensor of a shard: rows [first, first + rows) of a canonical tensor, or their scales. */
export interface Piece {
  stored: string
  dtype: StoredType
  shape: readonly number[]
  of: LayoutTensor
  first: number
  rows: number
  format: TensorFormat
  isScale: boolean
}

export interface ShardPlan {
  file: string
  pieces: readonly Piece[]
  header: Uint8Array<ArrayBuffer>
  /** Where each piece begins in the file. */
  begins: readonly number[]
  bytes: number
}

export interface ImportPlan {
  tensors: PackManifest['tensors']
  shards: readonly ShardPlan[]
  /** Bytes of all shards. */
  bytes: number
  parameters: number
}

const parametersOf = (tensor: LayoutTensor): number => tensor.shape[0] * rowSize(tensor)

function formatOf(kind: TensorKind, precision: Precision, isSmall: boolean): TensorFormat {
  switch (kind) {
    case 'linear':
      return precision
    case 'once':
      // Their errors reach every token of a run (modulation) or are all that enters and leaves (img_in, final layer),
      // while they run once per schedule or are tiny: eight bits cost room on disk, no time.
      return precision === 'q4' ? 'q8' : precision
    case 'fine':
    case 'embedding':
      return 'f16'
    case 'conv':
      return isSmall ? 'f32' : 'f16'
    case 'exact':
      return 'f32'
  }
}

/** Bytes that decide how many rows a chunk may have. */
function rowBytes(format: TensorFormat, cols: number): number {
  switch (format) {
    case 'f32':
    case 'f16':
    case 'bf16':
      return cols * 4
    case 'q8':
      return Math.ceil(cols / QUANT_BLOCK) * blockBytes(8)
    case 'q4':
      return Math.ceil(cols / QUANT_BLOCK) * blockBytes(4)
  }
}

/** Rows per chunk, as even as they can be, a multiple of 16 where several are needed. */
function chunkRows(rows: number, bytesPerRow: number, limit: number): number[] {
  const most = Math.max(1, Math.floor(limit / bytesPerRow))
  if (rows <= most) return [rows]
  const count = Math.ceil(rows / most)
  const even = Math.ceil(rows / count)
  const step = most >= 16 ? Math.min(most - (most % 16), Math.ceil(even / 16) * 16) : even
  return Array.from({ length: Math.ceil(rows / step) }, (_, i) => Math.min(step, rows - i * step))
}

function piecesOf(tensor: LayoutTensor, format: TensorFormat, chunks: readonly number[]): Piece[] {
  const cols = rowSize(tensor)
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  let first = 0
  return chunks.flatMap((rows, i): Piece[] => {
    const stored = chunks.length > 1 ? `${tensor.name}.${i}` : tensor.name
    const common = { of: tensor, first, rows, format }
    first += rows
    const weight = { ...common, stored, isScale: false }
    const shape = [rows, ...tensor.shape.slice(1)]
    switch (format) {
      case 'f32':
        return [{ ...weight, dtype: 'F32', shape }]
      case 'f16':
        return [{ ...weight, dtype: 'F16', shape }]
      case 'bf16':
        return [{ ...weight, dtype: 'BF16', shape }]
      case 'q8':
      case 'q4': {
        const packed = blockBytes(format === 'q8' ? 8 : 4)
        return [
          { ...weight, dtype: 'U8', shape: [rows, blocks, packed] },
          // The scales of a chunk follow it: `<name>.0` has `<name>.0.scale`.
          {
            ...common,
            stored: `${stored}.scale`,
            isScale: true,
            dtype: 'F32',
            shape: [rows, blocks],
          },
        ]
      }
    }
  })
}

/** Widest numbers first: then every tensor begins at a multiple of its numbers' size. */
const WIDTHS: Partial<Record<StoredType, number>> = { F32: 4, F16: 2, BF16: 2, U8: 1 }

function shardOf(index: number, pieces: Piece[]): ShardPlan {
  const sorted = pieces.toSorted((a, b) => (WIDTHS[b.dtype] ?? 0) - (WIDTHS[a.dtype] ?? 0))
  const { header, begins, size } = layOut(
    sorted.map(({ stored, dtype, shape }) => ({ name: stored, dtype, shape })),
  )
  const file = `model-${String(index + 1).padStart(5, '0')}.safetensors`
  return { file, pieces: sorted, header, begins, bytes: size }
}

const pieceBytes = ({ dtype, shape }: Piece): number =>
  shape.reduce((product, size) => product * size, WIDTHS[dtype] ?? 4)

/** Plans a pack. `limits` are for tests. */
export function planImport(
  layout: Layout,
  precision: Precision,
  limits = { chunk: CHUNK_BYTES, shard: SHARD_BYTES },
): ImportPlan {
  const parameters = [...layout.tensors.values()].reduce((sum, tensor) => sum + parametersOf(tensor), 0)
  const isSmall = parameters <= SMALL_PARAMETERS
  const tensors: PackManifest['tensors'] = {}
  const shards: ShardPlan[] = []
  let open: Piece[] = []
  let openBytes = 0
  const close = (): void => {
    if (open.length) shards.push(shardOf(shards.length, open))
    open = []
    openBytes = 0
  }
  for (const tensor of layout.tensors.values()) {
    const format = formatOf(tensor.kind, precision, isSmall)
    const chunks = chunkRows(tensor.shape[0], rowBytes(format, rowSize(tensor)), limits.chunk)
    tensors[tensor.name] = {
      format,
      shape: [...tensor.shape],
      ...(format === 'q8' || format === 'q4' ? { block: QUANT_BLOCK } : {}),
      ...(chunks.length > 1 ? { chunks } : {}),
    }
    const pieces = piecesOf(tensor, format, chunks)
    // A chunk and its scales stay together: both are filled from the same rows.
    for (let i = 0; i < pieces.length;) {
      const pair = pieces.slice(i, i + (pieces[i + 1]?.isScale ? 2 : 1))
      const bytes = pair.reduce((sum, piece) => sum + pieceBytes(piece), 0)
      if (openBytes + bytes > limits.shard) close()
      open.push(...pair)
      openBytes += bytes
      i += pair.length
    }
  }
  close()
  return { tensors, shards, bytes: shards.reduce((sum, shard) => sum + shard.bytes, 0), parameters }
}
