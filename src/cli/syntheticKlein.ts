/**
 * A FLUX.2 [klein] 4B checkpoint of whole size that lies nowhere: its bytes are made when the importer reads them, so that a
 * pack of it needs no room but its own.
 */
import { f32ToBf16 } from '@/base/half'
import { flux2Parameters, KLEIN_4B } from '@/families/flux2/transformer'
import type { LayoutTensor } from '@/families/layout'
import type { ByteSource } from '@/weights/formats/bytes'
import { layOut } from '@/weights/formats/safetensors'

/** Numbers before they repeat: a prime, so that no two rows of a weight are alike. */
const PERIOD = 1_048_573

/** Numbers of deviation 1, in bf16. */
function noise(): Uint16Array {
  const values = new Float32Array(PERIOD)
  let state = 7
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  // The sum of three uniforms is near enough to a normal.
  for (let i = 0; i < PERIOD; i++) values[i] = 2 * (uniform() + uniform() + uniform() - 1.5)
  return f32ToBf16(values)
}

const numbersOf = ({ shape }: LayoutTensor): number => shape.reduce((product, size) => product * size, 1)

/** Norms are 1; what passes a linear keeps its size, a half of it where modulations come of it. */
function scaleOf({ name, shape }: LayoutTensor): number {
  if (name.endsWith('.scale')) return 0
  return (/modulation/i.test(name) ? 0.5 : 1) / Math.sqrt(shape[1])
}

/** As somebody would drop it: one file in the authors' layout. */
export function syntheticKlein(): ByteSource {
  const tensors = [...flux2Parameters(KLEIN_4B).values()]
  const { header, begins, size } = layOut(tensors.map(({ name, shape }) => ({ name, dtype: 'BF16', shape })))
  const bits = noise()
  const scaled = new Map<number, Uint16Array>()
  /** All numbers of one scale; rounding to a power of two keeps bf16 exact. */
  const periodOf = (tensor: LayoutTensor): Uint16Array => {
    const scale = scaleOf(tensor)
    const exponent = scale === 0 ? 0 : Math.round(Math.log2(scale))
    const known = scaled.get(scale === 0 ? NaN : exponent)
    if (known) return known
    const one =
      scale === 0 ? new Uint16Array(PERIOD).fill(0x3f80) : bits.map((value) => shifted(value, exponent))
    scaled.set(scale === 0 ? NaN : exponent, one)
    return one
  }
  const fill = (out: Uint8Array<ArrayBuffer>, begin: number, index: number): void => {
    const first = begins[index]
    const end = first + 2 * numbersOf(tensors[index])
    const from = Math.max(begin, first)
    const to = Math.min(begin + out.length, end)
    const period = periodOf(tensors[index])
    const bytes = new Uint8Array(period.buffer)
    // Every tensor begins somewhere else in the period.
    const shift = 2 * ((index * 7919) % PERIOD)
    for (let at = from; at < to;) {
      const place = (at - first + shift) % bytes.length
      const count = Math.min(to - at, bytes.length - place)
      out.set(bytes.subarray(place, place + count), at - begin)
      at += count
    }
  }
  return {
    name: 'flux-2-klein-4b.safetensors',
    size,
    read(begin, end) {
      const out = new Uint8Array(end - begin)
      if (begin < header.length) out.set(header.subarray(begin, Math.min(end, header.length)))
      for (const [index, first] of begins.entries())
        if (first < end && first + 2 * numbersOf(tensors[index]) > begin) fill(out, begin, index)
      return Promise.resolve(out)
    },
  }
}

/** A bf16 number times 2^exponent; what would leave its range becomes 0. */
function shifted(bits: number, exponent: number): number {
  const sum = ((bits >> 7) & 0xff) + exponent
  return sum <= 0 || (bits & 0x7fff) === 0 ? 0 : (bits & 0x807f) | (sum << 7)
}
