/**
 * FLUX.2 [klein]'s diffusion transformer (specs: FLUX.2 §3, §4; names are the authors'). Against FLUX.1: all blocks of a
 * kind share their modulation, MLPs are SwiGLU in one fused linear, nothing has a bias, conditioning is time alone, and
 * ids have four axes. This file is the network, `nets/runner` executes it.
 */
import { TIME_CHANNELS, timeEmbedding } from '@/nets/timeEmbedding'
import { embed, finalLayer, gated, modulation } from '@/nets/flux/parts'
import type { Block, Conditioner, Network, Part, PartBuilder, Side } from '@/nets/runner/network'
import type { Value } from '@/onnx/graph'
import { modulatedNorm, silu } from '@/onnx/layers'
import type { Flux2Config } from '@/families/flux2/config'

/**
 * The forward, in order: vec from the time, three modulations and the head's from vec; text and image are embedded, pass
 * the double blocks side by side and the single blocks as one sequence; the head gives the velocity of the image tokens.
 */
export function flux2Dit(config: Flux2Config): Network {
  const { hidden, heads, axesDim, theta, doubleBlocks, singleBlocks } = config
  const { inChannels, contextDim, outChannels } = config
  return {
    hidden,
    heads,
    headDim: hidden / heads,
    axesDim,
    theta,
    inChannels,
    contextDim,
    outChannels,
    conditioning: conditioning(hidden),
    modulations: {
      [IMAGE_MODULATION]: modulation(IMAGE_MODULATION, 6 * hidden, hidden),
      [TEXT_MODULATION]: modulation(TEXT_MODULATION, 6 * hidden, hidden),
      [SINGLE_MODULATION]: modulation(SINGLE_MODULATION, 3 * hidden, hidden),
      [FINAL_MODULATION]: modulation(FINAL_MODULATION, 2 * hidden, hidden),
    },
    embed: {
      image: embed(['img_in', hidden, inChannels]),
      tagged: embed(['img_in', hidden, inChannels], 'tag'),
      text: embed(['txt_in', hidden, contextDim]),
    },
    blocks: [
      ...Array.from({ length: doubleBlocks }, (_, index) => doubleBlock(config, index)),
      ...Array.from({ length: singleBlocks }, (_, index) => singleBlock(config, index)),
    ],
    head: { modulation: FINAL_MODULATION, part: finalLayer(config) },
  }
}

const IMAGE_MODULATION = 'double_stream_modulation_img.lin'
const TEXT_MODULATION = 'double_stream_modulation_txt.lin'
const SINGLE_MODULATION = 'single_stream_modulation.lin'
/** Rows are [shift; scale]. */
const FINAL_MODULATION = 'final_layer.adaLN_modulation.1'

/** vec = W2 SiLU(W1 E(1000 sigma)) */
function conditioning(hidden: number): Conditioner {
  const part: Part = {
    name: 'flux2 conditioning',
    linears: {
      in: ['time_in.in_layer', hidden, TIME_CHANNELS],
      out: ['time_in.out_layer', hidden, hidden],
    },
    outputs: { vec: hidden },
    describe(b) {
      const time = b.input('time', TIME_CHANNELS) // [batch, conditionings, TIME_CHANNELS]
      b.output('vec', b.linear('out', silu(b.g, b.linear('in', time)))) // [batch, conditionings, hidden]
    },
  }
  return { part, inputs: ({ sigma }, item) => ({ time: timeEmbedding([sigma[item]]) }) }
}

/** Text and image with weights of their own, under joint attention. */
function doubleBlock(config: Flux2Config, index: number): Block {
  const name = `double_blocks.${index}`
  return {
    label: `double${index}`,
    image: doubleSide(config, `${name}.img`, IMAGE_MODULATION),
    text: doubleSide(config, `${name}.txt`, TEXT_MODULATION),
  }
}

