/** f32 to f16 on the cpu backend. Contract: `Backend.packF16`. */
import { packedCount } from '@/backend/kernels/packF16/types'
import type { Tensor } from '@/backend/tensor'
import { f32ToF16 } from '@/base/half'

/** Runs at once; tensors hold `data`. */
export function packF16Cpu(source: Tensor, target: Tensor): void {
  packedCount(source, target)
  ;(target.data as Uint16Array).set(f32ToF16(source.data as Float32Array))
}
