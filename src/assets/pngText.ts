import { inflateBounded } from '@/assets/inflate'
import { crc32, encodeChunk, readChunks, type PngChunk } from '@/assets/pngChunks'

// Files come from anywhere: what we accept from their text chunks is bounded.
/** A recipe of 16 foregrounds is about 8 kB; 2 MiB of text in one entry has no honest use. */
const MAX_TEXT_BYTES = 2 << 20
/** All text of a file together, so that many entries cannot add up to what one may not be. */
const MAX_TOTAL_BYTES = 8 << 20
const MAX_ENTRIES = 256
/** By the PNG specification. */
const MAX_KEYWORD = 79

const latin1 = new TextDecoder('latin1')
const encoder = new TextEncoder()

/** An uncompressed iTXt chunk: UTF-8 text under a Latin-1 keyword of 1..79 characters. */
export function encodeTextChunk(keyword: string, text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,77}[\x21-\x7e])?$/.test(keyword))
    throw new RangeError(`not a PNG keyword: ${keyword}`)
  // keyword NUL, compression flag, method, language NUL, translated keyword NUL, text
  const head = encoder.encode(`${keyword}\0\0\0\0\0`)
  const body = encoder.encode(text)
  const data = new Uint8Array(head.length + body.length)
  data.set(head)
  data.set(body, head.length)
  return encodeChunk('iTXt', data)
}

/**
 * All text entries of a PNG by keyword: tEXt, zTXt and iTXt, compressed or not. The first entry of a keyword wins.
 * Entries that are broken, too large or fail their CRC are left out. Throws `bad-image` when `bytes` is no PNG.
 */
export function readPngText(bytes: Uint8Array<ArrayBuffer>): Record<string, string> {
  const found = new Map<string, string>()
  let total = 0
  let entries = 0
  // What is inflated in vain counts too.
  let budget = MAX_TOTAL_BYTES
  const inflate: Inflate = (data) => {
    const inflated = inflateBounded(data, Math.min(MAX_TEXT_BYTES, budget))
    budget = Math.max(0, budget - (inflated?.length ?? MAX_TEXT_BYTES))
    return inflated
  }
  for (const chunk of readChunks(bytes)) {
    if (!['tEXt', 'zTXt', 'iTXt'].includes(chunk.type) || chunk.data.length > MAX_TEXT_BYTES) continue
    if (++entries > MAX_ENTRIES) break
    const entry = readEntry(chunk, inflate)
    total += entry?.text.length ?? 0
    if (total > MAX_TOTAL_BYTES) break
    if (entry && !found.has(entry.keyword)) found.set(entry.keyword, entry.text)
  }
  return Object.fromEntries(found)
}

type Inflate = (data: Uint8Array) => Uint8Array | null

function readEntry(
  { type, data, crc }: PngChunk,
  inflate: Inflate,
): { keyword: string; text: string } | null {
  if (crc32(encoder.encode(type), data) !== crc) return null
  const keyEnd = data.subarray(0, MAX_KEYWORD + 1).indexOf(0)
  if (keyEnd < 1) return null
  const keyword = latin1.decode(data.subarray(0, keyEnd))
  const rest = data.subarray(keyEnd + 1)
  if (type === 'tEXt') return { keyword, text: latin1.decode(rest) }
  if (type === 'zTXt') {
    const inflated = rest[0] === 0 ? inflate(rest.subarray(1)) : null
    return inflated && { keyword, text: latin1.decode(inflated) }
  }
  const compressed = rest[0] === 1
  if (rest.length < 4 || (compressed && rest[1] !== 0)) return null
  const languageEnd = rest.indexOf(0, 2)
  const translatedEnd = languageEnd < 0 ? -1 : rest.indexOf(0, languageEnd + 1)
  if (translatedEnd < 0) return null
  const body = compressed ? inflate(rest.subarray(translatedEnd + 1)) : rest.subarray(translatedEnd + 1)
  if (!body) return null
  try {
    return { keyword, text: new TextDecoder('utf-8', { fatal: true }).decode(body) }
  } catch {
    return null // not UTF-8
  }
}
