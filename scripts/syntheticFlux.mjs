// Writes a FLUX checkpoint of real width and any depth: the authors' layout, bf16, cheap deterministic numbers.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const HIDDEN = 3072
const MLP = 4 * HIDDEN
const HEAD = 128
/** Numbers before they repeat: a prime, so that no two rows of a weight are alike. */
const PERIOD = 1_048_573

/** @typedef {{ name: string, shape: number[] }} Tensor */

/**
 * Names and shapes of the layout that the authors publish (specs: FLUX §8.1).
 * @param {number} double @param {number} single @returns {Tensor[]}
 */
export function fluxTensors(double, single) {
  /** @type {Tensor[]} */
  const tensors = []
  const linear = (/** @type {string} */ name, /** @type {number} */ rows, /** @type {number} */ cols) =>
    tensors.push({ name: `${name}.weight`, shape: [rows, cols] }, { name: `${name}.bias`, shape: [rows] })
  const norms = (/** @type {string} */ name) =>
    tensors.push(
      { name: `${name}.query_norm.scale`, shape: [HEAD] },
      { name: `${name}.key_norm.scale`, shape: [HEAD] },
    )
  linear('img_in', HIDDEN, 64)
  linear('txt_in', HIDDEN, 4096)
  for (const [name, cols] of /** @type {const} */ ([
    ['time_in', 256],
    ['guidance_in', 256],
    ['vector_in', 768],
  ])) {
    linear(`${name}.in_layer`, HIDDEN, cols)
    linear(`${name}.out_layer`, HIDDEN, HIDDEN)
  }
  for (let i = 0; i < double; i++)
    for (const stream of ['img', 'txt']) {
      const block = `double_blocks.${i}.${stream}`
      linear(`${block}_mod.lin`, 6 * HIDDEN, HIDDEN)
      linear(`${block}_attn.qkv`, 3 * HIDDEN, HIDDEN)
      norms(`${block}_attn.norm`)
      linear(`${block}_attn.proj`, HIDDEN, HIDDEN)
      linear(`${block}_mlp.0`, MLP, HIDDEN)
      linear(`${block}_mlp.2`, HIDDEN, MLP)
    }
  for (let j = 0; j < single; j++) {
    const block = `single_blocks.${j}`
    linear(`${block}.modulation.lin`, 3 * HIDDEN, HIDDEN)
    linear(`${block}.linear1`, 3 * HIDDEN + MLP, HIDDEN)
    norms(`${block}.norm`)
    linear(`${block}.linear2`, HIDDEN, HIDDEN + MLP)
  }
  linear('final_layer.adaLN_modulation.1', 2 * HIDDEN, HIDDEN)
  linear('final_layer.linear', 64, HIDDEN)
  return tensors
}

/** bf16 numbers around `mean`, two periods of them so that any offset can be read on. @returns {Buffer} */
function noise(/** @type {number} */ mean, /** @type {number} */ spread, /** @type {number} */ seed) {
  const values = new Float32Array(PERIOD)
  let state = seed
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  // The sum of three uniforms is near enough to a normal; sqrt(12/3) makes its deviation 1.
  for (let i = 0; i < PERIOD; i++) values[i] = mean + spread * 2 * (uniform() + uniform() + uniform() - 1.5)
  const words = new Uint32Array(values.buffer)
  const out = Buffer.alloc(4 * PERIOD)
  for (let i = 0; i < PERIOD; i++) {
    const half = words[i] >>> 16
    out.writeUInt16LE(half, 2 * i)
    out.writeUInt16LE(half, 2 * (i + PERIOD))
  }
  return out
}

/** @param {string} name */
const seedOf = (name) => [...name].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % PERIOD, 7)

/**
 * Writes the checkpoint unless it is there already.
 * @param {string} path @param {{ double: number, single: number }} depth
 * @returns {{ bytes: number, parameters: number, written: boolean }}
 */
export function writeSyntheticFlux(path, { double, single }) {
  const tensors = fluxTensors(double, single)
  const count = (/** @type {Tensor} */ { shape }) => shape.reduce((product, size) => product * size, 1)
  /** @type {Record<string, object>} */
  const entries = {}
  let at = 0
  for (const tensor of tensors) {
    const end = at + 2 * count(tensor)
    entries[tensor.name] = { dtype: 'BF16', shape: tensor.shape, data_offsets: [at, end] }
    at = end
  }
  const text = Buffer.from(JSON.stringify(entries))
  const header = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, ' ')
  header.writeBigUInt64LE(BigInt(header.length - 8))
  text.copy(header, 8)
  const bytes = header.length + at
  const parameters = at / 2
  if (existsSync(path) && statSync(path).size === bytes) return { bytes, parameters, written: false }

  mkdirSync(dirname(path), { recursive: true })
  const tables = { weight: noise(0, 0.02, 1), bias: noise(0, 0.01, 2), scale: noise(1, 0.1, 3) }
  const file = openSync(`${path}.part`, 'w')
  try {
    writeSync(file, header)
    for (const tensor of tensors) {
      const kind = /** @type {keyof typeof tables} */ (tensor.name.split('.').at(-1))
      let offset = seedOf(tensor.name)
      for (let left = count(tensor); left > 0;) {
        const length = Math.min(left, PERIOD)
        writeSync(file, tables[kind], 2 * offset, 2 * length)
        offset = (offset + length) % PERIOD
        left -= length
      }
    }
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.part`, path)
  return { bytes, parameters, written: true }
}
