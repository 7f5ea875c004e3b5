/** f16 to f32 on the cpu backend, by a table of all halves. */
import { spanOf, type RowSpan } from '@/backend/kernels/expandF16/types'
import type { Tensor } from '@/backend/tensor'
import { f16ToF32 } from '@/base/half'

let table: Float32Array | null = null

/** The value of every half by its bits: 65,536 values, made at the first use. */
export function halfTable(): Float32Array {
  table ??= f16ToF32(Uint16Array.from({ length: 65536 }, (_, bits) => bits))
  return table
}

/** Runs at once; tensors hold `data`. */
export function expandF16Cpu(source: Tensor, target: Tensor, span: RowSpan): void {
  const { from, to, count } = spanOf(source, target, span)
  const values = halfTable()
  const halves = source.data as Uint16Array
  const floats = target.data as Float32Array
  for (let at = 0; at < count; at++) floats[to + at] = values[halves[from + at]]
}
