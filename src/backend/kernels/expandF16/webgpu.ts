/** f16 to f32 on WebGPU without shader-f16. Contract: `types.ts`. */
import wgsl from '@shaders/expand_f16.wgsl?raw'
import { spanOf, type RowSpan } from '@/backend/kernels/expandF16/types'
import { packFields, type Field } from '@/backend/kernels/params'
import type { Tensor } from '@/backend/tensor'
import { bufferOf, linearGrid, type Gpu, type KernelSource } from '@/backend/webgpu/gpu'

const KERNEL: KernelSource = { name: 'expand_f16', wgsl }
const WORKGROUP = 64

/** Issues the dispatch; returns before the device is done. */
export function expandF16Webgpu(gpu: Gpu, source: Tensor, target: Tensor, rows: RowSpan): void {
  const span = spanOf(source, target, rows)
  if (span.count === 0) return
  const aligned = [span.from, span.to, span.count].every((at) => at % 4 === 0)
  const unit = aligned ? 4 : 1
  const pipeline = gpu.pipeline(KERNEL, { WORKGROUP, ALIGNED: aligned })
  const uniform = gpu.uniform(packFields(expandFields(span, unit)))
  const bindings = [uniform, bufferOf(source), bufferOf(target)]
  gpu.dispatch(pipeline, bindings, linearGrid(span.count / unit, WORKGROUP))
}

/** The `Params` struct of expand_f16.wgsl, counted in `unit` values. */
export function expandFields(span: { from: number; to: number; count: number }, unit: number): Field[] {
  return [
    { name: 'source_start', type: 'u32', values: [span.from / unit] },
    { name: 'target_start', type: 'u32', values: [span.to / unit] },
    { name: 'count', type: 'u32', values: [span.count / unit] },
    { name: 'padding', type: 'u32', values: [0] },
  ]
}
