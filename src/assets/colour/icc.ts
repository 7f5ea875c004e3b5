import {
  D50_TO_SRGB,
  IDENTITY,
  multiply,
  parametric,
  type ColourSpace,
  type Curve,
  type Matrix,
} from '@/assets/colour/space'

/** What a picture says of its colours, as far as we can use it. */
export type Profile =
  | { kind: 'space'; space: ColourSpace; grey: boolean }
  /** A good one of a kind that we do not compute: tables (LUT), print colours, HDR. */
  | { kind: 'other'; name: string }
  | { kind: 'broken' }

/** Largest profile that we read; LUT profiles of printers have a few megabytes. */
export const MAX_PROFILE = 16 << 20
const MAX_TAGS = 100
const HEADER = 128

/** Reads a profile of version 2 or 4: three colorants with curves (RGB), or one curve (grey). */
export function readIcc(bytes: Uint8Array): Profile {
  try {
    return read(bytes)
  } catch {
    return { kind: 'broken' } // a tag that points outside
  }
}

function read(bytes: Uint8Array): Profile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER + 4 || bytes.length > MAX_PROFILE || text(bytes, 36, 4) !== 'acsp')
    return { kind: 'broken' }
  const tags = new Map<string, Uint8Array>()
  const count = Math.min(MAX_TAGS, view.getUint32(HEADER))
  for (let i = 0; i < count; i++) {
    const entry = HEADER + 4 + i * 12
    const [at, length] = [view.getUint32(entry + 4), view.getUint32(entry + 8)]
    if (at + length <= bytes.length) tags.set(text(bytes, entry, 4), bytes.subarray(at, at + length))
  }
  const name = nameIn(tags.get('desc')) ?? 'an unnamed profile'
  const colours = text(bytes, 16, 4)
  // Where tables and colorants stand side by side, the tables hold.
  if (tags.has('A2B0') || text(bytes, 20, 4) !== 'XYZ ') return { kind: 'other', name }
  if (colours === 'GRAY') {
    const curve = curveIn(tags.get('kTRC'))
    if (!curve) return { kind: 'broken' }
    return {
      kind: 'space',
      grey: true,
      space: { name, curves: [curve, curve, curve], toLinearSrgb: IDENTITY },
    }
  }
  if (colours !== 'RGB ') return { kind: 'other', name }
  const [red, green, blue] = ['rTRC', 'gTRC', 'bTRC'].map((tag) => curveIn(tags.get(tag)))
  const [r, g, b] = ['rXYZ', 'gXYZ', 'bXYZ'].map((tag) => xyzIn(tags.get(tag)))
  if (!red || !green || !blue || !r || !g || !b) return { kind: 'broken' }
  const toD50: Matrix = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]]
  return {
    kind: 'space',
    grey: false,
    space: { name, curves: [red, green, blue], toLinearSrgb: multiply(D50_TO_SRGB, toD50) },
  }
}

const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))
const viewOf = (tag: Uint8Array): DataView => new DataView(tag.buffer, tag.byteOffset, tag.byteLength)
const fixed = (view: DataView, at: number): number => view.getInt32(at) / 65536

function xyzIn(tag: Uint8Array | undefined): [number, number, number] | null {
  if (!tag || tag.length < 20 || text(tag, 0, 4) !== 'XYZ ') return null
  const view = viewOf(tag)
  return [fixed(view, 8), fixed(view, 12), fixed(view, 16)]
}

function curveIn(tag: Uint8Array | undefined): Curve | null {
  if (!tag || tag.length < 12) return null
  switch (text(tag, 0, 4)) {
    case 'curv':
      return tableCurve(viewOf(tag))
    case 'para':
      return parametricCurve(viewOf(tag))
    default:
      return null
  }
}

function tableCurve(view: DataView): Curve | null {
  const count = view.getUint32(8)
  if (count === 0) return (x) => x
  if (count === 1) return parametric(view.getUint16(12) / 256)
  if (12 + count * 2 > view.byteLength) return null
  const table = Float64Array.from({ length: count }, (_, i) => view.getUint16(12 + i * 2) / 65535)
  return (x) => {
    const position = Math.min(1, Math.max(0, x)) * (count - 1)
    const low = Math.min(count - 2, Math.floor(position))
    return table[low] + (table[low + 1] - table[low]) * (position - low)
  }
}

/** Parameters of each type of parametric curve. */
const PARAMETERS = [1, 3, 4, 5, 7]

function parametricCurve(view: DataView): Curve | null {
  const type = view.getUint16(8)
  const count = PARAMETERS[type]
  if (count === undefined || 12 + count * 4 > view.byteLength) return null
  const [g, a, b, c, d, e, f] = Array.from({ length: count }, (_, i) => fixed(view, 12 + i * 4))
  switch (type) {
    case 0:
      return parametric(g)
    case 1:
      return a === 0 ? null : parametric(g, a, b, 0, -b / a)
    case 2: // (a x + b)^g + c, and c below
      return a === 0 ? null : parametric(g, a, b, 0, -b / a, c, c)
    case 3:
      return parametric(g, a, b, c, d)
    default:
      return parametric(g, a, b, c, d, e, f)
  }
}

/** A profile's description: `desc` of version 2 (ASCII), `mluc` of version 4 (UTF-16, the first language). */
function nameIn(tag: Uint8Array | undefined): string | null {
  if (!tag || tag.length < 16) return null
  const view = viewOf(tag)
  let name = ''
  if (text(tag, 0, 4) === 'desc') name = text(tag, 12, Math.min(100, view.getUint32(8)))
  if (text(tag, 0, 4) === 'mluc' && tag.length >= 28 && view.getUint32(8) > 0) {
    const [length, at] = [Math.min(200, view.getUint32(20)), view.getUint32(24)]
    name = new TextDecoder('utf-16be').decode(tag.subarray(at, at + length))
  }
  return name.replace(/[\0-\x1f]/g, '').trim() || null
}
