/** K/V fusion in TypeScript, for the cpu backend. Contract: `types.ts`. */
import { halfTable } from '@/backend/kernels/expandF16/cpu'
import { valuesOf } from '@/backend/kernels/host'
import { checkKvFusion, type KvFusionArgs } from '@/backend/kernels/kvFusion/types'
import type { Tensor } from '@/backend/types'

/** Runs at once; tensors hold `data`. */
export function kvFusionCpu(args: KvFusionArgs): void {
  checkKvFusion(args)
  const { batch, width, grid, target, reference, mask } = args
  const [items, maskRows, maskColumns] = mask.dims
  const masks = valuesOf(mask)
  const pairs = [
    [valuesOf(target.k), readerOf(reference.k)],
    [valuesOf(target.v), readerOf(reference.v)],
  ] as const
  for (let token = 0, item = 0; item < batch; item++)
    for (let row = 0; row < grid.rows; row++) {
      const maskRow = (item % items) * maskRows + Math.floor((row * maskRows) / grid.rows)
      for (let column = 0; column < grid.columns; column++, token++) {
        const m = masks[maskRow * maskColumns + Math.floor((column * maskColumns) / grid.columns)]
        if (m === 0) continue
        const end = (token + 1) * width
        for (const [values, read] of pairs)
          for (let at = token * width; at < end; at++)
            values[at] = m === 1 ? read(at) : m * read(at) + (1 - m) * values[at]
      }
    }
}

/** Reads one value of an f32 or f16 tensor. */
function readerOf({ data }: Tensor): (at: number) => number {
  if (data instanceof Uint16Array) {
    const table = halfTable()
    return (at) => table[data[at]]
  }
  const values = data as Float32Array
  return (at) => values[at]
}
