/**
 * Whether this adapter's driver computes our kernels as they are written: known numbers against values that were worked
 * out in f64. A driver that miscompiles is found before it paints.
 */
import { ropeAffineWebgpu } from '@/backend/kernels/ropeAffine/webgpu'
import { attentionPlans, type AttentionStrategy } from '@/backend/kernels/sharedAttention/strategies'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import type { HostArray, Tensor } from '@/backend/tensor'
import type { Backend } from '@/backend/types'
import { errorsOn } from '@/backend/webgpu/errorScopes'
import { bufferOf, type Gpu } from '@/backend/webgpu/gpu'
import {
  attentionNumbers,
  graphNumbers,
  KNOWN_ATTENTION,
  KNOWN_GRAPH,
  KNOWN_OUTPUTS,
  KNOWN_PRODUCTS,
  KNOWN_ROPE,
  KNOWN_ROTATED,
  knownGraph,
  ropeNumbers,
} from '@/backend/webgpu/known'
import { fail, problemOf } from '@/base/errors'
import { f16ToF32 } from '@/base/half'

/** Exponentials differ between GPUs by some 1e-6; a wrong tile is off by 1e-2 and more. */
const TOLERANCE = 1e-4
/** Strategies may hold queries and weights as halves where keys and values are. */
const HALF_TOLERANCE = 3e-3
/** Of activations in 8 bits; outputs are up to 0.8. */
const INT8_TOLERANCE = 2e-2

type Known = readonly (readonly [at: number, value: number])[]

export const wrongNumbers = (what: string, gpu: Gpu): never =>
  fail(
    'unsupported',
    `This GPU's driver computes wrong numbers (${what}).`,
    'Choose the CPU backend in the settings, or update the driver.',
    gpu.capabilities.adapter,
  )

const isClose = (values: ArrayLike<number>, known: Known, tolerance: number): boolean =>
  known.every(([at, value]) => Math.abs(values[at] - value) <= tolerance)

/**
 * Tries the device's strategies of attention in the order in which it would take them until one computes what it should, and has
 * the others never taken on this device; some tens of milliseconds where the first is right.
 * @param half keys and values as halves
 * @returns their names; null when none is right
 */
export async function distrustFaulty(gpu: Gpu, half = false): Promise<AttentionStrategy[] | null> {
  const { headDim, queries } = KNOWN_ATTENTION
  const faulty: AttentionStrategy[] = []
  for (;;) {
    const [plan] = attentionPlans(gpu.capabilities, { headDim, half }, queries)
    if (!plan) return null
    if (await isAttentionRight(gpu, half)) return faulty
    faulty.push(plan.strategy)
    gpu.distrust(plan.strategy, half)
  }
}

function isAttentionRight(gpu: Gpu, half: boolean): Promise<boolean> {
  const { heads, headDim, queries, keys } = KNOWN_ATTENTION
  const numbers = attentionNumbers()
  const { k, v } = half ? numbers.half : numbers
  return trying(gpu, async (tensor, read) => {
    const out = tensor(new Float32Array(queries * heads * headDim), [1, queries, heads * headDim])
    const kv = [1, keys, heads, headDim]
    const seen = [{ source: 0, start: 0, length: keys }]
    sharedAttentionWebgpu(gpu, {
      ...{ batch: 1, heads, headDim, scale: numbers.scale },
      q: tensor(numbers.q, [1, queries, heads, headDim]),
      sources: [{ k: tensor(k, kv), v: tensor(v, kv) }],
      queries: [{ start: 0, length: queries, keys: seen, out, outStart: 0 }],
    })
    return isClose(await read(out), KNOWN_OUTPUTS, half ? HALF_TOLERANCE : TOLERANCE)
  })
}

