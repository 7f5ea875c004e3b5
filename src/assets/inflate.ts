import { Unzlib } from 'fflate'

/** Inflates a zlib stream, or null where it is broken or would give more than `most` bytes (a "zip bomb" stops there). */
export function inflateBounded(data: Uint8Array, most: number): Uint8Array<ArrayBuffer> | null {
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    const inflator = new Unzlib((piece) => {
      length += piece.length
      if (length > most) throw new RangeError('too long')
      pieces.push(piece)
    })
    // In small steps, so that a bomb is noticed before it has unfolded.
    for (let at = 0; at < data.length; at += 1024)
      inflator.push(data.subarray(at, at + 1024), at + 1024 >= data.length)
  } catch {
    return null
  }
  const out = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}
