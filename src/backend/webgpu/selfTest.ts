/**
 * Whether this adapter's driver computes our kernels as they are written: attention of known numbers, against
 * values that were worked out in f64. A driver that miscompiles a strategy is found before it paints.
 */
import { attentionPlans, type AttentionStrategy } from '@/backend/kernels/sharedAttention/strategies'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import type { Tensor } from '@/backend/tensor'
import { fail } from '@/base/errors'
import { KNOWN_ATTENTION, KNOWN_OUTPUTS, knownNumbers } from '@/backend/webgpu/knownAttention'
import { errorsOn } from '@/backend/webgpu/errorScopes'
import { bufferOf, type Gpu } from '@/backend/webgpu/gpu'

/** Exponentials differ between GPUs by some 1e-6; a wrong tile is off by 1e-2 and more. */
const TOLERANCE = 1e-4

/**
 * Tries the device's strategies in the order in which it would take them until one computes what it should, and has
 * the others never taken on this device. Gives their names; some tens of milliseconds where the first is right.
 * @throws unsupported when none is right
 */
export async function distrustFaulty(gpu: Gpu): Promise<AttentionStrategy[]> {
  const { headDim, queries } = KNOWN_ATTENTION
  const faulty: AttentionStrategy[] = []
  for (;;) {
    const [plan] = attentionPlans(gpu.capabilities, { headDim, half: false }, queries)
    if (!plan)
      return fail(
        'unsupported',
        `This GPU's driver computes wrong numbers (${faulty.join(', ')}).`,
        'Choose the CPU backend in the settings, or update the driver.',
        gpu.capabilities.adapter,
      )
    if (await isRight(gpu)) return faulty
    faulty.push(plan.strategy)
    gpu.distrust(plan.strategy)
  }
}

async function isRight(gpu: Gpu): Promise<boolean> {
  const { device } = gpu
  const { heads, headDim, queries, keys } = KNOWN_ATTENTION
  const buffers: GPUBuffer[] = []
  const tensor = (label: string, tokens: number, values: Float32Array<ArrayBuffer> | null): Tensor => {
    const size = 4 * tokens * heads * headDim
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const buffer = device.createBuffer({ size, usage, label })
    buffers.push(buffer)
    if (values) device.queue.writeBuffer(buffer, 0, values)
    return { dtype: 'float32', dims: [1, tokens, heads, headDim], label, buffer }
  }
  const { q, k, v, scale } = knownNumbers()
  const out = { ...tensor('self-test', queries, null), dims: [1, queries, heads * headDim] }
  const staging = device.createBuffer({
    size: 4 * queries * heads * headDim,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  buffers.push(staging)
  // A shader that does not compile is a fault like wrong numbers.
  const errors = errorsOn(device)
  sharedAttentionWebgpu(gpu, {
    batch: 1,
    heads,
    headDim,
    scale,
    q: tensor('q', queries, q),
    sources: [{ k: tensor('k', keys, k), v: tensor('v', keys, v) }],
    queries: [{ start: 0, length: queries, keys: [{ source: 0, start: 0, length: keys }], out, outStart: 0 }],
  })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(bufferOf(out), 0, staging, 0, staging.size)
  device.queue.submit([encoder.finish()])
  try {
    if (await errors()) return false
    await staging.mapAsync(GPUMapMode.READ)
    const values = new Float32Array(staging.getMappedRange())
    return KNOWN_OUTPUTS.every(([at, value]) => Math.abs(values[at] - value) <= TOLERANCE)
  } finally {
    for (const buffer of buffers) buffer.destroy()
  }
}
