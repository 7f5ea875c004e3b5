/** Pictures made in code, good ones and bad ones, as files to drop. */
import { deflateSync } from 'node:zlib'

export interface PictureFile {
  name: string
  mimeType: string
  buffer: Buffer
}

type Pixel = [red: number, green: number, blue: number, alpha: number]

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

function crc32(bytes: Buffer): number {
  let c = 0xffffffff
  for (const byte of bytes) c = CRC[(c ^ byte) & 255] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

/** An RGBA PNG of the given size, whatever that is; `at` colours each pixel. */
export function png(
  name: string,
  width: number,
  height: number,
  at: (x: number, y: number) => Pixel,
): PictureFile {
  const rows = Buffer.alloc(height * (1 + width * 4))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set(at(x, y), y * (1 + width * 4) + 1 + x * 4)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const buffer = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return { name, mimeType: 'image/png', buffer }
}

/** A floor and a wall with a gradient, so that no two neighbouring pixels need be equal. */
export const background = (width = 320, height = 240, name = 'room.png'): PictureFile =>
  png(name, width, height, (x, y) => {
    const floor = y > height * 0.6 ? 60 : 0
    return [(90 + floor + (x * 60) / width) | 0, (110 + (y * 50) / height) | 0, 140 - floor, 255]
  })

/** A red ball on nothing. */
export const ball = (size = 96, name = 'ball.png'): PictureFile =>
  png(name, size, size, (x, y) => {
    const [dx, dy] = [(x + 0.5) / size - 0.5, (y + 0.5) / size - 0.5]
    const inside = Math.hypot(dx, dy) < 0.45
    return inside ? [200 - Math.round(80 * dy), 60, 50, 255] : [0, 0, 0, 0]
  })

/** A ball with faint dust far to its right. */
export const dusty = (name = 'dusty.png'): PictureFile =>
  png(name, 300, 100, (x, y) => {
    const inside = Math.hypot(x - 49.5, y - 49.5) < 45
    return inside ? [200, 60, 50, 255] : [90, 90, 90, x > 290 && y > 90 ? 9 : 0]
  })

/** A ball on white paper with three specks on it, opaque. */
export const specked = (name = 'paper.png'): PictureFile =>
  png(name, 400, 300, (x, y) => {
    if (Math.hypot(x - 199.5, y - 149.5) < 90) return [200, 60, 50, 255]
    const speck = [40, 200, 360].some((at, i) => x >= at && x < at + 3 && y >= 20 + i && y < 23 + i)
    return speck ? [60, 60, 60, 255] : [250, 250, 250, 255]
  })

/** A photo of a red ball with a blue box at its right, before a wall and on a floor; opaque. */
export const still = (name = 'still.png'): PictureFile =>
  png(name, 400, 300, (x, y) => {
    const grain = ((x * 7 + y * 13) % 11) - 5
    if (Math.hypot(x - 180, y - 150) < 85) return [205 - ((y - 150) >> 1), 55 + grain, 45, 255]
    if (Math.abs(x - 285) < 25 && Math.abs(y - 190) < 45) return [40, 80 + grain, 190, 255]
    const floor = y > 200 ? 45 : 0
    return [120 + floor + grain + (x >> 4), 125 + floor + grain, 118 + grain, 255]
  })

/** Nothing to see in it. */
export const transparent = (size = 64, name = 'nothing.png'): PictureFile =>
  png(name, size, size, () => [255, 0, 0, 0])

export const notAnImage = (name = 'letter.png'): PictureFile => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from('Dear reader, this is not a picture. Yours, a text file.'),
})

/** Says that it is 0 by 0. */
export const zeroSized = (name = 'zero.png'): PictureFile => png(name, 0, 0, () => [0, 0, 0, 0])

/** Ends in the middle of its pixels. */
export function truncated(name = 'half.png'): PictureFile {
  // Noise, so that the pixels take most of the file.
  const whole = png(name, 200, 200, (x, y) => [
    (x * 7919 + y * 104729) & 255,
    (x * y) & 255,
    (x ^ y) & 255,
    255,
  ])
  return { ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length >> 1) }
}

