/** Tensors on a backend: what kernels and networks alike work on. */
import type { DType } from '@/onnx/graph'

export type HostArray = Float32Array | Int32Array | Uint8Array | Uint16Array

/**
 * A dense row-major tensor on a backend. Exactly one of `buffer` (webgpu) and `data` (cpu) is set;
 * only backends and kernels look at them.
 */
export interface Tensor {
  readonly dtype: DType
  readonly dims: readonly number[]
  /** What the tensor is for, shown in errors and in the memory table. */
  readonly label: string
  readonly buffer?: GPUBuffer
  readonly data?: HostArray
}

/** Number of elements of a shape. */
export const elements = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1)

/** The element type that a host array stands for; 16-bit words are half floats. */
export function dtypeOf(values: HostArray): DType {
  if (values instanceof Float32Array) return 'float32'
  if (values instanceof Int32Array) return 'int32'
  if (values instanceof Uint8Array) return 'uint8'
  return 'float16'
}
