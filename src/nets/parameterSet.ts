/** Parameters that are on the device together: of a block, of one linear, of what stands outside the blocks. */
import type { Arithmetic, Backend, Tensor } from '@/backend/types'
import type { Graph } from '@/onnx/graph'
import type { LinearSpec } from '@/onnx/layers'
import { specOf, type LinearWeights, type WeightSource } from '@/weights/formats/source'

/** A linear's canonical name, rows, columns. */
export type LinearShape = readonly [name: string, rows: number, cols: number]

/** The parameters of one block, or of what stands outside the blocks. */
export interface ParameterNames {
  linears: readonly LinearShape[]
  /** All else, with its shape. */
  tensors: readonly (readonly [string, readonly number[]])[]
}

interface DeviceLinear {
  /** As the graphs see it. */
  spec: LinearSpec
  /** Under the suffixes that `onnx/layers.linear` expects. */
  inputs: Record<string, Tensor>
}

/** Graphs on webgpu take no f16 inputs (runtime notes): weights stay f16 and are widened for each use. */
const widens = (backend: Backend, tensor: Tensor): boolean =>
  backend.name === 'webgpu' && tensor.dtype === 'float16'

export class ParameterSet {
  private readonly backend: Backend
  private readonly arithmetic: Arithmetic
  private readonly linears = new Map<string, DeviceLinear>()
  private readonly tensors = new Map<string, Tensor>()
  private disposed = false

  /** @param arithmetic of its linears; what runs once per picture, or is kept for others, is worth no error */
  constructor(backend: Backend, arithmetic: Arithmetic = 'exact') {
    this.backend = backend
    this.arithmetic = arithmetic
  }

  /**
   * Reads parameters from the source and puts them on the device; stops early, with an AbortError, when the set is
   * disposed of meanwhile. `onLinear` hears of every linear's numbers.
   * @throws bad-weights naming the first tensor that does not fit; out-of-memory
   */
  async load(
    source: WeightSource,
    { linears, tensors }: ParameterNames,
    onLinear?: (numbers: number) => void,
  ): Promise<void> {
    for (const [name, rows, cols] of linears) {
      const weights = await source.linear(name, rows, cols)
      this.assertWanted()
      const linear: DeviceLinear = { spec: specSeen(this.backend, weights, this.arithmetic), inputs: {} }
      // Known before it is complete, so that a failing allocation leaves nothing behind.
      this.linears.set(name, linear)
      upload(this.backend, name, weights, linear.inputs)
      onLinear?.(rows * cols)
    }
    for (const [name, shape] of tensors) {
      const values = await this.read(source, name, shape)
      this.assertWanted()
      this.tensors.set(name, this.backend.uploadWeights(values, shape, name))
    }
  }

  dispose(): void {
    this.disposed = true
    for (const { inputs } of this.linears.values()) this.backend.free(...Object.values(inputs))
    this.backend.free(...this.tensors.values())
    this.linears.clear()
    this.tensors.clear()
  }

  /** What a graph must know of a linear. */
  spec(name: string): LinearSpec {
    return this.linear(name).spec
  }

  /** The same for several, by the graph's names for them. */
  specs<Name extends string>(names: Readonly<Record<Name, string>>): Record<Name, LinearSpec> {
    const specs = Object.entries<string>(names).map(([as, name]) => [as, this.spec(name)])
    return Object.fromEntries(specs) as Record<Name, LinearSpec>
  }

  tensor(name: string): Tensor {
    const tensor = this.tensors.get(name)
    if (!tensor) throw new Error(`no tensor ${name}`)
    return tensor
  }

  /** Runs a graph with linears of this set; `linears` maps the graph's names for them to canonical ones. */
  async run(
    graph: Graph,
    linears: Record<string, string>,
    inputs: Record<string, Tensor>,
    outputs: Record<string, readonly number[]>,
    signal?: AbortSignal,
  ): Promise<Record<string, Tensor>> {
    const { backend } = this
    const segment = await backend.compile(graph)
    const bound = { ...inputs }
    for (const [as, name] of Object.entries(linears))
      for (const [suffix, tensor] of Object.entries(this.linear(name).inputs))
        bound[`${as}.${suffix}`] = tensor
    const wide: Tensor[] = []
    try {
      for (const [as, tensor] of Object.entries(bound)) {
        if (!widens(backend, tensor)) continue
        const target = backend.allocate('float32', tensor.dims, `${tensor.label}, widened`)
        wide.push(target)
        backend.expandF16(tensor, target)
        bound[as] = target
      }
      return await backend.run(segment, bound, outputs, signal)
    } finally {
      backend.free(...wide)
    }
  }

  /** Convolutions are most of a U-Net: where graphs can have them widened for each use, halves stay halves. */
  private async read(
    source: WeightSource,
    name: string,
    shape: readonly number[],
  ): Promise<Float32Array | Uint16Array> {
    const halves =
      this.backend.name === 'webgpu' && shape.length === 4 ? await source.halves?.(name, shape) : null
    return halves ?? source.tensor(name, shape)
  }

  private linear(name: string): DeviceLinear {
    const linear = this.linears.get(name)
    if (!linear) throw new Error(`no linear ${name}`)
    return linear
  }

  private assertWanted(): void {
    if (this.disposed) throw new DOMException('The weights are not wanted any more.', 'AbortError')
  }
}

function specSeen(backend: Backend, weights: LinearWeights, arithmetic: Arithmetic): LinearSpec {
  const spec = specOf(weights)
  switch (spec.format) {
    case 'f32':
      return spec
    case 'f16':
      return backend.name === 'webgpu' ? { ...spec, format: 'f32' } : spec
    case 'q8':
    case 'q4':
      return arithmetic === 'fast' ? { ...spec, int8: true } : spec
  }
}

/** Uploads a linear's numbers into `inputs`. */
function upload(
  backend: Backend,
  name: string,
  weights: LinearWeights,
  inputs: Record<string, Tensor>,
): void {
  weights.chunks.forEach(({ rows, weight, scales }, index) => {
    const dims = scales ? [rows, scales.length / rows, weight.length / scales.length] : [rows, weights.cols]
    inputs[`w${index}`] = backend.uploadWeights(weight, dims, `${name}.weight`)
    if (scales)
      inputs[`s${index}`] = backend.uploadWeights(scales, [rows, scales.length / rows], `${name}.scale`)
  })
  if (weights.bias) inputs.bias = backend.uploadWeights(weights.bias, [weights.rows], `${name}.bias`)
  if (weights.lora) {
    const { rank, a, b } = weights.lora
    inputs.loraA = backend.uploadWeights(a, [rank, weights.cols], `${name}.loraA`)
    inputs.loraB = backend.uploadWeights(b, [weights.rows, rank], `${name}.loraB`)
  }
}
