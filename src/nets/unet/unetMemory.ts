/** What a U-Net takes on a device, in memory and arithmetic, told before it is loaded. */
import { stepParameters, unetParameters, unetSteps } from '@/nets/unet/unet'
import { QUANT_BLOCK } from '@/onnx/layers'
import type { PackManifest, TensorFormat, UnetConfig } from '@/schema/pack'

type Tensors = PackManifest['tensors']

const F32 = 4

/** Bytes per value of a linear on the device. */
const BYTES: Record<TensorFormat, number> = {
  f32: F32,
  bf16: F32,
  f16: 2,
  q8: 1 + F32 / QUANT_BLOCK,
  q4: 0.5 + F32 / QUANT_BLOCK,
}

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Linears as they are stored, convolutions as halves where the graphs take them widened, norms as f32. */
export function unetBytes(config: UnetConfig, tensors: Tensors, backend: 'webgpu' | 'cpu'): number {
  const { linears, tensors: others } = unetParameters(config)
  const formatOf = (name: string): TensorFormat => tensors[name]?.format ?? 'f32'
  const isHalf = (name: string, shape: readonly number[]) =>
    backend === 'webgpu' && shape.length === 4 && formatOf(name) === 'f16'
  return (
    sum(linears.map(([name, rows, cols]) => rows * cols * BYTES[formatOf(`${name}.weight`)])) +
    sum(others.map(([name, shape]) => (isHalf(name, shape) ? 2 : F32) * count(shape)))
  )
}

/** A pack's tensors in the formats in which they are stored. */
export const storedBytes = (tensors: Tensors): number =>
  sum(Object.values(tensors).map(({ format, shape }) => BYTES[format] * count(shape)))

/** Arithmetic of one evaluation of one item on a latent of this size, two per multiply-add (specs: D-Fusion §10). */
export function unetFlops(config: UnetConfig, rows: number, columns: number, contextTokens: number): number {
  const pixelsAt = (level: number): number => Math.ceil(rows / 2 ** level) * Math.ceil(columns / 2 ** level)
  let flops = 2 * pixelsAt(0) * 9 * config.channels[0] * config.outChannels
  for (const step of unetSteps(config)) {
    const { linears, tensors } = stepParameters(config, step)
    const resampled = step.kind === 'conv' ? { none: 0, down: 1, up: -1 }[step.resample] : 0
    const pixels = pixelsAt(step.level + resampled)
    const kernels = sum(tensors.map(([, shape]) => (shape.length === 4 ? count(shape) : 0)))
    flops += 2 * pixels * kernels
    // A resnet's linear sees the time alone.
    if (step.kind !== 'transformer') continue
    for (const [name, rowCount, cols] of linears)
      flops += 2 * rowCount * cols * (/attn2\.to_[kv]$/.test(name) ? contextTokens : pixels)
    flops += 4 * pixels * (pixels + contextTokens) * step.channels
  }
  return flops
}
