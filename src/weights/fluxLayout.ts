/**
 * FLUX checkpoints in either layout under one set of names: BFL's, with fused qkv and linear1
 * (specs: FLUX, checkpoint tensors).
 */
import { fail } from '@/base/errors'
import { CanonicalSource, take, type LinearWeights, type WeightSource } from '@/weights/source'
import type { StoredTensor } from '@/weights/safetensors'

export type FluxLayout = 'bfl' | 'diffusers'

/** Some files put everything under a prefix. */
const PREFIXES = ['', 'model.diffusion_model.', 'transformer.']

export function detectFluxLayout(tensors: ReadonlyMap<string, StoredTensor>): {
  layout: FluxLayout
  prefix: string
} {
  for (const prefix of PREFIXES) {
    if (tensors.has(`${prefix}double_blocks.0.img_attn.qkv.weight`)) return { layout: 'bfl', prefix }
    if (tensors.has(`${prefix}transformer_blocks.0.attn.to_q.weight`)) return { layout: 'diffusers', prefix }
  }
  return fail(
    'bad-weights',
    'This is not a FLUX checkpoint.',
    'Choose a file in the layout of the authors or of diffusers.',
    `first tensors: ${[...tensors.keys()].slice(0, 4).join(', ')}`,
  )
}

/** Depth is read from the highest block index, so pruned relatives load too. */
export function fluxDepths(tensors: ReadonlyMap<string, StoredTensor>): { double: number; single: number } {
  const count = (pattern: RegExp): number => {
    let highest = -1
    for (const key of tensors.keys()) {
      const match = pattern.exec(key)
      if (match) highest = Math.max(highest, Number(match[1]))
    }
    return highest + 1
  }
  return {
    double: count(/(?:^|\.)(?:double_blocks|transformer_blocks)\.(\d+)\./),
    single: count(/(?:^|\.)(?:single_blocks|single_transformer_blocks)\.(\d+)\./),
  }
}

/** A FLUX checkpoint under canonical names. */
export function fluxSource(tensors: ReadonlyMap<string, StoredTensor>): WeightSource {
  const { layout, prefix } = detectFluxLayout(tensors)
  const stripped = prefix
    ? new Map(
        [...tensors].map(([key, value]) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, value]),
      )
    : tensors
  return layout === 'bfl' ? new CanonicalSource(stripped) : new DiffusersFlux(stripped)
}

/** One diffusers linear that makes up some rows of a canonical one. */
export interface FluxPart {
  module: string
  rows: number
}

const STREAMS = {
  img: {
    q: 'to_q',
    k: 'to_k',
    v: 'to_v',
    out: 'to_out.0',
    mod: 'norm1',
    mlp: 'ff',
    qNorm: 'norm_q',
    kNorm: 'norm_k',
  },
  txt: {
    q: 'add_q_proj',
    k: 'add_k_proj',
    v: 'add_v_proj',
    out: 'to_add_out',
    mod: 'norm1_context',
    mlp: 'ff_context',
    qNorm: 'norm_added_q',
    kNorm: 'norm_added_k',
  },
} as const

const TOP: Record<string, string> = {
  img_in: 'x_embedder',
  txt_in: 'context_embedder',
  'time_in.in_layer': 'time_text_embed.timestep_embedder.linear_1',
  'time_in.out_layer': 'time_text_embed.timestep_embedder.linear_2',
  'guidance_in.in_layer': 'time_text_embed.guidance_embedder.linear_1',
  'guidance_in.out_layer': 'time_text_embed.guidance_embedder.linear_2',
  'vector_in.in_layer': 'time_text_embed.text_embedder.linear_1',
  'vector_in.out_layer': 'time_text_embed.text_embedder.linear_2',
  'final_layer.linear': 'proj_out',
  'final_layer.adaLN_modulation.1': 'norm_out.linear',
}

/**
 * The diffusers modules whose rows, stacked, are the canonical linear `name` with `rows` rows and
 * `cols` columns. The swapped halves of `norm_out.linear` are not undone here.
 */
