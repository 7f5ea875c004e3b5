/** What the FLUX family's parameters are called and how large they are (specs: FLUX §8). */
import { TIME_CHANNELS } from '@/nets/timeEmbedding'

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

/** A linear's canonical name, rows, columns. */
export type LinearShape = readonly [name: string, rows: number, cols: number]

/** The parameters of one block, or of what stands outside the blocks. */
export interface ParameterNames {
  linears: readonly LinearShape[]
  /** All else, with its shape. */
  tensors: readonly (readonly [string, readonly number[]])[]
}

/** What every token passes before and after the blocks. */
export const outerParameters = (config: FluxDitConfig): ParameterNames => ({
  linears: [
    ['img_in', config.hidden, config.inChannels],
    ['txt_in', config.hidden, config.contextDim],
    ['final_layer.linear', config.outChannels, config.hidden],
  ],
  tensors: [],
})

/** Parameters of block `index`, counted over double and single blocks; modulation apart. */
export function blockParameters(config: FluxDitConfig, index: number): ParameterNames {
  const { hidden, mlpRatio, doubleBlocks } = config
  const mlp = hidden * mlpRatio
  const headDim = [hidden / config.heads]
  const linears: LinearShape[] = []
  const tensors: [string, readonly number[]][] = []
  for (const weights of index < doubleBlocks ? (['image', 'text'] as const) : (['image'] as const)) {
    const names = blockNames(index, doubleBlocks, weights)
    tensors.push([names.queryNorm, headDim], [names.keyNorm, headDim])
    if (index < doubleBlocks)
      linears.push(
        [names.qkv, 3 * hidden, hidden],
        [names.proj, hidden, hidden],
        [names.up, mlp, hidden],
        [names.down, hidden, mlp],
      )
    else linears.push([names.qkv, 3 * hidden + mlp, hidden], [names.proj, hidden, hidden + mlp])
  }
  return { linears, tensors }
}

/** The MLPs of the conditioning vector: part -> its two linears. */
export function conditioningLinears(
  config: FluxDitConfig,
): { part: 'time' | 'guidance' | 'vector'; first: LinearShape; second: LinearShape }[] {
  const { hidden, guidance, vectorDim } = config
  const mlp = (part: 'time' | 'guidance' | 'vector', cols: number) => ({
    part,
    first: [`${part}_in.in_layer`, hidden, cols] as const,
    second: [`${part}_in.out_layer`, hidden, hidden] as const,
  })
  return [
    mlp('time', TIME_CHANNELS),
    ...(guidance ? [mlp('guidance', TIME_CHANNELS)] : []),
    ...(vectorDim === null ? [] : [mlp('vector', vectorDim)]),
  ]
}

export const FINAL_MODULATION = 'final_layer.adaLN_modulation.1'

/** The linears that turn a conditioning vector into shifts, scales and gates. */
export function modulationLinears(config: FluxDitConfig): LinearShape[] {
  const { hidden, doubleBlocks, singleBlocks } = config
  const shapes: LinearShape[] = []
  for (let block = 0; block < doubleBlocks; block++)
    for (const weights of ['image', 'text'] as const)
      shapes.push([blockNames(block, doubleBlocks, weights).modulation, 6 * hidden, hidden])
  for (let block = doubleBlocks; block < doubleBlocks + singleBlocks; block++)
    shapes.push([blockNames(block, doubleBlocks, 'image').modulation, 3 * hidden, hidden])
  shapes.push([FINAL_MODULATION, 2 * hidden, hidden])
  return shapes
}

/** Every linear of the net. */
export function linearShapes(config: FluxDitConfig): LinearShape[] {
  const depth = config.doubleBlocks + config.singleBlocks
  return [
    ...outerParameters(config).linears,
    ...conditioningLinears(config).flatMap(({ first, second }) => [first, second]),
    ...modulationLinears(config),
    ...Array.from({ length: depth }, (_, index) => blockParameters(config, index).linears).flat(),
  ]
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
