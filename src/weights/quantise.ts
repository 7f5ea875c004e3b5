/**
 * Block quantisation of linears in MatMulNBits' layout: every 32 input features of a row share one f32
 * scale; values are symmetric around the operator's default zero point (128, or 8 for 4 bits).
 */
import { QUANT_BLOCK } from '@/onnx/layers'

export interface Quantised {
  /** [rows, blocks, 32] for 8 bits, [rows, blocks, 16] (low nibble first) for 4 bits. */
  packed: Uint8Array<ArrayBuffer>
  /** [rows, blocks] */
  scales: Float32Array<ArrayBuffer>
}

/** @param weight [rows, cols], row-major; `cols` need not be a multiple of the block: padding is zero. */
export function quantise(weight: Float32Array, rows: number, cols: number, bits: 4 | 8): Quantised {
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  const bytes = (QUANT_BLOCK * bits) / 8
  const zero = bits === 8 ? 128 : 8
  const top = zero - 1
  const packed = new Uint8Array(rows * blocks * bytes).fill(bits === 8 ? zero : zero | (zero << 4))
  const scales = new Float32Array(rows * blocks)
  for (let row = 0; row < rows; row++)
    for (let block = 0; block < blocks; block++) {
      const from = row * cols + block * QUANT_BLOCK
      const length = Math.min(QUANT_BLOCK, cols - block * QUANT_BLOCK)
      let highest = 0
      for (let i = 0; i < length; i++) highest = Math.max(highest, Math.abs(weight[from + i]))
      const scale = Math.fround(highest / top)
      scales[row * blocks + block] = scale
      const at = (row * blocks + block) * bytes
      for (let i = 0; i < length; i++) {
        const level = scale === 0 ? 0 : Math.max(-top, Math.min(top, Math.round(weight[from + i] / scale)))
        if (bits === 8) packed[at + i] = level + zero
        else {
          const shift = (i & 1) * 4
          packed[at + (i >> 1)] = (packed[at + (i >> 1)] & ~(15 << shift)) | ((level + zero) << shift)
        }
      }
    }
  return { packed, scales }
}

/** The weights that the quantised form stands for, [rows, cols]. */
export function dequantise(
  { packed, scales }: Quantised,
  rows: number,
  cols: number,
  bits: 4 | 8,
): Float32Array {
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  const bytes = (QUANT_BLOCK * bits) / 8
  const weight = new Float32Array(rows * cols)
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      const block = row * blocks + Math.floor(col / QUANT_BLOCK)
      const i = col % QUANT_BLOCK
      const level =
        bits === 8
          ? packed[block * bytes + i] - 128
          : ((packed[block * bytes + (i >> 1)] >> ((i & 1) * 4)) & 15) - 8
      weight[row * cols + col] = level * scales[block]
    }
  return weight
}