/** x += gate1 * proj(attention); x += gate2 * down(SwiGLU(up(norm2(x)))). */
function doubleSide({ hidden, mlp }: Flux2Config, name: string, shared: string): Side {
  return {
    modulation: shared, // 6*hidden
    queryNorm: `${name}_attn.norm.query_norm.scale`, // [headDim]
    keyNorm: `${name}_attn.norm.key_norm.scale`, // [headDim]
    before: {
      name: `flux2 double before ${hidden}`,
      linears: { qkv: [`${name}_attn.qkv`, 3 * hidden, hidden] },
      outputs: { qkv: 3 * hidden },
      describe(b) {
        const x = b.input('x', hidden) // [batch, tokens, hidden]
        const [shift1, scale1] = b.modulation(6, hidden) // [batch, 1, hidden] each
        const normed = modulatedNorm(b.g, x, hidden, shift1, scale1)
        b.output('qkv', b.linear('qkv', normed)) // [batch, tokens, 3*hidden]
      },
    },
    after: {
      name: `flux2 double after ${hidden}`,
      linears: {
        proj: [`${name}_attn.proj`, hidden, hidden],
        up: [`${name}_mlp.0`, 2 * mlp, hidden],
        down: [`${name}_mlp.2`, hidden, mlp],
      },
      outputs: { y: hidden },
      describe(b) {
        const x = b.input('x', hidden) // [batch, tokens, hidden]
        const attention = b.input('attention', hidden) // [batch, tokens, hidden]
        const [, , gate1, shift2, scale2, gate2] = b.modulation(6, hidden) // [batch, 1, hidden] each
        const middle = gated(b, x, gate1, b.linear('proj', attention)) // [batch, tokens, hidden]
        const normed = modulatedNorm(b.g, middle, hidden, shift2, scale2)
        const [gate, value] = b.g.split(b.linear('up', normed), [mlp, mlp])
        const inner = swiglu(b, gate, value) // [batch, tokens, mlp]
        b.output('y', gated(b, middle, gate2, b.linear('down', inner))) // [batch, tokens, hidden]
      },
    },
  }
}

/** One set of weights for all tokens, attention and MLP in parallel: x += gate * linear2([attention | SwiGLU]). */
function singleBlock({ hidden, mlp }: Flux2Config, index: number): Block {
  const name = `single_blocks.${index}`
  const side: Side = {
    modulation: SINGLE_MODULATION, // 3*hidden
    queryNorm: `${name}.norm.query_norm.scale`, // [headDim]
    keyNorm: `${name}.norm.key_norm.scale`, // [headDim]
    before: {
      name: `flux2 single before ${hidden}`,
      linears: { linear1: [`${name}.linear1`, 3 * hidden + 2 * mlp, hidden] },
      outputs: { qkv: 3 * hidden, mlp },
      describe(b) {
        const x = b.input('x', hidden) // [batch, tokens, hidden]
        const [shift, scale] = b.modulation(3, hidden) // [batch, 1, hidden] each
        const y = b.linear('linear1', modulatedNorm(b.g, x, hidden, shift, scale))
        const [qkv, gate, value] = b.g.split(y, [3 * hidden, mlp, mlp])
        b.output('qkv', qkv) // [batch, tokens, 3*hidden]
        b.output('mlp', swiglu(b, gate, value)) // [batch, tokens, mlp]
      },
    },
    after: {
      name: `flux2 single after ${hidden}`,
      linears: { linear2: [`${name}.linear2`, hidden, hidden + mlp] },
      outputs: { y: hidden },
      describe(b) {
        const x = b.input('x', hidden) // [batch, tokens, hidden]
        const attention = b.input('attention', hidden) // [batch, tokens, hidden]
        const both = b.g.node('Concat', [attention, b.input('mlp', mlp)], { axis: -1 })
        const [, , gate] = b.modulation(3, hidden) // [batch, 1, hidden] each
        b.output('y', gated(b, x, gate, b.linear('linear2', both))) // [batch, tokens, hidden]
      },
    },
  }
  return { label: `single${index}`, text: side, image: side }
}

/** SiLU(gate) * value, [batch, tokens, mlp]. */
const swiglu = ({ g }: PartBuilder, gate: Value, value: Value): Value => g.node('Mul', [silu(g, gate), value])
