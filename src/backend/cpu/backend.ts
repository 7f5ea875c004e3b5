/** The `cpu` backend: ORT's wasm execution provider and plain TypeScript. */
import { fail } from '@/base/errors'
import { macrotask } from '@/base/macrotask'
import { OnceEach } from '@/base/once'
import { releaseAll } from '@/base/release'
import { createSession, exclusively, loadOrt, type OrtModule, type OrtSession } from '@/backend/ort'
import { expandF16Cpu } from '@/backend/kernels/expandF16/cpu'
import type { RowSpan } from '@/backend/kernels/expandF16/types'
import { kvFusionCpu } from '@/backend/kernels/kvFusion/cpu'
import type { KvFusionArgs } from '@/backend/kernels/kvFusion/types'
import { packF16Cpu } from '@/backend/kernels/packF16/cpu'
import { responseMapCpu } from '@/backend/kernels/responseMap/cpu'
import type { ResponseMapArgs } from '@/backend/kernels/responseMap/types'
import { ropeAffineCpu } from '@/backend/kernels/ropeAffine/cpu'
import type { RopeAffineArgs } from '@/backend/kernels/ropeAffine/types'
import { sharedAttentionCpu } from '@/backend/kernels/sharedAttention/cpu'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import type { DType } from '@/onnx/graph'
import { dtypeOf, elements, type HostArray, type Tensor } from '@/backend/tensor'
import type { Backend, MemoryReport, Segment } from '@/backend/types'
import type { Graph } from '@/onnx/graph'

/** One wasm run cannot be interrupted: keep it near 150 ms at the ~30 GFLOP/s seen on one thread. */
const MAX_RUN_FLOPS = 4.5e9

interface CpuSegment extends Segment {
  session: OrtSession
}

export class CpuBackend implements Backend {
  readonly name = 'cpu'
  readonly arithmetic = 'exact'
  readonly device: string
  readonly maxTensorBytes = Infinity
  readonly runFlops = MAX_RUN_FLOPS
  private readonly ort: OrtModule
  private readonly segments = new OnceEach<CpuSegment>()
  private readonly live = new Map<Tensor, number>()
  private resident = 0
  private peak = 0

  private constructor(ort: OrtModule) {
    this.ort = ort
    this.device = `CPU, ${ort.env.wasm.numThreads ?? 1} threads`
  }

  static async create(runtimeUrl: string): Promise<CpuBackend> {
    return new CpuBackend(await loadOrt(runtimeUrl))
  }

  upload(values: HostArray, dims: readonly number[], label: string): Tensor {
    return this.adopt(values.slice(), dims, label)
  }

  uploadWeights(values: HostArray, dims: readonly number[], label: string): Tensor {
    return this.adopt(values, dims, label)
  }

  write(tensor: Tensor, values: HostArray): void {
    hostData(tensor).set(values)
  }

  allocate(dtype: DType, dims: readonly number[], label: string): Tensor {
    return this.adopt(newArray(dtype, elements(dims)), dims, label, dtype)
  }

  read(tensor: Tensor): Promise<Float32Array> {
    const data = hostData(tensor)
    if (!(data instanceof Float32Array))
      fail('internal', `Tensor ${tensor.label} is not f32.`, 'Report this.')
    return Promise.resolve(data.slice())
  }

  free(...tensors: (Tensor | null | undefined)[]): void {
    for (const tensor of tensors) {
      const bytes = tensor && this.live.get(tensor)
      if (!tensor || bytes == null) continue
      this.live.delete(tensor)
      this.resident -= bytes
    }
  }

  copyRows(source: Tensor, from: number, target: Tensor, to: number, rows: number): void {
    const width = source.dims[source.dims.length - 1]
    hostData(target).set(hostData(source).subarray(from * width, (from + rows) * width), to * width)
  }

