/**
 * What the runner must know of a transformer: which blocks there are, what stands around them, and for each the graphs
 * on either side of attention. A network is such a description (see `nets/flux/flux.ts`) and nothing more: loading,
 * streaming, token layout, caching and freeing are the runner's.
 *
 * A block is: graph `before` -> RoPE into the arena -> attention -> graph `after`.
 */
import type { Tensor } from '@/backend/types'
import type { LinearShape, ParameterNames, ParameterSet } from '@/nets/parameterSet'
import { graphOnce, TOKENS, type GraphBuilder, type Value } from '@/onnx/graph'
import { linear, specKey, type LinearSpec } from '@/onnx/layers'

/** Whose tokens: blocks may have weights of their own for each. */
export type TokenKind = 'text' | 'image'

export interface Network {
  hidden: number
  heads: number
  headDim: number
  /** Channels per id axis, summing to headDim. */
  axesDim: readonly number[]
  theta: number
  /** Channels of an image token, width of a text token, channels that the head gives per token. */
  inChannels: number
  contextDim: number
  outChannels: number
  /** Tokens -> residual stream. Input `x`; `tagged` also takes `tag` [hidden]; output `y`. */
  embed: Readonly<Record<TokenKind | 'tagged', Part>>
  conditioning: Conditioner
  /** What makes shifts, scales and gates of the conditioning vector: input `vec`, output `y`; blocks name theirs. */
  modulations: Readonly<Record<string, Part>>
  /** Blocks with two sides come before those with one. */
  blocks: readonly Block[]
  /** Inputs `x`, `modulation`; output `y`. */
  head: { modulation: string; part: Part }
  /** Its head does not say the velocity: whoever samples makes it of what it says (samplers/flowMatch). */
  balanced?: true
}

/** A block in which text and image share their weights has the same side twice: their tokens run as one. */
export interface Block {
  /** For taps, e.g. `double0`. */
  label: string
  text: Side
  image: Side
}

export interface Side {
  /** Key into the network's modulations; several blocks may share one. */
  modulation: string
  /** Learned scales of the QK norm, [headDim] each. */
  queryNorm: string
  keyNorm: string
  /** Inputs `x`, `modulation`; outputs `qkv` [3 * heads * headDim], and what `after` takes under the same name. */
  before: Part
  /** Inputs `x`, `attention`, `modulation` and what `before` left; output `y`. */
  after: Part
}

/** What a conditioning vector is made of; one entry per batch item. */
export interface Conditioning {
  /** Flow time in [0,1]; 1 is noise. */
  sigma: readonly number[]
  guidance?: readonly number[]
  /** [batch, width of the pooled text] */
  pooled?: Float32Array
}

export interface Conditioner {
  /** Output `vec` [hidden]. */
  part: Part
  /** The part's inputs for one batch item of one conditioning. */
  inputs(of: Conditioning, item: number): Record<string, Float32Array>
}

/** A graph without a cut in it, and its linears. Everything is [batch, tokens, width]. */
export interface Part {
  /** What tells its graph from others of the same linears. */
  name: string
  /** The graph's names for its linears. */
  linears: Readonly<Record<string, LinearShape>>
  /** Width of every output. */
  outputs: Readonly<Record<string, number>>
  describe(g: PartBuilder): void
}

/** Describes the graph of a part for one batch size and the precision of its linears. */
export class PartBuilder {
  readonly g: GraphBuilder
  private readonly part: Part
  private readonly specs: Readonly<Record<string, LinearSpec>>
  private readonly batch: number

  constructor(g: GraphBuilder, part: Part, specs: Readonly<Record<string, LinearSpec>>, batch: number) {
    this.g = g
    this.part = part
    this.specs = specs
    this.batch = batch
  }

  /** An input [batch, tokens, width]. */
  input(name: string, width: number): Value {
    return this.g.input(name, 'float32', [this.batch, TOKENS, width])
  }

  /** The input `modulation` [batch, 1, parts*width] in its parts. */
  modulation(parts: number, width: number): Value[] {
    const all = this.g.input('modulation', 'float32', [this.batch, 1, parts * width])
    return this.g.split(all, new Array<number>(parts).fill(width))
  }

  /** W x + b by the linear's name in the part. */
  linear(name: string, x: Value): Value {
    return linear(this.g, x, name, this.specs[name], this.batch)
  }

  output(name: string, value: Value): void {
    this.g.output(value, name, [this.batch, TOKENS, this.part.outputs[name]])
  }
}

/** Runs a part on tokens [batch, tokens, …]; `set` has its linears. */
export function runPart(
  set: ParameterSet,
  part: Part,
  [batch, tokens]: readonly number[],
  inputs: Record<string, Tensor>,
  signal?: AbortSignal,
): Promise<Record<string, Tensor>> {
  const names = mapped(part.linears, ([name]) => name)
  const specs = set.specs(names)
  const key = `${part.name} ${batch} ${Object.values(specs).map(specKey).join(' ')}`
  const graph = graphOnce(key, (g) => part.describe(new PartBuilder(g, part, specs, batch)))
  const outputs = mapped(part.outputs, (width) => [batch, tokens, width])
  return set.run(graph, names, inputs, outputs, signal)
}

const mapped = <A, B>(record: Readonly<Record<string, A>>, value: (one: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, one]) => [name, value(one)]))

/** Whether text and image tokens run through a block as one. */
export const isJoined = ({ text, image }: Block): boolean => text === image

/** A block's sides, each once. */
export const sidesOf = ({ text, image }: Block): Side[] => [...new Set([image, text])]

const linearsOf = (...parts: Part[]): LinearShape[] => parts.flatMap(({ linears }) => Object.values(linears))

/** What every token passes before and after the blocks. */
export const outerLinears = ({ embed, head }: Network): LinearShape[] =>
  linearsOf(embed.image, embed.text, head.part)

export const conditioningLinears = ({ conditioning }: Network): LinearShape[] => linearsOf(conditioning.part)

/** The linears that turn a conditioning vector into shifts, scales and gates. */
export const modulationLinears = ({ modulations }: Network): LinearShape[] =>
  linearsOf(...Object.values(modulations))

/** Parameters of a block, modulation apart. */
export function blockParameters(block: Block, headDim: number): ParameterNames {
  const sides = sidesOf(block)
  return {
    linears: sides.flatMap(({ before, after }) => linearsOf(before, after)),
    tensors: sides.flatMap(({ queryNorm, keyNorm }) => [
      [queryNorm, [headDim]] as const,
      [keyNorm, [headDim]] as const,
    ]),
  }
}

/** Every linear of the net. */
export const networkLinears = (network: Network): LinearShape[] => [
  ...outerLinears(network),
  ...conditioningLinears(network),
  ...modulationLinears(network),
  ...network.blocks.flatMap((block) => blockParameters(block, network.headDim).linears),
]