/** @param half keys leave as halves */
export function isRopeRight(gpu: Gpu, half = false): Promise<boolean> {
  const { tokens, heads, headDim, axesDim, theta } = KNOWN_ROPE
  const { qkv, queryScale, keyScale, ids } = ropeNumbers()
  return trying(gpu, async (tensor, read) => {
    const blank = (halves: boolean): Tensor => {
      const count = tokens * heads * headDim
      return tensor(halves ? new Uint16Array(count) : new Float32Array(count), [1, tokens, heads, headDim])
    }
    const arena = { q: blank(false), k: blank(half), v: blank(half) }
    ropeAffineWebgpu(gpu, {
      ...{ heads, headDim, axesDim, theta, arena },
      qkv: tensor(qkv, [1, tokens, 3 * heads * headDim]),
      queryScale: tensor(queryScale, [headDim]),
      keyScale: tensor(keyScale, [headDim]),
      ids: tensor(ids, [tokens, axesDim.length]),
      segments: [{ start: 0, length: tokens, arenaStart: 0, affine: null }],
    })
    const [q, k] = [await read(arena.q), await read(arena.k)]
    const keys = half ? f16ToF32(new Uint16Array(k.buffer, k.byteOffset, 2 * k.length)) : k
    const tolerance = half ? HALF_TOLERANCE : TOLERANCE
    return isClose(q, KNOWN_ROTATED.q, TOLERANCE) && isClose(keys, KNOWN_ROTATED.k, tolerance)
  })
}

type GraphRunner = Pick<Backend, 'compile' | 'release' | 'upload' | 'run' | 'read' | 'free'>

/**
 * Whether ORT's part, norms and products, is right; a shader that does not compile is a fault like wrong numbers.
 * @param int8 activations may be rounded to 8 bits
 * @throws device-lost
 */
export async function isGraphRight(device: GPUDevice, backend: GraphRunner, int8: boolean): Promise<boolean> {
  const errors = errorsOn(device)
  const right = await graphAnswers(backend, int8).catch((error: unknown) => {
    if (problemOf(error).code === 'device-lost') throw error
    return false
  })
  return !(await errors()) && right
}

async function graphAnswers(backend: GraphRunner, int8: boolean): Promise<boolean> {
  const { tokens, width, middle, out } = KNOWN_GRAPH
  const { x, packed, scale, down } = graphNumbers()
  const blocks = width / 32
  const inputs = {
    x: backend.upload(x, [1, tokens, width], 'self-test'),
    'up.w0': backend.upload(packed, [middle, blocks, 16], 'self-test'),
    'up.s0': backend.upload(new Float32Array(middle * blocks).fill(scale), [middle, blocks], 'self-test'),
    'down.w0': backend.upload(down, [out, middle], 'self-test'),
  }
  try {
    const segment = await backend.compile(knownGraph(int8))
    try {
      const { y } = await backend.run(segment, inputs, { y: [1, tokens, out] })
      const values = await backend.read(y)
      backend.free(y)
      return isClose(values, KNOWN_PRODUCTS, int8 ? INT8_TOLERANCE : TOLERANCE)
    } finally {
      await backend.release(segment)
    }
  } finally {
    backend.free(...Object.values(inputs))
  }
}

type MakeTensor = (values: HostArray, dims: readonly number[]) => Tensor

/** Runs some work on tensors that are gone afterwards; a shader that does not compile is a fault like wrong numbers. */
async function trying(
  gpu: Gpu,
  work: (tensor: MakeTensor, read: (tensor: Tensor) => Promise<Float32Array>) => Promise<boolean>,
): Promise<boolean> {
  const { device } = gpu
  const buffers: GPUBuffer[] = []
  const make = (size: number, usage: GPUBufferUsageFlags): GPUBuffer => {
    const buffer = device.createBuffer({ size, usage, label: 'self-test' })
    buffers.push(buffer)
    return buffer
  }
  const tensor: MakeTensor = (values, dims) => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const buffer = make(values.byteLength, usage)
    device.queue.writeBuffer(buffer, 0, values as HostArray & ArrayBufferView<ArrayBuffer>)
    const dtype = values instanceof Uint16Array ? 'float16' : 'float32'
    return { dtype, dims, label: 'self-test', buffer }
  }
  const read = async (of: Tensor): Promise<Float32Array> => {
    const { size } = bufferOf(of)
    const staging = make(size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(bufferOf(of), 0, staging, 0, size)
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    return new Float32Array(staging.getMappedRange())
  }
  const errors = errorsOn(device)
  const right = await work(tensor, read)
  const refused = await errors()
  for (const buffer of buffers) buffer.destroy()
  return right && !refused
}
