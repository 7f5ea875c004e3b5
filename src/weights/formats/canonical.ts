/** A checkpoint's stored tensors under canonical names: checked against a layout, and read through it. */
import { fail } from '@/base/errors'
import {
  axes,
  differs,
  lacks,
  type Layout,
  type LayoutTensor,
  type RowPart,
  type Shapes,
  type Tensors,
} from '@/families/layout'
import type { Checkpoint } from '@/weights/formats/checkpoint'
import { isReadable } from '@/weights/formats/quantised'
import { PUBLISHED, type StoredTensor } from '@/weights/formats/safetensors'
import type { LinearWeights, WeightSource } from '@/weights/formats/source'
import { readRowsInto, rowSize, type TensorEntry } from '@/weights/formats/tensorEntry'

/** 1x1 convolutions are stored as linears here and as convolutions there. */
const withoutOnes = (shape: readonly number[]): string => shape.join().replace(/(,1)+$/, '')

/** The stored tensor of a part, checked. @throws bad-weights naming what was expected and found */
function entryOf(checkpoint: Pick<Checkpoint, 'entries'>, tensor: LayoutTensor, part: RowPart): TensorEntry {
  const entry = checkpoint.entries.get(part.tensor)
  const whole = [part.of, ...tensor.shape.slice(1)]
  const expected = tensor.isTransposed ? whole.toReversed() : whole
  if (!entry) lacks(part.tensor, axes(expected))
  if (!isReadable(entry))
    fail(
      'unsupported',
      `The tensor "${part.tensor}" is packed, or lacks its scale: it is stored as ${entry.dtype}.`,
      PUBLISHED,
    )
  const shape = unstacked(entry.shape, expected.length)
  if (withoutOnes(shape) !== withoutOnes(expected)) differs(part.tensor, axes(expected), entry.shape)
  return { ...entry, shape }
}

/** Without axes of length 1 in front of the others: DINO stores its positions as a batch of one. */
const unstacked = (shape: readonly number[], axes: number): readonly number[] =>
  shape.length > axes && shape[0] === 1 ? unstacked(shape.slice(1), axes) : shape

/**
 * Checks that every tensor of a layout is there with its shape and in numbers that can be read, and that nothing is there
 * that would change what they mean.
 * @throws bad-weights, unsupported
 */
export function checkLayout(
  checkpoint: Pick<Checkpoint, 'entries'>,
  layout: Pick<Layout, 'tensors' | 'prefix' | 'isClosed'>,
): void {
  const used = new Set<string>()
  for (const tensor of layout.tensors.values())
    for (const part of tensor.parts) {
      entryOf(checkpoint, tensor, part)
      used.add(part.tensor)
    }
  const stranger = strangerIn(checkpoint.entries, used, layout)
  if (stranger !== null)
    fail(
      'unsupported',
      `This file holds a tensor that is not understood: "${stranger}".`,
      'It may be packed, or a relative of the model that cannot be used. Get the model as its authors publish it.',
      `not a part of what is read as ${layout.prefix || 'this network'}`,
    )
}

/** Names without `.weight`, `.bias`, `.scale`: what a tensor is a part of. */
const ownerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')))

/** A tensor that nothing reads and that may say how others are meant; null where there is none. */
function strangerIn(
  shapes: Shapes,
  used: ReadonlySet<string>,
  { prefix, isClosed }: Pick<Layout, 'prefix' | 'isClosed'>,
): string | null {
  const first = (name: string): string => name.slice(prefix.length).split('.', 1)[0]
  const owners = new Set([...used].filter((name) => /\.(?:weight|bias|scale)$/.test(name)).map(ownerOf))
  const closed = new Set(isClosed ? [...used].map(first) : [])
  for (const name of shapes.keys()) {
    if (used.has(name)) continue
    if (isClosed && name.startsWith(prefix) && closed.has(first(name))) return name
    // `<module>.anything`, `<module>.weight.anything`, `<tensor>_anything`.
    const owner = ownerOf(name)
    if (owners.has(owner) || used.has(owner)) return name
    for (let at = name.lastIndexOf('_'); at > owner.length; at = name.lastIndexOf('_', at - 1))
      if (used.has(name.slice(0, at))) return name
  }
  return null
}

/** Rows [first, first + rows) of a canonical tensor as f32, from whichever stored tensors hold them. */
export async function readCanonical(
  checkpoint: Pick<Checkpoint, 'entries'>,
  tensor: LayoutTensor,
  first: number,
  rows: number,
  out: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const cols = rowSize(tensor)
  if (tensor.isTransposed) return readTransposed(checkpoint, tensor, first, rows, out, signal)
  let at = 0
  for (const part of tensor.parts) {
    const from = Math.max(first, at)
    const to = Math.min(first + rows, at + part.rows)
    if (from < to) {
      const values = out.subarray((from - first) * cols, (to - first) * cols)
      await readRowsInto(entryOf(checkpoint, tensor, part), part.first + from - at, to - from, values, signal)
    }
    at += part.rows
  }
}

/** As `readCanonical`; such matrices are small, so the whole of it is read. */
async function readTransposed(
  checkpoint: Pick<Checkpoint, 'entries'>,
  tensor: LayoutTensor,
  first: number,
  rows: number,
  out: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const [all, cols] = tensor.shape
  const stored = new Float32Array(all * cols) // [cols, all]
  await readRowsInto(entryOf(checkpoint, tensor, tensor.parts[0]), 0, cols, stored, signal)
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) out[row * cols + col] = stored[col * all + first + row]
}

/** A checkpoint's parameters under canonical names, widened to f32 when asked for. */
export function layoutSource(checkpoint: Checkpoint, tensors: Tensors): WeightSource {
  const read = async (name: string, shape: readonly number[]): Promise<Float32Array> => {
    const tensor = tensors.get(name)
    if (!tensor) lacks(name, axes(shape))
    if (withoutOnes(tensor.shape) !== withoutOnes(shape)) differs(name, axes(shape), tensor.shape)
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    await readCanonical(checkpoint, tensor, 0, shape[0], values)
    return values
  }
  return {
    has: (name) => tensors.has(name),
    tensor: read,
    linear: async (name, rows, cols): Promise<LinearWeights> => {
      const weight = await read(`${name}.weight`, [rows, cols])
      const bias = tensors.has(`${name}.bias`) ? await read(`${name}.bias`, [rows]) : null
      return { rows, cols, format: 'f32', chunks: [{ rows, weight, scales: null }], bias, lora: null }
    },
  }
}

/** All of a layout's tensors as a file in the network's own names would store them, in f32. */
export async function canonicalTensors(
  source: WeightSource,
  tensors: Tensors,
): Promise<Map<string, StoredTensor>> {
  const found = new Map<string, StoredTensor>()
  for (const { name, shape } of tensors.values()) {
    const values = await source.tensor(name, shape)
    found.set(name, { dtype: 'F32', shape: [...shape], bytes: new Uint8Array(values.slice().buffer) })
  }
  return found
}
