/**
 * The backend interface: what the networks need from a device, and nothing else. Two
 * implementations (`webgpu/`, `cpu/`) run the same graphs through onnxruntime; attention and RoPE
 * are our own kernels on the first and a mixture of ORT and TypeScript on the second.
 */
import type { DType, Graph } from '@/onnx/graph'
import type { RowSpan } from '@/backend/kernels/expandF16/types'
import type { KvFusionArgs } from '@/backend/kernels/kvFusion/types'
import type { ResponseMapArgs } from '@/backend/kernels/responseMap/types'
import type { RopeAffineArgs } from '@/backend/kernels/ropeAffine/types'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import type { HostArray, Tensor } from '@/backend/tensor'

export type { HostArray, Tensor } from '@/backend/tensor'

export type BackendName = 'webgpu' | 'cpu'

/**
 * `exact`: f32 all through. `fast`, on GPUs: blocks of transformers keep keys and values as halves, and their linears of few bits
 * may round activations to 8 bits (`onnx/layers.takesInt8`).
 */
export type Arithmetic = 'exact' | 'fast'

/** A compiled graph: one kind of layer segment, weights are inputs. */
export interface Segment {
  readonly name: string
  readonly graph: Graph
}

export interface MemoryReport {
  residentBytes: number
  peakBytes: number
}

export interface Backend {
  readonly name: BackendName
  /** The adapter's or the processor's name, for the user. */
  readonly device: string
  /** What networks may round; always exact on `cpu`, where nothing would be gained. */
  readonly arithmetic: Arithmetic

  /** Bytes of the largest tensor that the device takes; Infinity where there is no such limit. */
  readonly maxTensorBytes: number
  /** Arithmetic of a run that ends within about a tenth of a second: what callers cut convolutions by. */
  readonly runFlops: number
  /** Copies host values to a new tensor that the caller owns. */
  upload(values: HostArray, dims: readonly number[], label: string): Tensor
  /**
   * A tensor for weights: takes exactly its size and leaves the device when freed, instead of being kept for reuse.
   * `values` must not change afterwards: a backend may keep them.
   */
  uploadWeights(values: HostArray, dims: readonly number[], label: string): Tensor
  /** Overwrites a tensor's values; same length. */
  write(tensor: Tensor, values: HostArray): void
  /** A new tensor with undefined contents. */
  allocate(dtype: DType, dims: readonly number[], label: string): Tensor
  /** Copies a tensor back; waits for the device. */
  read(tensor: Tensor): Promise<Float32Array>
  /** Returns the memory; the tensor must not be used again. */
  free(...tensors: (Tensor | null | undefined)[]): void
  /** Copies whole rows: `rows` rows of `source` from `from` to `target` at `to`; batch 1, equal row length. */
  copyRows(source: Tensor, from: number, target: Tensor, to: number, rows: number): void

  /** Compiles a graph, once per `graph.key`. */
  compile(graph: Graph): Promise<Segment>
  /** Lets go of a segment that nobody will run again; all others stay until the end. */
  release(segment: Segment): Promise<void>
  /**
   * Runs a segment. `outputs` gives the dims of each wanted output; new tensors are returned. Tokens that take long
   * are run in pieces; the bits are the same.
   * @throws AbortError between two pieces, when the signal fires; nothing stays behind then
   */
  run(
    segment: Segment,
    inputs: Record<string, Tensor>,
    outputs: Record<string, readonly number[]>,
    signal?: AbortSignal,
  ): Promise<Record<string, Tensor>>

  ropeAffine(args: RopeAffineArgs): Promise<void>
  /** In pieces, as `run`. */
  sharedAttention(args: SharedAttentionArgs, signal?: AbortSignal): Promise<void>
  /** How much queries attend to groups of keys, from the log-sum-exp that attention left. */
  responseMap(args: ResponseMapArgs): Promise<void>
  /** Blends a reference's keys and values into a target's, in place, under a mask. */
  kvFusion(args: KvFusionArgs): void
  /**
   * Packed f16 [rows, …] to f32 with rows of the same length, exactly: subnormals, infinities and signed
   * zeros included; NaN stays NaN. Whole tensors, or some rows.
   */
  expandF16(source: Tensor, target: Tensor, rows?: RowSpan): void

  /** f32 to packed f16 of as many values: the nearest half, ties to even, overflow to infinity; NaN stays NaN. */
  packF16(source: Tensor, target: Tensor): void

  /** Lets messages and timers in, and bounds the work in flight; called between blocks. */
  breathe(): Promise<void>
  /** Waits until the device has done everything; throws what went wrong, `out-of-memory` among it. */
  settle(): Promise<void>
  /** Throws `device-lost` once the device is gone. */
  assertAlive(): void
  /** Loses the device on purpose, for tests of the recovery; nothing on a backend that cannot be lost. */
  loseDevice(): void
  /** Gives up freed memory that is kept for reuse. */
  trim(): void
  memory(): MemoryReport
  dispose(): Promise<void>
}
