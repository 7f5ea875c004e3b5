/** The `webgpu` backend: ORT's native WebGPU provider and our kernels on one device. */
import { fail } from '@/base/errors'
import { OnceEach } from '@/base/once'
import { releaseAll } from '@/base/release'
import { expandF16Webgpu } from '@/backend/kernels/expandF16/webgpu'
import type { RowSpan } from '@/backend/kernels/expandF16/types'
import { kvFusionWebgpu } from '@/backend/kernels/kvFusion/webgpu'
import type { KvFusionArgs } from '@/backend/kernels/kvFusion/types'
import { packF16Webgpu } from '@/backend/kernels/packF16/webgpu'
import { responseMapWebgpu } from '@/backend/kernels/responseMap/webgpu'
import type { ResponseMapArgs } from '@/backend/kernels/responseMap/types'
import { ropeAffineWebgpu } from '@/backend/kernels/ropeAffine/webgpu'
import type { RopeAffineArgs } from '@/backend/kernels/ropeAffine/types'
import { cutAttention } from '@/backend/kernels/sharedAttention/cut'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import {
  createSession,
  exclusively,
  loadOrt,
  type OrtModule,
  type OrtSession,
  type OrtTensor,
} from '@/backend/ort'
import type { DType } from '@/onnx/graph'
import { dtypeOf, elements, type HostArray, type Tensor } from '@/backend/tensor'
import type { Arithmetic, Backend, MemoryReport, Segment } from '@/backend/types'
import { cutRows, type RowPiece } from '@/backend/cutRows'
import { requestDevice, type AdapterReport } from '@/backend/webgpu/device'
import { bufferOf, Gpu } from '@/backend/webgpu/gpu'
import { Pace } from '@/backend/webgpu/pace'
import { attentionTrial } from '@/backend/webgpu/attentionTrial'
import { tuneAttention, type TuneMemory } from '@/backend/webgpu/autotune'
import { distrustFaulty, isGraphRight, isRopeRight, wrongNumbers } from '@/backend/webgpu/selfTest'
import { BufferPool } from '@/backend/webgpu/pool'
import type { Graph } from '@/onnx/graph'

interface GpuSegment extends Segment {
  session: OrtSession
}

const BYTES: Record<DType, number> = { float32: 4, int32: 4, uint8: 1, float16: 2 }
/** Rows of a cut run: ORT's kernels work on tiles of up to this many and choose by how many there are. */
export const ROW_MULTIPLE = 64

export interface WebgpuOptions {
  /** Of what suits which GPU; without one it is found out anew. */
  memory?: TuneMemory | null
  /** Default `exact`. */
  arithmetic?: Arithmetic
}

export class WebgpuBackend implements Backend {
  readonly name = 'webgpu'
  /** As asked for, unless the driver gets it wrong. */
  arithmetic: Arithmetic
  readonly device: string
  readonly gpu: Gpu
  private readonly ort: OrtModule
  private readonly pool: BufferPool
  private readonly segments = new OnceEach<GpuSegment>()
  private readonly pace: Pace
  /** What the driver computes wrongly and is done another way, in words. */
  readonly faults: string[] = []
  private lost: string | null = null
  private broken: GPUError | null = null

  private constructor(ort: OrtModule, device: GPUDevice, name: string, arithmetic: Arithmetic) {
    this.arithmetic = arithmetic
    this.ort = ort
    this.device = name
    this.gpu = new Gpu(device)
    this.pace = new Pace(device.queue, this.gpu.capabilities.software)
    this.pool = new BufferPool(device)
    // A run on a lost device resolves without an error, so loss has to be watched here.
    void device.lost.then((info) => (this.lost = info.message || info.reason || 'unknown reason'))
    device.onuncapturederror = (event) => {
      this.broken ??= event.error
      // The error may be of a shader that did not compile, and says so only now.
      this.gpu.forgetPipelines()
    }
  }

  static async create(
    runtimeUrl: string,
    report: AdapterReport,
    { memory = null, arithmetic = 'exact' }: WebgpuOptions = {},
  ): Promise<WebgpuBackend> {
    // A runtime that cannot be loaded must not leave a device behind, so the device comes last.
    const ort = await loadOrt(runtimeUrl)
    const backend = new WebgpuBackend(ort, await requestDevice(report), report.name, arithmetic)
    // Emulated adapters are what our tests run on.
    if (!report.software)
      try {
        await backend.testSelf()
        const half = backend.arithmetic === 'fast'
        await tuneAttention(backend.gpu, memory, attentionTrial(backend.gpu), { half })
        // What is preferred now may be another strategy.
        await backend.testAttention()
      } catch (error) {
        await backend.dispose()
        throw error
      }
    return backend
  }

