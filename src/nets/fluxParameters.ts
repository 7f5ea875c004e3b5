/** What the FLUX family's parameters are called and how large they are, and their place on the device. */
import type { Backend, Tensor } from '@/backend/types'
import { TIME_CHANNELS } from '@/nets/timeEmbedding'
import type { LinearSpec } from '@/onnx/layers'
import { specOf, type LinearWeights, type WeightSource } from '@/weights/source'

export interface FluxDitConfig {
  hidden: number
  heads: number
  /** Channels per id axis, summing to hidden/heads. */
  axesDim: readonly number[]
  theta: number
  doubleBlocks: number
  singleBlocks: number
  /** MLP width over hidden. */
  mlpRatio: number
  /** Channels of an image token. */
  inChannels: number
  /** Channels that the head gives per token. */
  outChannels: number
  /** Width of a text token. */
  contextDim: number
  /** Width of the pooled text, or null where the model has none. */
  vectorDim: number | null
  /** Whether the guidance scale is embedded. */
  guidance: boolean
}

/** A network's parameters on its backend. */
export class FluxParameters {
  private readonly backend: Backend
  private readonly linears = new Map<string, { spec: LinearSpec; inputs: Record<string, Tensor> }>()
  private readonly tensors = new Map<string, Tensor>()

  private constructor(backend: Backend) {
    this.backend = backend
  }

  /** Puts all parameters on the device. @throws bad-weights naming the first tensor that does not fit. */
  static async load(
    backend: Backend,
    config: FluxDitConfig,
    source: WeightSource,
    onProgress: (done: number, total: number) => void,
  ): Promise<FluxParameters> {
    const parameters = new FluxParameters(backend)
    const shapes = linearShapes(config)
    try {
      for (const [index, [name, rows, cols]] of shapes.entries()) {
        parameters.linears.set(name, upload(backend, name, await source.linear(name, rows, cols)))
        onProgress(index + 1, shapes.length)
        if (index % 8 === 0) await backend.breathe()
      }
      for (const name of normNames(config)) {
        const headDim = config.hidden / config.heads
        parameters.tensors.set(name, backend.upload(await source.tensor(name, [headDim]), [headDim], name))
      }
    } catch (error) {
      parameters.dispose()
      throw error
    }
    return parameters
  }

  dispose(): void {
    for (const { inputs } of this.linears.values()) this.backend.free(...Object.values(inputs))
    this.backend.free(...this.tensors.values())
    this.linears.clear()
    this.tensors.clear()
  }

  /** What a graph must know of a linear. */
  spec(name: string): LinearSpec {
    return this.linear(name).spec
  }

  /** The graph inputs of linear `name` under the graph's own name for it. */
  bind(as: string, name: string): Record<string, Tensor> {
    const { inputs } = this.linear(name)
    return Object.fromEntries(Object.entries(inputs).map(([key, tensor]) => [`${as}.${key}`, tensor]))
  }

  tensor(name: string): Tensor {
    const tensor = this.tensors.get(name)
    if (!tensor) throw new Error(`no tensor ${name}`)
    return tensor
  }

  private linear(name: string) {
    const linear = this.linears.get(name)
    if (!linear) throw new Error(`no linear ${name}`)
    return linear
  }
}

/** Uploads a linear's numbers under the suffixes that `onnx/layers.linear` expects. */
function upload(backend: Backend, name: string, weights: LinearWeights) {
  const inputs: Record<string, Tensor> = {}
  weights.chunks.forEach(({ rows, weight, scales }, index) => {
    const dims = scales ? [rows, scales.length / rows, weight.length / scales.length] : [rows, weights.cols]
    inputs[`w${index}`] = backend.upload(weight, dims, `${name}.weight`)
    if (scales) inputs[`s${index}`] = backend.upload(scales, [rows, scales.length / rows], `${name}.scale`)
  })
  if (weights.bias) inputs.bias = backend.upload(weights.bias, [weights.rows], `${name}.bias`)
  if (weights.lora) {
    const { rank, a, b } = weights.lora
    inputs.loraA = backend.upload(a, [rank, weights.cols], `${name}.loraA`)
    inputs.loraB = backend.upload(b, [weights.rows, rank], `${name}.loraB`)
  }
  return { spec: specOf(weights), inputs }
}

/** Every linear of the net: canonical name, rows, columns. */
export function linearShapes(config: FluxDitConfig): [string, number, number][] {
  const { hidden, mlpRatio } = config
  const mlp = hidden * mlpRatio
  const shapes: [string, number, number][] = [
    ['img_in', hidden, config.inChannels],
    ['txt_in', hidden, config.contextDim],
  ]
  const inputs: [string, number][] = [['time', TIME_CHANNELS]]
  if (config.guidance) inputs.push(['guidance', TIME_CHANNELS])
  if (config.vectorDim !== null) inputs.push(['vector', config.vectorDim])
  for (const [name, cols] of inputs)
    shapes.push([`${name}_in.in_layer`, hidden, cols], [`${name}_in.out_layer`, hidden, hidden])
  for (let i = 0; i < config.doubleBlocks; i++)
    for (const stream of ['img', 'txt'])
      shapes.push(
        [`double_blocks.${i}.${stream}_mod.lin`, 6 * hidden, hidden],
        [`double_blocks.${i}.${stream}_attn.qkv`, 3 * hidden, hidden],
        [`double_blocks.${i}.${stream}_attn.proj`, hidden, hidden],
        [`double_blocks.${i}.${stream}_mlp.0`, mlp, hidden],
        [`double_blocks.${i}.${stream}_mlp.2`, hidden, mlp],
      )
  for (let j = 0; j < config.singleBlocks; j++)
    shapes.push(
      [`single_blocks.${j}.modulation.lin`, 3 * hidden, hidden],
      [`single_blocks.${j}.linear1`, 3 * hidden + mlp, hidden],
      [`single_blocks.${j}.linear2`, hidden, hidden + mlp],
    )
  shapes.push(
    ['final_layer.adaLN_modulation.1', 2 * hidden, hidden],
    ['final_layer.linear', config.outChannels, hidden],
  )
  return shapes
}

function normNames(config: FluxDitConfig): string[] {
  const owners: string[] = []
  for (let i = 0; i < config.doubleBlocks; i++)
    owners.push(`double_blocks.${i}.img_attn`, `double_blocks.${i}.txt_attn`)
  for (let j = 0; j < config.singleBlocks; j++) owners.push(`single_blocks.${j}`)
  return owners.flatMap((owner) => [`${owner}.norm.query_norm.scale`, `${owner}.norm.key_norm.scale`])
}

export interface BlockNames {
  modulation: string
  qkv: string
  proj: string
  up: string
  down: string
  queryNorm: string
  keyNorm: string
}

/** Parameter names of block `index`, counted over double and single blocks. */
export function blockNames(index: number, doubleBlocks: number, weights: 'text' | 'image'): BlockNames {
  const double = index < doubleBlocks
  const stream = weights === 'text' ? 'txt' : 'img'
  const block = double ? `double_blocks.${index}.${stream}_` : `single_blocks.${index - doubleBlocks}.`
  const norm = double ? `${block}attn.norm` : `${block}norm`
  return {
    modulation: double ? `${block}mod.lin` : `${block}modulation.lin`,
    qkv: double ? `${block}attn.qkv` : `${block}linear1`,
    proj: double ? `${block}attn.proj` : `${block}linear2`,
    up: `${block}mlp.0`,
    down: `${block}mlp.2`,
    queryNorm: `${norm}.query_norm.scale`,
    keyNorm: `${norm}.key_norm.scale`,
  }
}