export function diffusersParts(name: string, rows: number, cols: number): FluxPart[] {
  if (name in TOP) return [{ module: TOP[name], rows }]
  const double = /^double_blocks\.(\d+)\.(img|txt)_(mod\.lin|attn\.qkv|attn\.proj|mlp\.0|mlp\.2)$/.exec(name)
  if (double) {
    const block = `transformer_blocks.${double[1]}`
    const s = STREAMS[double[2] as 'img' | 'txt']
    switch (double[3]) {
      case 'mod.lin':
        return [{ module: `${block}.${s.mod}.linear`, rows }]
      case 'attn.qkv':
        return [s.q, s.k, s.v].map((part) => ({ module: `${block}.attn.${part}`, rows: rows / 3 }))
      case 'attn.proj':
        return [{ module: `${block}.attn.${s.out}`, rows }]
      case 'mlp.0':
        return [{ module: `${block}.${s.mlp}.net.0.proj`, rows }]
      default:
        return [{ module: `${block}.${s.mlp}.net.2`, rows }]
    }
  }
  const single = /^single_blocks\.(\d+)\.(modulation\.lin|linear1|linear2)$/.exec(name)
  if (single) {
    const block = `single_transformer_blocks.${single[1]}`
    if (single[2] === 'modulation.lin') return [{ module: `${block}.norm.linear`, rows }]
    if (single[2] === 'linear2') return [{ module: `${block}.proj_out`, rows }]
    const qkv = ['to_q', 'to_k', 'to_v'].map((part) => ({ module: `${block}.attn.${part}`, rows: cols }))
    return [...qkv, { module: `${block}.proj_mlp`, rows: rows - 3 * cols }]
  }
  return fail('internal', `No diffusers name is known for "${name}".`, 'Report this.')
}

function diffusersTensor(name: string): string {
  const norm = /^(double|single)_blocks\.(\d+)\.(?:(img|txt)_attn\.)?norm\.(query|key)_norm\.scale$/.exec(
    name,
  )
  if (!norm) return name
  const [, kind, index, stream, which] = norm
  if (kind === 'single')
    return `single_transformer_blocks.${index}.attn.norm_${which === 'query' ? 'q' : 'k'}.weight`
  const names = STREAMS[stream as 'img' | 'txt']
  return `transformer_blocks.${index}.attn.${which === 'query' ? names.qNorm : names.kNorm}.weight`
}

class DiffusersFlux implements WeightSource {
  private readonly tensors: ReadonlyMap<string, StoredTensor>

  constructor(tensors: ReadonlyMap<string, StoredTensor>) {
    this.tensors = tensors
  }

  has(name: string): boolean {
    const top = Object.keys(TOP).find((module) => name.startsWith(`${module}.`))
    const stored = top ? name.replace(top, TOP[top]) : diffusersTensor(name)
    return this.tensors.has(stored)
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a throw becomes a rejection
  async tensor(name: string, shape: readonly number[]): Promise<Float32Array> {
    return take(this.tensors, diffusersTensor(name), shape)
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- a throw becomes a rejection
  async linear(name: string, rows: number, cols: number): Promise<LinearWeights> {
    const weight = new Float32Array(rows * cols)
    const bias = new Float32Array(rows)
    let first = 0
    for (const part of diffusersParts(name, rows, cols)) {
      weight.set(take(this.tensors, `${part.module}.weight`, [part.rows, cols]), first * cols)
      bias.set(take(this.tensors, `${part.module}.bias`, [part.rows]), first)
      first += part.rows
    }
    if (name === 'final_layer.adaLN_modulation.1') {
      swapHalves(weight)
      swapHalves(bias)
    }
    return { rows, cols, format: 'f32', chunks: [{ rows, weight, scales: null }], bias, lora: null }
  }
}

/** diffusers stores [scale; shift] where BFL stores [shift; scale]. */
function swapHalves(values: Float32Array): void {
  const half = values.length / 2
  const first = values.slice(0, half)
  values.copyWithin(0, half)
  values.set(first, half)
}
