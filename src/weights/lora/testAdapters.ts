/** A tiny model and small adapters for the tests of LoRA. */
import { InlayError, type Problem } from '@/base/errors'
import { checkpointOf, type Checkpoint } from '@/weights/formats/checkpoint'
import { mergedSource, type WeightedAdapter } from '@/weights/lora/lora'
import { parseSafetensors, writeSafetensors } from '@/weights/formats/safetensors'
import type { LinearWeights, WeightSource } from '@/weights/formats/source'

export const H = 6
export const MLP = 12
export const RANK = 3

/** A model with one block of each kind and odd sizes. */
export const SHAPES: Record<string, [rows: number, cols: number]> = {
  img_in: [H, 4],
  'double_blocks.0.img_attn.qkv': [3 * H, H],
  'double_blocks.0.txt_attn.qkv': [3 * H, H],
  'double_blocks.0.img_attn.proj': [H, H],
  'double_blocks.0.txt_attn.proj': [H, H],
  'double_blocks.0.img_mlp.0': [MLP, H],
  'single_blocks.0.linear1': [3 * H + MLP, H],
  'single_blocks.0.linear2': [H, H + MLP],
  'final_layer.adaLN_modulation.1': [2 * H, H],
}

export interface Matrix {
  shape: [number, number]
  data: Float32Array
}
export type Tensors = Record<string, { shape: readonly number[]; data: Float32Array }>

export const waves = (rows: number, cols: number, seed: number): Matrix => ({
  shape: [rows, cols],
  data: Float32Array.from({ length: rows * cols }, (_, i) => Math.fround(Math.sin(0.7371 * i + seed))),
})
export const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) })

export function checkpoint(
  tensors: Tensors,
  side: Partial<Pick<Checkpoint, 'metadata' | 'json'>> = {},
): Checkpoint {
  return { ...checkpointOf(parseSafetensors(writeSafetensors(tensors), 'test')), ...side }
}

/** A zero base, so that merged weights are the adapter's own. */
export function zeros(change: (linear: LinearWeights) => LinearWeights = (linear) => linear): WeightSource {
  return {
    has: () => true,
    tensor: (_, shape) => Promise.resolve(new Float32Array(shape[0])),
    linear: (_, rows, cols) => {
      const chunks = [{ rows, weight: new Float32Array(rows * cols), scales: null }]
      return Promise.resolve(change({ rows, cols, format: 'f32', chunks, bias: null, lora: null }))
    },
  }
}

export async function merged(adapters: readonly WeightedAdapter[]): Promise<Record<string, number[]>> {
  const source = mergedSource(zeros(), adapters)
  const result: Record<string, number[]> = {}
  for (const [name, [rows, cols]] of Object.entries(SHAPES))
    result[name] = [...(await source.linear(name, rows, cols)).chunks[0].weight]
  return result
}

export async function problem(work: () => Promise<unknown>): Promise<Problem> {
  try {
    await work()
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('nothing was thrown')
}
