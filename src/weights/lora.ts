/**
 * LoRA adapters for FLUX (specs: FLUX, LoRA formats). Read here: the raw PEFT dialect with diffusers
 * module names, as DreamFuse publishes it. All active adapters of a linear become one A/B pair,
 * concatenated along the rank, with their scales folded into B (DESIGN, LoRA branch).
 */
import { fail } from '@/base/errors'
import { diffusersParts } from '@/weights/fluxLayout'
import type { LinearWeights } from '@/weights/source'
import { toFloat32, type StoredTensor } from '@/weights/safetensors'

export interface Adapter {
  /** Per diffusers module: A [rank, in], B [rows, rank]; scale alpha/rank is not yet applied. */
  modules: ReadonlyMap<string, { rank: number; a: Float32Array; b: Float32Array; rows: number }>
  /** Full tensors that travel with the adapter, e.g. `image_tag_embeddings.weight`. */
  extra: ReadonlyMap<string, StoredTensor>
  /** alpha / rank. */
  scale: number
}

const PREFIX = 'base_model.model.'

/** @throws bad-weights when a lora_A lacks its lora_B or their shapes disagree. */
export function parsePeft(tensors: ReadonlyMap<string, StoredTensor>, alpha: number | null): Adapter {
  const modules = new Map<string, { rank: number; a: Float32Array; b: Float32Array; rows: number }>()
  const extra = new Map<string, StoredTensor>()
  let scale = 1
  for (const [key, tensor] of tensors) {
    const name = (key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key).replace(
      /\.(default|modules_to_save)(?=\.)/g,
      '',
    )
    const lora = /^(.*)\.lora_([AB])\.weight$/.exec(name)
    if (!lora) {
      extra.set(name, tensor)
      continue
    }
    if (lora[2] === 'B') continue
    const other = tensors.get(key.replace('lora_A', 'lora_B'))
    const rank = tensor.shape[0]
    if (!other || other.shape.length !== 2 || tensor.shape.length !== 2 || other.shape[1] !== rank)
      fail(
        'bad-weights',
        `The adapter's module "${lora[1]}" is incomplete.`,
        'Get the adapter file again.',
        `rank ${rank}`,
      )
    if (alpha !== null) scale = alpha / rank
    modules.set(lora[1], { rank, a: toFloat32(tensor), b: toFloat32(other), rows: other.shape[0] })
  }
  return { modules, extra, scale }
}

/**
 * The linear with the adapters' parts for it as one side branch; adapters add up, weights may be negative.
 * Parts of a fused linear (q, k, v) occupy their own ranks and rows.
 */
export function withLora(
  name: string,
  linear: LinearWeights,
  adapters: readonly { adapter: Adapter; weight: number }[],
): LinearWeights {
  const pieces: {
    rank: number
    a: Float32Array
    b: Float32Array
    rows: number
    first: number
    scale: number
  }[] = []
  for (const { adapter, weight } of adapters) {
    let first = 0
    for (const part of diffusersParts(name, linear.rows, linear.cols)) {
      const module = adapter.modules.get(part.module)
      if (module) {
        if (module.rows !== part.rows || module.a.length !== module.rank * linear.cols)
          fail(
            'bad-weights',
            `The adapter does not fit "${part.module}".`,
            'Check that it was made for this model.',
          )
        pieces.push({ ...module, first, scale: weight * adapter.scale })
      }
      first += part.rows
    }
  }
  if (pieces.length === 0) return linear
  const rank = pieces.reduce((sum, piece) => sum + piece.rank, 0)
  const a = new Float32Array(rank * linear.cols)
  const b = new Float32Array(linear.rows * rank)
  let at = 0
  for (const piece of pieces) {
    a.set(piece.a, at * linear.cols)
    for (let row = 0; row < piece.rows; row++)
      for (let r = 0; r < piece.rank; r++)
        b[(piece.first + row) * rank + at + r] = piece.b[row * piece.rank + r] * piece.scale
    at += piece.rank
  }
  return { ...linear, lora: { rank, a, b } }
}
