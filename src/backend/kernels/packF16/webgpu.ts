/** f32 to f16 on WebGPU without shader-f16. Contract: `Backend.packF16`. */
import halfBits from '@shaders/half_bits.wgsl?raw'
import wgsl from '@shaders/pack_f16.wgsl?raw'
import { packedCount } from '@/backend/kernels/packF16/types'
import { packFields, type Field } from '@/backend/kernels/params'
import type { Tensor } from '@/backend/tensor'
import { bufferOf, linearGrid, type Gpu, type KernelSource } from '@/backend/webgpu/gpu'

const KERNEL: KernelSource = { name: 'pack_f16', wgsl, includes: { 'half_bits.wgsl': halfBits } }
const WORKGROUP = 64

/** Issues the dispatch; returns before the device is done. */
export function packF16Webgpu(gpu: Gpu, source: Tensor, target: Tensor): void {
  const count = packedCount(source, target)
  if (count === 0) return
  const fours = Math.ceil(count / 4)
  const bindings = [gpu.uniform(packFields(halvesFields(fours))), bufferOf(source), bufferOf(target)]
  gpu.dispatch(gpu.pipeline(KERNEL, { WORKGROUP }), bindings, linearGrid(fours, WORKGROUP))
}

/** The `Params` struct of pack_f16.wgsl. */
export function halvesFields(fours: number): Field[] {
  const u32 = (name: string, value: number): Field => ({ name, type: 'u32', values: [value] })
  return [u32('count', fours), u32('padding_0', 0), u32('padding_1', 0), u32('padding_2', 0)]
}
