/** Shared cases of K/V fusion, for tests and benches. */
import { seededNormals, seededUniform } from '@/backend/kernels/seeded'
import { f16ToF32, f32ToF16 } from '@/base/half'

export interface FusionCase {
  name: string
  batch: number
  width: number
  grid: { rows: number; columns: number }
  maskDims: readonly [items: number, rows: number, columns: number]
  /** Values between 0 and 1 too. */
  soft?: boolean
  half?: boolean
}

export interface FusionData {
  mask: Float32Array
  target: { k: Float32Array; v: Float32Array }
  /** Already rounded where `half` holds the packed form. */
  reference: { k: Float32Array; v: Float32Array }
  half: { k: Uint16Array; v: Uint16Array } | null
}

const square = (size: number): { rows: number; columns: number } => ({ rows: size, columns: size })

export const FUSION_CASES: readonly FusionCase[] = [
  { name: 'the middle block: mask shrunk', batch: 2, width: 24, grid: square(4), maskDims: [1, 8, 8] },
  { name: 'same grid', batch: 2, width: 20, grid: square(8), maskDims: [1, 8, 8] },
  {
    name: 'mask grown, half precision',
    batch: 2,
    width: 8,
    grid: square(16),
    maskDims: [1, 8, 8],
    half: true,
  },
  {
    name: 'grids that do not divide',
    batch: 1,
    width: 6,
    grid: { rows: 7, columns: 5 },
    maskDims: [1, 3, 4],
  },
  { name: 'soft mask', batch: 2, width: 12, grid: square(6), maskDims: [1, 3, 3], soft: true },
  {
    name: 'soft, half, pairs',
    batch: 2,
    width: 10,
    grid: square(3),
    maskDims: [1, 2, 5],
    soft: true,
    half: true,
  },
  {
    name: 'two pictures, two branches',
    batch: 4,
    width: 4,
    grid: square(5),
    maskDims: [2, 5, 5],
    soft: true,
  },
  { name: 'odd width', batch: 1, width: 5, grid: square(3), maskDims: [1, 3, 3] },
  { name: 'odd width, half', batch: 2, width: 7, grid: square(3), maskDims: [1, 3, 3], half: true },
  {
    name: 'odd width, soft, half',
    batch: 1,
    width: 5,
    grid: square(5),
    maskDims: [1, 2, 2],
    soft: true,
    half: true,
  },
  { name: 'one value', batch: 1, width: 1, grid: square(1), maskDims: [1, 1, 1] },
]

export function buildFusion(test: FusionCase, seed = 1): FusionData {
  const { batch, width, grid, maskDims, soft, half } = test
  const count = batch * grid.rows * grid.columns * width
  const normals = (salt: number): Float32Array => seededNormals(seed * 100 + salt, count)
  const uniform = seededUniform(seed * 100)
  const mask = Float32Array.from({ length: maskDims[0] * maskDims[1] * maskDims[2] }, () => {
    const value = uniform()
    return soft && value > 0.3 && value < 0.7 ? value : Math.round(value)
  })
  const [k, v] = [normals(3), normals(4)]
  const packed = half ? { k: f32ToF16(k), v: f32ToF16(v) } : null
  return {
    mask,
    target: { k: normals(1), v: normals(2) },
    reference: packed ? { k: f16ToF32(packed.k), v: f16ToF32(packed.v) } : { k, v },
    half: packed,
  }
}