  compile(graph: Graph): Promise<Segment> {
    return this.segments.get(graph.key, async () => {
      const session = await createSession(this.ort, graph, { executionProviders: ['wasm'] })
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
    signal?.throwIfAborted()
    const { graph } = segment
    const sample = Object.keys(inputs).find((name) => graph.rowwise.has(name))
    const [batch, tokens] = sample ? inputs[sample].dims : [1, 1]
    const rows = Math.max(1, Math.floor(MAX_RUN_FLOPS / Math.max(1, graph.flopsPerToken)))
    if (batch !== 1 || tokens <= rows) return this.runOnce(segment, inputs, outputs)

    const results: Record<string, Tensor> = {}
    for (const [name, dims] of Object.entries(outputs)) results[name] = this.allocate('float32', dims, name)
    for (let start = 0; start < tokens; start += rows) {
      if (signal?.aborted) this.free(...Object.values(results))
      signal?.throwIfAborted()
      const length = Math.min(rows, tokens - start)
      const parts: Record<string, Tensor> = {}
      for (const [name, tensor] of Object.entries(inputs))
        parts[name] = graph.rowwise.has(name) ? rowView(tensor, start, length) : tensor
      const wanted = Object.fromEntries(
        Object.entries(outputs).map(([name, dims]) => [name, [dims[0], length, ...dims.slice(2)]]),
      )
      const done = await this.runOnce(segment, parts, wanted)
      for (const [name, part] of Object.entries(done)) {
        const width = elements(part.dims.slice(2))
        hostData(results[name]).set(hostData(part), start * width)
        this.free(part)
      }
    }
    return results
  }

  private async runOnce(
    segment: Segment,
    inputs: Record<string, Tensor>,
    outputs: Record<string, readonly number[]>,
  ): Promise<Record<string, Tensor>> {
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => [
        name,
        new this.ort.Tensor(tensor.dtype, hostData(tensor) as Float32Array, tensor.dims),
      ]),
    )
    const { session } = segment as CpuSegment
    const fetched = await exclusively(() => session.run(feeds, Object.keys(outputs)))
    await macrotask()
    const results: Record<string, Tensor> = {}
    for (const [name, dims] of Object.entries(outputs)) {
      const data = fetched[name].data as Float32Array
      if (data.length !== elements(dims))
        fail(
          'internal',
          `${segment.name}: ${name} has ${data.length} values, expected [${dims.join(', ')}].`,
          'Report this.',
        )
      results[name] = this.adopt(data, dims, name)
    }
    return results
  }

  ropeAffine(args: RopeAffineArgs): Promise<void> {
    ropeAffineCpu(args)
    return Promise.resolve()
  }

  sharedAttention(args: SharedAttentionArgs, signal?: AbortSignal): Promise<void> {
    return sharedAttentionCpu(this, args, MAX_RUN_FLOPS, signal)
  }

  responseMap(args: ResponseMapArgs): Promise<void> {
    return responseMapCpu(this, args, MAX_RUN_FLOPS)
  }

  kvFusion(args: KvFusionArgs): void {
    kvFusionCpu(args)
  }

  expandF16(source: Tensor, target: Tensor, rows: RowSpan = {}): void {
    expandF16Cpu(source, target, rows)
  }

  packF16(source: Tensor, target: Tensor): void {
    packF16Cpu(source, target)
  }

  breathe(): Promise<void> {
    return macrotask()
  }

  settle(): Promise<void> {
    return macrotask()
  }

  assertAlive(): void {
    // The processor does not get lost.
  }

  loseDevice(): void {
    // Nor can it be made to.
  }

  trim(): void {
    // Freed memory is the collector's.
  }

  memory(): MemoryReport {
    return { residentBytes: this.resident, peakBytes: this.peak }
  }

  async dispose(): Promise<void> {
    this.live.clear()
    this.resident = 0
    const segments = await this.segments.takeAll()
    await releaseAll(
      segments.map(
        ({ session }) =>
          () =>
            exclusively(() => session.release()),
      ),
    )
  }

  private adopt(data: HostArray, dims: readonly number[], label: string, dtype = dtypeOf(data)): Tensor {
    if (data.length !== elements(dims))
      fail('internal', `Tensor ${label}: ${data.length} values for [${dims.join(', ')}].`, 'Report this.')
    const tensor: Tensor = { dtype, dims, label, data }
    this.live.set(tensor, data.byteLength)
    this.resident += data.byteLength
    this.peak = Math.max(this.peak, this.resident)
    return tensor
  }
}

/** Values of a cpu tensor. */
export function hostData(tensor: Tensor): HostArray {
  return tensor.data ?? fail('internal', `Tensor ${tensor.label} does not live on the CPU.`, 'Report this.')
}

/** Tokens `start … start+length` of a batch-1 tensor [1, tokens, …], sharing its memory. */
function rowView(tensor: Tensor, start: number, length: number): Tensor {
  const width = elements(tensor.dims.slice(2))
  return {
    dtype: tensor.dtype,
    dims: [1, length, ...tensor.dims.slice(2)],
    label: tensor.label,
    data: hostData(tensor).subarray(start * width, (start + length) * width),
  }
}

function newArray(dtype: DType, length: number): HostArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'uint8':
      return new Uint8Array(length)
    case 'float16':
      return new Uint16Array(length)
  }
}
