/** The tensors of a preference pair as one safetensors file (docs/formats.md, section Preference archive). */
import { fail } from '@/base/errors'
import type { PreferencePair } from '@/schema/preferences'
import {
  parseSafetensors,
  toFloat32,
  writeSafetensors,
  type TensorToWrite,
} from '@/weights/formats/safetensors'

/** One run of a pair (specs: D-Fusion §2). */
export interface PairTrajectory {
  /** x_T .. x_0, [steps + 1, channels, rows, columns] */
  latents: Float32Array
  /** Mean log-density of every step, [steps] */
  logProbability: Float32Array
}

export interface PairTensors {
  winner: PairTrajectory
  loser: PairTrajectory
  /** [tokens, width] */
  prompt: { embedding: Float32Array; negative: Float32Array }
  /** What was fused in every step, 0 or 1, [steps, rows, columns] */
  masks: Uint8Array
  /** Attention to every word, [steps, rows, columns, words] */
  wordMaps: Float32Array | null
}

const RUNS = ['winner', 'loser'] as const

/** Writes a pair's tensors; `pair` gives their shapes. @throws internal where arrays and shapes disagree */
export function encodePair(pair: PreferencePair, tensors: PairTensors): Uint8Array<ArrayBuffer> {
  const shapes = shapesOf(pair)
  const data: Record<string, Float32Array | Uint8Array> = { masks: tensors.masks }
  for (const run of RUNS) {
    data[`${run}.latents`] = tensors[run].latents
    data[`${run}.log_probability`] = tensors[run].logProbability
  }
  data['prompt.embedding'] = tensors.prompt.embedding
  data['prompt.negative'] = tensors.prompt.negative
  if (tensors.wordMaps) data.word_maps = tensors.wordMaps

  const list: Record<string, TensorToWrite> = {}
  for (const [name, shape] of Object.entries(shapes)) {
    const values = data[name]
    if (values?.length !== shape.reduce((product, size) => product * size, 1))
      fail(
        'internal',
        'The pair could not be written: its numbers do not fit its description.',
        'Align again; if it happens again, please report the detail below.',
        `${name} should be [${shape.join(', ')}], has ${values?.length ?? 'no'} values`,
      )
    list[name] = { shape, data: values }
  }
  list.timesteps = {
    shape: [pair.timesteps.length],
    data: new Uint8Array(Int32Array.from(pair.timesteps).buffer),
    dtype: 'I32',
  }
  return writeSafetensors(list, { format: 'inlay-preference-pair', id: pair.id })
}

/**
 * Reads a pair's tensors and holds them to what is known of the pair.
 * @throws bad-weights for what is no safetensors file; bad-archive where a tensor is missing, has another shape or type,
 * or holds what is no number
 */
export function decodePair(file: Uint8Array<ArrayBuffer>, pair: PreferencePair): PairTensors {
  const name = `${pair.id}.safetensors`
  const tensors = parseSafetensors(file, name)
  const values = (key: string, shape: readonly number[], dtype: 'F32' | 'U8' | 'I32') => {
    const tensor = tensors.get(key)
    if (!tensor) broken(pair, `it lacks "${key}"`)
    if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join())
      broken(
        pair,
        `"${key}" is ${tensor.dtype} [${tensor.shape.join(', ')}], not ${dtype} [${shape.join(', ')}]`,
      )
    return tensor
  }
  const shapes = shapesOf(pair)
  const floats = (key: string): Float32Array => {
    const found = toFloat32(values(key, shapes[key], 'F32'))
    if (!found.every(Number.isFinite)) broken(pair, `"${key}" holds what is no finite number`)
    return found
  }
  const timesteps = toFloat32(values('timesteps', [pair.timesteps.length], 'I32'))
  if (timesteps.join() !== pair.timesteps.join())
    broken(pair, 'its timesteps are not those of its description')
  const run = (which: (typeof RUNS)[number]): PairTrajectory => ({
    latents: floats(`${which}.latents`),
    logProbability: floats(`${which}.log_probability`),
  })
  return {
    winner: run('winner'),
    loser: run('loser'),
    prompt: { embedding: floats('prompt.embedding'), negative: floats('prompt.negative') },
    masks: values('masks', shapes.masks, 'U8').bytes,
    wordMaps: pair.mapWords === null ? null : floats('word_maps'),
  }
}

function shapesOf(pair: PreferencePair): Record<string, readonly number[]> {
  const { latent, prompt, grid, mapWords } = pair
  const steps = pair.timesteps.length
  const latents = [steps + 1, latent.channels, latent.rows, latent.columns]
  const embedding = [prompt.tokens, prompt.width]
  return {
    'winner.latents': latents,
    'winner.log_probability': [steps],
    'loser.latents': latents,
    'loser.log_probability': [steps],
    'prompt.embedding': embedding,
    'prompt.negative': embedding,
    masks: [steps, grid.rows, grid.columns],
    ...(mapWords === null ? {} : { word_maps: [steps, grid.rows, grid.columns, mapWords] }),
  }
}

function broken(pair: PreferencePair, why: string): never {
  fail(
    'bad-archive',
    `The pair of “${pair.recipe.prompt}” is broken: ${why}.`,
    'Export the archive again from where the pair was made.',
    pair.id,
  )
}