  /**
   * Finds out what this driver gets wrong, and does without it.
   * @throws unsupported where there is nothing left
   */
  async testSelf(): Promise<void> {
    const { gpu } = this
    if (!(await isRopeRight(gpu))) wrongNumbers('positions', gpu)
    if (!(await isGraphRight(gpu.device, this, false))) wrongNumbers('products', gpu)
    if (this.arithmetic === 'fast') {
      if (!(await isRopeRight(gpu, true))) this.computeExactly('positions as halves')
      else if (!(await isGraphRight(gpu.device, this, true))) this.computeExactly('products of 8 bits')
    }
    await this.testAttention()
  }

  /** The same of attention alone. @throws unsupported where no strategy is right */
  private async testAttention(): Promise<void> {
    const { gpu } = this
    if (!(await distrustFaulty(gpu))) wrongNumbers(`attention by ${gpu.capabilities.faulty.join(', ')}`, gpu)
    if (this.arithmetic === 'fast' && !(await distrustFaulty(gpu, true)))
      this.computeExactly('all attention with halves')
  }

  private computeExactly(fault: string): void {
    this.arithmetic = 'exact'
    this.faults.push(fault)
  }

  upload(values: HostArray, dims: readonly number[], label: string): Tensor {
    const tensor = this.allocate(dtypeOf(values), dims, label)
    this.write(tensor, values)
    return tensor
  }

  uploadWeights(values: HostArray, dims: readonly number[], label: string): Tensor {
    const buffer = this.pool.takePassing(values.byteLength, label)
    const tensor = { dtype: dtypeOf(values), dims, label, buffer }
    this.write(tensor, values)
    return tensor
  }