const u16 = (value: number) => [value & 255, value >> 8]

/** Two frames, the first blue, the second green. */
export function animatedGif(width = 64, height = 48, name = 'blink.gif'): PictureFile {
  const frame = (index: number) => {
    // Codes of three bits; a clear code before every second pixel keeps them at three bits.
    const codes: number[] = []
    for (let i = 0; i < width * height; i++) codes.push(...(i % 2 === 0 ? [4, index] : [index]))
    codes.push(5)
    const bytes: number[] = []
    let [bits, held] = [0, 0]
    for (const code of codes) {
      bits |= code << held
      held += 3
      while (held >= 8) {
        bytes.push(bits & 255)
        bits >>= 8
        held -= 8
      }
    }
    if (held > 0) bytes.push(bits & 255)
    const blocks: number[] = []
    for (let i = 0; i < bytes.length; i += 255) {
      const block = bytes.slice(i, i + 255)
      blocks.push(block.length, ...block)
    }
    const control = [0x21, 0xf9, 4, 0, 10, 0, 0, 0]
    return [...control, 0x2c, ...u16(0), ...u16(0), ...u16(width), ...u16(height), 0, 2, ...blocks, 0]
  }
  const palette = [0, 0, 255, 0, 200, 0, 0, 0, 0, 255, 255, 255]
  const loop = [0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0]
  const buffer = Buffer.from([
    ...Buffer.from('GIF89a'),
    ...[...u16(width), ...u16(height), 0xf1, 0, 0],
    ...palette,
    ...loop,
    ...frame(0),
    ...frame(1),
    0x3b,
  ])
  return { name, mimeType: 'image/gif', buffer }
}

/** A baseline JPEG with four components, as Adobe writes CMYK: flat blocks, so only DC coefficients. */
export function cmykJpeg(width = 64, height = 64, name = 'print.jpg'): PictureFile {
  const segment = (marker: number, data: number[]) => [
    0xff,
    marker,
    (data.length + 2) >> 8,
    (data.length + 2) & 255,
    ...data,
  ]
  const components = [1, 2, 3, 4]
  const categories = Array.from({ length: 12 }, (_, i) => i)
  let text = ''
  const last = [0, 0, 0, 0]
  for (let by = 0; by < height; by += 8)
    for (let bx = 0; bx < width; bx += 8) {
      // Stored inverted, as Adobe does: 255 is no ink.
      const ink = [255 - bx, 200 - by, 120, 250]
      ink.forEach((value, c) => {
        const difference = value - 128 - last[c]
        last[c] = value - 128
        const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1
        const bits = difference < 0 ? difference + (1 << size) - 1 : difference
        text += size.toString(2).padStart(4, '0')
        if (size > 0) text += bits.toString(2).padStart(size, '0')
        text += '0' // End of block.
      })
    }
  const scan: number[] = []
  for (let i = 0; i < text.length; i += 8) {
    const byte = parseInt(text.slice(i, i + 8).padEnd(8, '1'), 2)
    scan.push(byte, ...(byte === 255 ? [0] : []))
  }
  const buffer = Buffer.from([
    ...[0xff, 0xd8],
    ...segment(0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0]),
    ...segment(0xdb, [0, ...new Array<number>(64).fill(8)]),
    ...segment(0xc0, [
      8,
      height >> 8,
      height & 255,
      width >> 8,
      width & 255,
      4,
      ...components.flatMap((c) => [c, 0x11, 0]),
    ]),
    ...segment(0xc4, [0x00, 0, 0, 0, 12, ...new Array<number>(12).fill(0), ...categories]),
    ...segment(0xc4, [0x10, 1, ...new Array<number>(15).fill(0), 0]),
    ...segment(0xda, [4, ...components.flatMap((c) => [c, 0]), 0, 63, 0]),
    ...scan,
    ...[0xff, 0xd9],
  ])
  return { name, mimeType: 'image/jpeg', buffer }
}
