/** K/V fusion in TypeScript, for the cpu backend. Contract: `types.ts`. */
import { halfTable } from '@/backend/kernels/expandF16/cpu'
import { valuesOf } from '@/backend/kernels/host'
import { checkKvFusion, type KvFusionArgs } from '@/backend/kernels/kvFusion/types'

/** Runs at once; tensors hold `data`. */
export function kvFusionCpu(args: KvFusionArgs): void {
  checkKvFusion(args)
  const { batch, width, grid, target, reference, mask } = args
  const [items, maskRows, maskColumns] = mask.dims
  const masks = valuesOf(mask)
  const pairs = [
    [valuesOf(target.k), reference.k],
    [valuesOf(target.v), reference.v],
  ] as const
  for (let token = 0, item = 0; item < batch; item++)
    for (let row = 0; row < grid.rows; row++) {
      const maskRow = (item % items) * maskRows + Math.floor((row * maskRows) / grid.rows)
      for (let column = 0; column < grid.columns; column++, token++) {
        const m = masks[maskRow * maskColumns + Math.floor((column * maskColumns) / grid.columns)]
        if (m === 0) continue
        for (const [values, { data }] of pairs) {
          const own = values.subarray(token * width, (token + 1) * width)
          if (data instanceof Uint16Array) blendHalves(own, data, token * width, m)
          else blend(own, data as Float32Array, token * width, m)
        }
      }
    }
}

/** Blends the values of `other` from `start` on into a token's own. */
function blend(own: Float32Array, other: Float32Array, start: number, m: number): void {
  if (m === 1) own.set(other.subarray(start, start + own.length))
  else for (let i = 0; i < own.length; i++) own[i] = m * other[start + i] + (1 - m) * own[i]
}

function blendHalves(own: Float32Array, halves: Uint16Array, start: number, m: number): void {
  const table = halfTable()
  for (let i = 0; i < own.length; i++) {
    const value = table[halves[start + i]]
    own[i] = m === 1 ? value : m * value + (1 - m) * own[i]
  }
}
