/** What an adapter itself can do, measured in the same run as our kernels: a dense product and a copy. */
import matmul from '@shaders/peak_matmul.wgsl?raw'
import { packFields } from '@/backend/kernels/params'
import type { Gpu } from '@/backend/webgpu/gpu'

import { milliseconds } from './stopwatch'

export interface Peaks {
  /** Of a dense f32 product, GFLOP/s. */
  gflops: number
  /** Read and written by a copy between buffers, GB/s. */
  gigabytes: number
}

/** Sides of the product and bytes of the copy. */
const SIZES = { side: 4096, bytes: 2 ** 28 }
const SMALL = { side: 512, bytes: 2 ** 22 }

export async function measurePeaks(gpu: Gpu, rehearse: boolean): Promise<Peaks> {
  const { side, bytes } = rehearse ? SMALL : SIZES
  const { device } = gpu
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
  const buffers = [0, 1, 2].map(() => device.createBuffer({ size: 4 * side * side, usage }))
  const copies = [0, 1].map(() => device.createBuffer({ size: bytes, usage }))
  const product = await milliseconds(device, () => multiply(gpu, side, buffers))
  const copy = await milliseconds(device, () => {
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(copies[0], 0, copies[1], 0, bytes)
    device.queue.submit([encoder.finish()])
  })
  for (const buffer of [...buffers, ...copies]) buffer.destroy()
  return { gflops: (2 * side ** 3) / product / 1e6, gigabytes: (2 * bytes) / copy / 1e6 }
}

/** C = A B of square matrices. @param buffers A, B and C, [side, side] each; the side is a multiple of 64 */
export function multiply(gpu: Gpu, side: number, buffers: readonly GPUBuffer[]): void {
  const fields = packFields([
    { name: 'side', type: 'u32', values: [side] },
    ...[0, 1, 2].map((at) => ({ name: `padding_${at}`, type: 'u32' as const, values: [0] })),
  ])
  const pipeline = gpu.pipeline({ name: 'peak_matmul', wgsl: matmul }, {})
  gpu.dispatch(pipeline, [gpu.uniform(fields), ...buffers], [side / 64, side / 64, 1])
}
