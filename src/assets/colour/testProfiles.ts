// ICC profiles made in code, for tests only. Colorants are XYZ under D50, in 65536ths, by independent arithmetic.

type Bytes = Uint8Array<ArrayBuffer>

export const P3_COLORANTS = [33759, 15807, -69, 19135, 45367, 2745, 10296, 4363, 51385]
export const ADOBE_COLORANTS = [39960, 20389, 1276, 13453, 41004, 3989, 9777, 4143, 48795]
export const SRGB_COLORANTS = [28578, 14581, 912, 25241, 46981, 6362, 9376, 3972, 46799]

const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0))
const u32 = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
]
const u16 = (value: number): number[] => [(value >>> 8) & 255, value & 255]
const fixed = (value: number): number[] => u32(Math.round(value * 65536))

export const para = (type: number, ...values: number[]): number[] => [
  ...ascii('para\0\0\0\0'),
  ...u16(type),
  ...u16(0),
  ...values.flatMap(fixed),
]
export const curv = (...values: number[]): number[] => [
  ...ascii('curv\0\0\0\0'),
  ...u32(values.length),
  ...values.flatMap(u16),
]
export const SRGB_PARA = para(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
/** A table of so many entries. */
export const table = (count: number, curve: (x: number) => number): number[] =>
  curv(...Array.from({ length: count }, (_, i) => Math.round(curve(i / (count - 1)) * 65535)))

export interface ProfileParts {
  name?: string
  version?: 2 | 4
  colours?: 'RGB ' | 'GRAY' | 'CMYK'
  colorants?: number[]
  curve: number[]
  /** More tags: a LUT, say. */
  more?: Record<string, number[]>
}

export function makeIcc(parts: ProfileParts): Bytes {
  const { name = 'Test', version = 4, colours = 'RGB ', colorants = SRGB_COLORANTS, curve } = parts
  const description =
    version === 4
      ? [
          ...ascii('mluc\0\0\0\0'),
          ...u32(1),
          ...u32(12),
          ...ascii('enUS'),
          ...u32(name.length * 2),
          ...u32(28),
        ].concat(ascii(name).flatMap(u16))
      : [
          ...ascii('desc\0\0\0\0'),
          ...u32(name.length + 1),
          ...ascii(`${name}\0`),
          ...new Array<number>(79).fill(0),
        ]
  const xyz = (k: number): number[] => [
    ...ascii('XYZ \0\0\0\0'),
    ...colorants.slice(k * 3, k * 3 + 3).flatMap(u32),
  ]
  const white = [...ascii('XYZ \0\0\0\0'), ...[63190, 65536, 54061].flatMap(u32)]
  const tags: Record<string, number[]> = {
    desc: description,
    cprt: version === 4 ? description : [...ascii('text\0\0\0\0none\0')],
    wtpt: white,
    ...(colours === 'GRAY'
      ? { kTRC: curve }
      : { rXYZ: xyz(0), gXYZ: xyz(1), bXYZ: xyz(2), rTRC: curve, gTRC: curve, bTRC: curve }),
    ...parts.more,
  }
  const names = Object.keys(tags)
  let at = 128 + 4 + names.length * 12
  const entries: number[] = []
  const data: number[] = []
  for (const tag of names) {
    entries.push(...ascii(tag), ...u32(at), ...u32(tags[tag].length))
    const padded = [...tags[tag], ...new Array<number>((4 - (tags[tag].length % 4)) % 4).fill(0)]
    data.push(...padded)
    at += padded.length
  }
  const head = new Uint8Array(128)
  head.set(u32(at), 0)
  head.set([version, version === 4 ? 0x40 : 0x20], 8)
  head.set(ascii('mntr'), 12)
  head.set(ascii(colours), 16)
  head.set(ascii('XYZ '), 20)
  head.set([7, 231, 0, 1, 0, 1], 24)
  head.set(ascii('acsp'), 36)
  head.set([63190, 65536, 54061].flatMap(u32), 68)
  return Uint8Array.from([...head, ...u32(names.length), ...entries, ...data])
}
