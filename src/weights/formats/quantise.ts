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

/** Bytes of one block without its scale. */
export const blockBytes = (bits: 4 | 8): number => (QUANT_BLOCK * bits) / 8

/** Smaller scales are not normal f32 numbers: their reciprocals overflow, and the block is zero anyway. */
const SMALLEST_SCALE = 2 ** -126

/** @param weight [rows, cols], row-major; `cols` need not be a multiple of the block: padding is zero. */
export function quantise(weight: Float32Array, rows: number, cols: number, bits: 4 | 8): Quantised {
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  const packed = new Uint8Array(rows * blocks * blockBytes(bits))
  const scales = new Float32Array(rows * blocks)
  quantiseInto(weight, rows, cols, bits, packed, scales)
  return { packed, scales }
}

/**
 * As `quantise`, into memory that the caller has.
 * @returns false when a weight is not finite (its block is then worthless)
 */
export function quantiseInto(
  weight: Float32Array,
  rows: number,
  cols: number,
  bits: 4 | 8,
  packed: Uint8Array,
  scales: Float32Array,
): boolean {
  const whole = cols % QUANT_BLOCK === 0
  if (whole) return quantiseBlocks(weight, rows * (cols / QUANT_BLOCK), bits, packed, scales)
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  const padded = new Float32Array(blocks * QUANT_BLOCK)
  let finite = true
  for (let row = 0; row < rows; row++) {
    padded.set(weight.subarray(row * cols, (row + 1) * cols))
    const to = row * blocks
    const bytes = packed.subarray(to * blockBytes(bits), (to + blocks) * blockBytes(bits))
    finite = quantiseBlocks(padded, blocks, bits, bytes, scales.subarray(to, to + blocks)) && finite
  }
  return finite
}

/**
 * Twelve billion weights pass here. Levels are rounded by adding zero point + 1/2 and cutting off, which needs neither
 * a clamp (the block's largest weight maps to the top level) nor a branch.
 */
function quantiseBlocks(
  weight: Float32Array,
  blocks: number,
  bits: 4 | 8,
  packed: Uint8Array,
  scales: Float32Array,
): boolean {
  const top = bits === 8 ? 127 : 7
  // The pattern of |x| as an integer orders like |x|, and comparing integers is cheaper.
  const patterns = new Int32Array(weight.buffer, weight.byteOffset, weight.length)
  const pattern = new Int32Array(1)
  const number = new Float32Array(pattern.buffer)
  // Levels are written four bytes at a time (typed arrays are little endian wherever WebGPU is).
  const words = new Int32Array(packed.buffer, packed.byteOffset, packed.byteLength / 4)
  let sum = 0
  for (let block = 0, at = 0, i = 0; block < blocks; block++) {
    const end = i + QUANT_BLOCK
    let highest = 0
    for (let j = i; j < end; j++) highest = Math.max(highest, patterns[j] & 0x7fffffff)
    pattern[0] = highest
    const exact = Math.fround(number[0] / top)
    const scale = exact < SMALLEST_SCALE ? 0 : exact
    const factor = scale === 0 ? 0 : 1 / scale
    scales[block] = scale
    sum += scale - scale // NaN where a scale is infinite or not a number
    if (bits === 8)
      for (; i < end; i += 4)
        words[at++] =
          (weight[i] * factor + 128.5) |
          0 |
          (((weight[i + 1] * factor + 128.5) | 0) << 8) |
          (((weight[i + 2] * factor + 128.5) | 0) << 16) |
          (((weight[i + 3] * factor + 128.5) | 0) << 24)
    else
      for (; i < end; i += 8) {
        let word = 0
        for (let k = 0; k < 8; k++) word |= ((weight[i + k] * factor + 8.5) | 0) << (4 * k)
        words[at++] = word
      }
  }
  return sum === 0
}

/** The weights that the quantised form stands for, [rows, cols]. */
export function dequantise(
  { packed, scales }: Quantised,
  rows: number,
  cols: number,
  bits: 4 | 8,
): Float32Array {
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  const bytes = blockBytes(bits)
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