  write(tensor: Tensor, values: HostArray): void {
    let bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    if (bytes.byteLength % 4) {
      const padded = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4)
      padded.set(bytes)
      bytes = padded
    }
    this.gpu.device.queue.writeBuffer(bufferOf(tensor), 0, bytes as Uint8Array<ArrayBuffer>)
  }

  allocate(dtype: DType, dims: readonly number[], label: string): Tensor {
    return { dtype, dims, label, buffer: this.pool.take(elements(dims) * BYTES[dtype], label) }
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    this.assertAlive()
    const { device } = this.gpu
    const size = Math.ceil((elements(tensor.dims) * BYTES[tensor.dtype]) / 4) * 4
    const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(bufferOf(tensor), 0, staging, 0, size)
    device.queue.submit([encoder.finish()])
    try {
      await staging.mapAsync(GPUMapMode.READ)
    } catch (error) {
      this.assertAlive()
      throw error
    }
    const values = new Float32Array(staging.getMappedRange().slice(0))
    staging.destroy()
    this.assertAlive()
    return values
  }

  free(...tensors: (Tensor | null | undefined)[]): void {
    this.pool.give(...tensors.flatMap((tensor) => (tensor ? [bufferOf(tensor)] : [])))
  }

  copyRows(source: Tensor, from: number, target: Tensor, to: number, rows: number): void {
    const width = source.dims[source.dims.length - 1] * BYTES[source.dtype]
    const encoder = this.gpu.device.createCommandEncoder()
    encoder.copyBufferToBuffer(bufferOf(source), from * width, bufferOf(target), to * width, rows * width)
    this.gpu.device.queue.submit([encoder.finish()])
  }

  compile(graph: Graph): Promise<Segment> {
    return this.segments.get(graph.key, async () => {
      const provider = { name: 'webgpu' as const, device: this.gpu.device }
      const session = await createSession(this.ort, graph, {
        executionProviders: [provider],
        preferredOutputLocation: 'gpu-buffer',
      })
      return { name: graph.key, graph, session }
    })
  }

  async release({ name }: Segment): Promise<void> {
    const segment = await this.segments.take(name)
    if (segment) await exclusively(() => segment.session.release())
  }

  async run(
    segment: Segment,
    inputs: Record<string, Tensor>,
    outputs: Record<string, readonly number[]>,
    signal?: AbortSignal,
  ): Promise<Record<string, Tensor>> {
    const { graph } = segment
    const sample = Object.keys(inputs).find((name) => graph.rowwise.has(name))
    const [batch, tokens] = sample ? inputs[sample].dims : [1, 1]
    const each = batch * graph.flopsPerToken
    const pieces = cutRows(tokens, this.pace.runFlops / Math.max(1, each), ROW_MULTIPLE)
    if (pieces.length <= 1) {
      await this.pace.admit(graph.flops || tokens * each, signal)
      return this.runOnce(segment, inputs, outputs)
    }

    const results = this.allocateAll(outputs)
    try {
      for (const piece of pieces) {
        await this.pace.admit(piece.length * each, signal)
        await this.runPiece(segment, inputs, results, piece)
      }
      return results
    } catch (error) {
      this.free(...Object.values(results))
      throw error
    }
  }

  /** Runs some of the tokens; one by one is how the graph treats them. Tensors have no offsets: rows are copied. */
  private async runPiece(
    segment: Segment,
    inputs: Record<string, Tensor>,
    results: Record<string, Tensor>,
    { start, length }: RowPiece,
  ): Promise<void> {
    const sized = ({ dims }: Tensor): number[] => [dims[0], length, ...dims.slice(2)]
    const copied: Record<string, Tensor> = {}
    for (const [name, tensor] of Object.entries(inputs))
      if (segment.graph.rowwise.has(name)) {
        copied[name] = this.allocate(tensor.dtype, sized(tensor), name)
        this.copyTokens(tensor, start, copied[name], 0, length)
      }
    try {
      const wanted = Object.fromEntries(Object.entries(results).map(([name, whole]) => [name, sized(whole)]))
      const parts = await this.runOnce(segment, { ...inputs, ...copied }, wanted)
      for (const [name, part] of Object.entries(parts)) this.copyTokens(part, 0, results[name], start, length)
      this.free(...Object.values(parts))
    } finally {
      this.free(...Object.values(copied))
    }
  }

  /** Tokens of every batch item of [batch, tokens, …]. */
  private copyTokens(source: Tensor, from: number, target: Tensor, to: number, tokens: number): void {
    const bytes = (tensor: Tensor): number => elements(tensor.dims.slice(2)) * BYTES[tensor.dtype]
    const encoder = this.gpu.device.createCommandEncoder()
    for (let item = 0; item < source.dims[0]; item++)
      encoder.copyBufferToBuffer(
        bufferOf(source),
        (item * source.dims[1] + from) * bytes(source),
        bufferOf(target),
        (item * target.dims[1] + to) * bytes(target),
        tokens * bytes(source),
      )
    this.gpu.device.queue.submit([encoder.finish()])
  }

  private allocateAll(outputs: Record<string, readonly number[]>): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(outputs).map(([name, dims]) => [name, this.allocate('float32', dims, name)]),
    )
  }

  private async runOnce(
    segment: Segment,
    inputs: Record<string, Tensor>,
    outputs: Record<string, readonly number[]>,
  ): Promise<Record<string, Tensor>> {
    this.assertAlive()
    const results = this.allocateAll(outputs)
    const wrap = (tensors: Record<string, Tensor>): Record<string, OrtTensor> =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [
          name,
          this.ort.Tensor.fromGpuBuffer(bufferOf(tensor), { dataType: tensor.dtype, dims: [...tensor.dims] }),
        ]),
      )
    const { session } = segment as GpuSegment
    await exclusively(() => session.run(wrap(inputs), wrap(results)))
    return results
  }

  ropeAffine(args: RopeAffineArgs): Promise<void> {
    ropeAffineWebgpu(this.gpu, args)
    return Promise.resolve()
  }

  async sharedAttention(args: SharedAttentionArgs, signal?: AbortSignal): Promise<void> {
    for (const part of cutAttention(args, this.pace.runFlops)) {
      await this.pace.admit(part.flops, signal)
      sharedAttentionWebgpu(this.gpu, part.args)
    }
  }

  responseMap(args: ResponseMapArgs): Promise<void> {
    responseMapWebgpu(this.gpu, args)
    return Promise.resolve()
  }

  kvFusion(args: KvFusionArgs): void {
    kvFusionWebgpu(this.gpu, args)
  }

  expandF16(source: Tensor, target: Tensor, rows: RowSpan = {}): void {
    expandF16Webgpu(this.gpu, source, target, rows)
  }

  packF16(source: Tensor, target: Tensor): void {
    packF16Webgpu(this.gpu, source, target)
  }

  async breathe(): Promise<void> {
    await this.pace.breathe()
    this.assertAlive()
  }

  async settle(): Promise<void> {
    await this.pace.settle()
    this.assertAlive()
  }

  assertAlive(): void {
    if (this.lost !== null)
      fail(
        'device-lost',
        'The connection to the GPU was lost.',
        'Press Fuse again: the GPU is started anew. If it keeps happening, choose the CPU backend.',
        this.lost,
      )
    if (this.broken) {
      const { broken } = this
      this.broken = null
      if (broken instanceof GPUOutOfMemoryError)
        fail(
          'out-of-memory',
          'The GPU ran out of memory.',
          'Close other tabs or choose the CPU backend.',
          broken.message,
        )
      fail(
        'internal',
        'The GPU reported an error.',
        'Choose the CPU backend in the settings and report this.',
        broken.message,
      )
    }
  }

  loseDevice(): void {
    this.gpu.device.destroy()
  }

  get runFlops(): number {
    return this.pace.runFlops
  }

  get maxTensorBytes(): number {
    return this.pool.maxBytes
  }

  trim(): void {
    this.pool.trim()
  }

  memory(): MemoryReport {
    return { residentBytes: this.pool.residentBytes, peakBytes: this.pool.peakBytes }
  }

  async dispose(): Promise<void> {
    const segments = await this.segments.takeAll()
    await releaseAll([
      ...segments.map(
        ({ session }) =>
          () =>
            exclusively(() => session.release()),
      ),
      () => this.gpu.dispose(),
      () => this.gpu.device.destroy(),
    ])
  }
}
