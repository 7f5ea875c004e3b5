import { Inflate } from 'fflate'

/** Inflated scan lines, one after the other. */
export interface RowSource {
  /** Fills `row` and returns its filter type, or -1 where the data ends or is broken before the row is full. */
  next(row: Uint8Array): Promise<number>
  close(): void
}

/** Through the platform's zlib: fast, and it stops at the first thing that is not right. */
export function strictRows(parts: Uint8Array<ArrayBuffer>[]): RowSource {
  const reader = new Blob(parts)
    .stream()
    .pipeThrough(new DecompressionStream('deflate') as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader()
  return rowsFrom(
    async () => {
      try {
        const { done, value } = await reader.read()
        return done ? null : value
      } catch {
        return null
      }
    },
    // What follows the last row (checksum, junk) does not matter; nor does an error in it.
    () => void reader.cancel().catch(() => undefined),
  )
}

/** Pieces that compressed data is tried in; of the one that a fault lies in, what comes before it is lost as well. */
const PIECES = 2048
const SMALLEST_PIECE = 32

/** All that can be inflated before the data ends or breaks; neither the zlib header nor its checksum is looked at. */
export function tolerantRows(parts: Uint8Array<ArrayBuffer>[]): RowSource {
  const stored = storedBlocks(parts)
  if (stored.length > 0)
    return rowsFrom(
      () => Promise.resolve(stored.shift() ?? null),
      () => undefined,
    )
  const out: Uint8Array[] = []
  const inflator = new Inflate((piece) => {
    if (piece.length > 0) out.push(piece)
  })
  const pieces = piecesOf(parts)
  const more = (): Promise<Uint8Array | null> => {
    while (out.length === 0) {
      const { done, value } = pieces.next()
      if (done) break
      try {
        inflator.push(value)
      } catch {
        break
      }
    }
    return Promise.resolve(out.shift() ?? null)
  }
  return rowsFrom(more, () => undefined)
}

/**
 * The payloads of a stream that was stored instead of compressed, up to where that ends: an inflator gives a stored
 * block only when it is whole. Empty where there is any block of another kind.
 */
function storedBlocks(parts: Uint8Array<ArrayBuffer>[]): Uint8Array[] {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const part of parts) {
    bytes.set(part, end)
    end += part.length
  }
  const blocks: Uint8Array[] = []
  // One bit says whether it is the last, two bits the kind; then length and its complement.
  for (let at = 2; at + 5 < end;) {
    if ((bytes[at] & 6) !== 0) return []
    const length = bytes[at + 1] | (bytes[at + 2] << 8)
    if ((length ^ 0xffff) !== (bytes[at + 3] | (bytes[at + 4] << 8))) break
    blocks.push(bytes.subarray(at + 5, Math.min(end, at + 5 + length)))
    if (bytes[at] & 1) break
    at += 5 + length
  }
  return blocks
}

/** The compressed bytes behind the zlib header, in small pieces. */
function* piecesOf(parts: Uint8Array<ArrayBuffer>[]): Generator<Uint8Array, undefined> {
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  const size = Math.max(SMALLEST_PIECE, Math.ceil(total / PIECES))
  let skip = 2
  for (const part of parts) {
    const from = Math.min(skip, part.length)
    skip -= from
    for (let at = from; at < part.length; at += size) yield part.subarray(at, at + size)
  }
  return undefined
}

/** Cuts inflated pieces into rows; `more` gives the next piece, null at the end. */
function rowsFrom(more: () => Promise<Uint8Array | null>, close: () => void): RowSource {
  let piece: Uint8Array = new Uint8Array(0)
  let at = 0
  const refill = async (): Promise<boolean> => {
    while (at >= piece.length) {
      const next = await more()
      if (!next) return false
      piece = next
      at = 0
    }
    return true
  }
  return {
    async next(row) {
      if (at >= piece.length && !(await refill())) return -1
      const filter = piece[at++]
      let filled = 0
      while (filled < row.length) {
        if (at >= piece.length && !(await refill())) return -1
        const n = Math.min(row.length - filled, piece.length - at)
        row.set(piece.subarray(at, at + n), filled)
        at += n
        filled += n
      }
      return filter
    },
    close,
  }
}
