/** Fills a planned shard from a checkpoint, a slab of rows at a time: what bounds an import's memory. */
import { fail, unreachable } from '@/base/errors'
import { f32ToF16 } from '@/base/half'
import { macrotask } from '@/base/macrotask'
import { QUANT_BLOCK } from '@/onnx/layers'
import type { Checkpoint } from '@/weights/formats/checkpoint'
import { rowSize } from '@/weights/formats/tensorEntry'
import type { Piece, ShardPlan } from '@/weights/import/importPlan'
import { readCanonical } from '@/weights/formats/canonical'
import { blockBytes, quantiseInto } from '@/weights/formats/quantise'

/** Numbers widened at a time: 16 MiB as f32. */
const SLAB_NUMBERS = 4 * 2 ** 20

/**
 * Holds one shard (about 64 MiB, or a single larger chunk with its scales) and one slab; both are used again for every
 * shard. With the stored bytes of a slab, the digest's copy and the written file on its way back, an import stays below
 * 0.5 GB, whatever the checkpoint's size.
 */
export class ShardBuilder {
  private readonly checkpoint: Checkpoint
  private memory = new Uint8Array(0)
  private slab = new Float32Array(0)

  constructor(checkpoint: Checkpoint) {
    this.checkpoint = checkpoint
  }

  /** Bytes that this object holds, for those who account for them. */
  get bytes(): number {
    return this.memory.byteLength + this.slab.byteLength
  }

  /**
   * The shard's file; valid until the next call. `onBytes` hears how many of the shard's bytes are new.
   * @throws bad-weights when a number is not finite, or does not fit into f16
   */
  async build(
    shard: ShardPlan,
    onBytes: (bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (this.memory.byteLength < shard.bytes) this.memory = new Uint8Array(shard.bytes)
    const file = this.memory.subarray(0, shard.bytes)
    file.set(shard.header)
    onBytes(shard.header.length)
    for (const [i, piece] of shard.pieces.entries()) {
      if (piece.isScale) continue
      const scales = shard.pieces.findIndex(({ stored }) => stored === `${piece.stored}.scale`)
      await this.fill(piece, file, shard.begins[i], scales < 0 ? null : shard.begins[scales], onBytes, signal)
    }
    return file
  }

  private async fill(
    piece: Piece,
    file: Uint8Array<ArrayBuffer>,
    begin: number,
    scalesBegin: number | null,
    onBytes: (bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const cols = rowSize(piece.of)
    const step = Math.min(piece.rows, Math.max(1, Math.floor(SLAB_NUMBERS / cols)))
    if (this.slab.length < step * cols) this.slab = new Float32Array(Math.max(SLAB_NUMBERS, step * cols))
    for (let row = 0; row < piece.rows; row += step) {
      signal?.throwIfAborted()
      const rows = Math.min(step, piece.rows - row)
      const values = this.slab.subarray(0, rows * cols)
      await readCanonical(this.checkpoint, piece.of, piece.first + row, rows, values, signal)
      const target = { file, begin, scalesBegin, row, rows, cols }
      const written = store(piece, values, target)
      if (written === null)
        fail(
          'bad-weights',
          `The tensor "${piece.of.name}" has numbers that are infinite, no numbers or beyond 16 bits.`,
          'Get the file again from where it came.',
          piece.of.parts.map(({ tensor }) => tensor).join(', '),
        )
      onBytes(written)
      await macrotask()
    }
  }
}

interface Target {
  file: Uint8Array<ArrayBuffer>
  begin: number
  scalesBegin: number | null
  /** Rows [row, row + rows) of the piece. */
  row: number
  rows: number
  cols: number
}

/** Writes a slab in the piece's format. Bytes written, or null when a number has no place in it. */
function store(piece: Piece, values: Float32Array, { file, begin, scalesBegin, row, rows, cols }: Target) {
  const { buffer, byteOffset } = file
  switch (piece.format) {
    case 'f32':
      new Float32Array(buffer, byteOffset + begin + row * cols * 4, values.length).set(values)
      return areFinite(values) ? values.byteLength : null
    case 'f16': {
      const at = byteOffset + begin + row * cols * 2
      if ('Float16Array' in globalThis) new Float16Array(buffer, at, values.length).set(values)
      else new Uint16Array(buffer, at, values.length).set(f32ToF16(values))
      return areFinite(values, LARGEST_F16) ? values.length * 2 : null
    }
    case 'q8':
    case 'q4': {
      if (scalesBegin === null) return fail('internal', 'A quantised tensor has no scales.', 'Report this.')
      const bits = piece.format === 'q8' ? 8 : 4
      const blocks = Math.ceil(cols / QUANT_BLOCK)
      const bytes = rows * blocks * blockBytes(bits)
      const packed = new Uint8Array(buffer, byteOffset + begin + row * blocks * blockBytes(bits), bytes)
      const scales = new Float32Array(buffer, byteOffset + scalesBegin + row * blocks * 4, rows * blocks)
      return quantiseInto(values, rows, cols, bits, packed, scales) ? bytes + scales.byteLength : null
    }
    case 'bf16':
      return fail('internal', 'Nothing is converted to bf16.', 'Report this.')
    default:
      return unreachable(piece.format)
  }
}

/** Larger numbers round to infinity in f16. */
const LARGEST_F16 = 65519

function areFinite(values: Float32Array, largest = 3.5e38): boolean {
  let highest = 0
  for (let i = 0; i < values.length; i++) highest = Math.max(highest, Math.abs(values[i]))
  // Math.max keeps NaN.
  return highest <= largest && highest !== Infinity
}
