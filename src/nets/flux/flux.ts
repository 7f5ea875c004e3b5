/**
 * FLUX.1's diffusion transformer and its relatives of the same shape: pruned models, DreamFuse's and DreamO's
 * sequences (specs: FLUX §3–§5, §8; names are BFL's). Depths, sizes and conditioning come from the config.
 * This file is the network, `nets/runner` executes it; between `before` and `after` stand RoPE and attention.
 */
import { TIME_CHANNELS, timeEmbedding } from '@/nets/timeEmbedding'
import { embed, finalLayer, gated, modulation } from '@/nets/flux/parts'
import type { Block, Conditioner, Network, Part, Side } from '@/nets/runner/network'
import { geluTanh, modulatedNorm, silu } from '@/onnx/layers'
import type { FluxConfig } from '@/schema/pack'

/**
 * The forward, in order: vec from the conditioning, modulations from vec; text and image are embedded, pass the double
 * blocks side by side and the single blocks as one sequence; the head gives the velocity of the image tokens.
 */
export function fluxDit(config: FluxConfig): Network {
  const { hidden, heads, axesDim, theta, doubleBlocks, singleBlocks } = config
  const { inChannels, contextDim, outChannels } = config
  const doubles = Array.from({ length: doubleBlocks }, (_, index) => doubleBlock(config, index))
  const singles = Array.from({ length: singleBlocks }, (_, index) => singleBlock(config, index))
  return {
    hidden,
    heads,
    headDim: hidden / heads,
    axesDim,
    theta,
    inChannels,
    contextDim,
    outChannels,
    conditioning: conditioning(config),
    modulations: {
      ...Object.fromEntries(
        doubles.flatMap(({ image, text }) => [
          [image.modulation, modulation(image.modulation, 6 * hidden, hidden)],
          [text.modulation, modulation(text.modulation, 6 * hidden, hidden)],
        ]),
      ),
      ...Object.fromEntries(
        singles.map(({ image }) => [image.modulation, modulation(image.modulation, 3 * hidden, hidden)]),
      ),
      [FINAL_MODULATION]: modulation(FINAL_MODULATION, 2 * hidden, hidden),
    },
    embed: {
      image: embed(['img_in', hidden, inChannels]),
      tagged: embed(['img_in', hidden, inChannels], 'tag'),
      text: embed(['txt_in', hidden, contextDim]),
    },
    blocks: [...doubles, ...singles],
    head: { modulation: FINAL_MODULATION, part: finalLayer(config) },
  }
}

/** vec = MLP_time(E(1000 sigma)) + MLP_guidance(E(1000 g)) + MLP_vector(pooled), as far as the model has them. */
function conditioning({ hidden, guidance, vectorDim }: FluxConfig): Conditioner {
  const widths: Record<string, number> = {
    time: TIME_CHANNELS,
    ...(guidance ? { guidance: TIME_CHANNELS } : {}),
    ...(vectorDim === null ? {} : { vector: vectorDim }),
  }
  const names = Object.keys(widths)
  const part: Part = {
    name: `flux conditioning ${names.join('+')}`,
    linears: Object.fromEntries(
      names.flatMap((name) => [
        [`${name}.in_layer`, [`${name}_in.in_layer`, hidden, widths[name]] as const],
        [`${name}.out_layer`, [`${name}_in.out_layer`, hidden, hidden] as const],
      ]),
    ),
    outputs: { vec: hidden },
    describe(b) {
      const mlps = names.map((name) => {
        const x = b.input(name, widths[name]) // [batch, conditionings, width]
        return b.linear(`${name}.out_layer`, silu(b.g, b.linear(`${name}.in_layer`, x)))
      })
      const vec = mlps.reduce((sum, mlp) => b.g.node('Add', [sum, mlp]))
      b.output('vec', vec) // [batch, conditionings, hidden]
    },
  }
  const none = new Float32Array(vectorDim ?? 0)
  return {
    part,
    inputs({ sigma, guidance: scale, pooled }, item) {
      const width = widths.vector
      return {
        time: timeEmbedding([sigma[item]]),
        ...(guidance ? { guidance: timeEmbedding([scale?.[item] ?? 1]) } : {}),
        ...(width ? { vector: pooled?.subarray(item * width, (item + 1) * width) ?? none } : {}),
      }
    },
  }
}

/** Text and image with weights of their own, under joint attention. */
function doubleBlock(config: FluxConfig, index: number): Block {
  const name = `double_blocks.${index}`
  return {
    label: `double${index}`,
    image: doubleSide(config, `${name}.img`),
    text: doubleSide(config, `${name}.txt`),
  }
}

/** x += gate1 * proj(attention); x += gate2 * MLP(norm2(x)). */
function doubleSide({ hidden, mlpRatio }: FluxConfig, name: string): Side {
  const mlp = mlpRatio * hidden
  return {
    modulation: `${name}_mod.lin`, // 6*hidden
    queryNorm: `${name}_attn.norm.query_norm.scale`, // [headDim]
    keyNorm: `${name}_attn.norm.key_norm.scale`, // [headDim]
    before: {
      name: `flux double before ${hidden}`,
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
      name: `flux double after ${hidden}`,
      linears: {
        proj: [`${name}_attn.proj`, hidden, hidden],
        up: [`${name}_mlp.0`, mlp, hidden],
        down: [`${name}_mlp.2`, hidden, mlp],
      },
      outputs: { y: hidden },
      describe(b) {
        const x = b.input('x', hidden) // [batch, tokens, hidden]
        const attention = b.input('attention', hidden) // [batch, tokens, hidden]
        const [, , gate1, shift2, scale2, gate2] = b.modulation(6, hidden) // [batch, 1, hidden] each
        const middle = gated(b, x, gate1, b.linear('proj', attention)) // [batch, tokens, hidden]
        const normed = modulatedNorm(b.g, middle, hidden, shift2, scale2)
        const inner = geluTanh(b.g, b.linear('up', normed)) // [batch, tokens, mlp]
        b.output('y', gated(b, middle, gate2, b.linear('down', inner))) // [batch, tokens, hidden]
      },
    },
  }
}

/** One set of weights for all tokens, attention and MLP in parallel: x += gate * linear2([attention | MLP]). */
function singleBlock({ hidden, mlpRatio }: FluxConfig, index: number): Block {
  const name = `single_blocks.${index}`
  const mlp = mlpRatio * hidden
  const side: Side = {
    modulation: `${name}.modulation.lin`, // 3*hidden
    queryNorm: `${name}.norm.query_norm.scale`, // [headDim]
    keyNorm: `${name}.norm.key_norm.scale`, // [headDim]
    before: {
      name: `flux single before ${hidden}`,
      linears: { linear1: [`${name}.linear1`, 3 * hidden + mlp, hidden] },
      outputs: { qkv: 3 * hidden, mlp },
      describe(b) {
        const x = b.input('x', hidden) // [batch, tokens, hidden]
        const [shift, scale] = b.modulation(3, hidden) // [batch, 1, hidden] each
        const y = b.linear('linear1', modulatedNorm(b.g, x, hidden, shift, scale))
        const [qkv, inner] = b.g.split(y, [3 * hidden, mlp])
        b.output('qkv', qkv) // [batch, tokens, 3*hidden]
        b.output('mlp', geluTanh(b.g, inner)) // [batch, tokens, mlp]
      },
    },
    after: {
      name: `flux single after ${hidden}`,
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

/** Rows are [shift; scale]. */
const FINAL_MODULATION = 'final_layer.adaLN_modulation.1'
