/** A device and tensors for kernel tests. Without an adapter a test fails; it is never skipped. */
import type { DType } from '@/onnx/graph'
import type { HostArray, Tensor } from '@/backend/tensor'
import { Gpu } from '@/backend/webgpu/gpu'

export class TestDevice {
  readonly device: GPUDevice
  readonly gpu: Gpu
  /** Validation errors so far; `read` throws the first and forgets them. */
  private readonly errors: string[] = []
  private readonly buffers: GPUBuffer[] = []

  /** Tensors live on it until `clear`. */
  constructor(device: GPUDevice) {
    this.device = device
    this.gpu = new Gpu(device)
    device.onuncapturederror = (event) => this.errors.push(event.error.message)
  }

  /** With the limits that WebGPU guarantees, unless told otherwise. */
  static async create(
    requiredLimits: Record<string, number> = {},
    requiredFeatures: GPUFeatureName[] = [],
  ): Promise<TestDevice> {
    const adapter = await navigator.gpu?.requestAdapter()
    if (!adapter)
      throw new Error(
        'No WebGPU adapter: kernel tests need one (Chromium with its software adapter will do).',
      )
    return new TestDevice(await adapter.requestDevice({ requiredLimits, requiredFeatures }))
  }

  tensor(values: HostArray, dims: readonly number[], label = 'test'): Tensor {
    const size = Math.max(16, Math.ceil(values.byteLength / 16) * 16)
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const buffer = this.device.createBuffer({ size, usage, label })
    const bytes = new Uint8Array(size)
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    this.device.queue.writeBuffer(buffer, 0, bytes)
    this.buffers.push(buffer)
    return { dtype: dtypeOf(values), dims, label, buffer }
  }

  /** A tensor of `dims` filled with one value, to see what a kernel leaves alone. */
  filled(value: number, dims: readonly number[], label = 'test'): Tensor {
    const count = dims.reduce((product, dim) => product * dim, 1)
    return this.tensor(new Float32Array(count).fill(value), dims, label)
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    const buffer = tensor.buffer!
    const staging = this.device.createBuffer({
      size: buffer.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    const encoder = this.device.createCommandEncoder()
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
    this.device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const count = tensor.dims.reduce((product, dim) => product * dim, 1)
    const values = new Float32Array(staging.getMappedRange().slice(0, count * 4))
    staging.destroy()
    const [error] = this.errors.splice(0)
    if (error !== undefined) throw new Error(error)
    return values
  }

  /** Frees the tensors made so far. */
  clear(): void {
    for (const buffer of this.buffers.splice(0)) buffer.destroy()
  }

  dispose(): void {
    this.clear()
    this.gpu.dispose()
    this.device.destroy()
  }
}

function dtypeOf(values: HostArray): DType {
  if (values instanceof Float32Array) return 'float32'
  if (values instanceof Int32Array) return 'int32'
  return values instanceof Uint16Array ? 'float16' : 'uint8'
}
