import {
  D65,
  parametric,
  primariesToSrgb,
  SRGB_PRIMARIES,
  srgbCurve,
  type ColourSpace,
  type Curve,
  type Primaries,
} from '@/assets/colour/space'

/** Code points of ITU-T H.273 that name a colour space. */
export interface Cicp {
  primaries: number
  transfer: number
}

const P3 = { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] } as const
const C: Primaries['white'] = [0.31, 0.316]
const NTSC: Primaries = { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: D65 }

const PRIMARIES: Record<number, { name: string; primaries: Primaries }> = {
  1: { name: 'BT.709', primaries: SRGB_PRIMARIES },
  4: {
    name: 'BT.470 M',
    primaries: { red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08], white: C },
  },
  5: {
    name: 'BT.470 BG',
    primaries: { red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06], white: D65 },
  },
  6: { name: 'BT.601', primaries: NTSC },
  7: { name: 'SMPTE 240M', primaries: NTSC },
  9: {
    name: 'BT.2020',
    primaries: { red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046], white: D65 },
  },
  11: { name: 'DCI-P3', primaries: { ...P3, white: [0.314, 0.351] } },
  12: { name: 'Display P3', primaries: { ...P3, white: D65 } },
}

/** The camera curve of BT.709, BT.601 and BT.2020, inverted. */
const camera: Curve = parametric(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
const CURVES: Record<number, Curve> = {
  1: camera,
  4: parametric(2.2),
  5: parametric(2.8),
  6: camera,
  8: (x) => x,
  13: srgbCurve,
  14: camera,
  15: camera,
}

/** The space that code points name; null for what we do not compute (unknown primaries, HDR). */
export function cicpSpace({ primaries, transfer }: Cicp): ColourSpace | null {
  const known = PRIMARIES[primaries]
  const curve = CURVES[transfer]
  const matrix = known && primariesToSrgb(known.primaries)
  if (!curve || !matrix) return null
  return { name: known.name, curves: [curve, curve, curve], toLinearSrgb: matrix }
}
