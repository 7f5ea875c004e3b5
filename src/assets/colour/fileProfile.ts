import { MAX_PROFILE, readIcc, type Profile } from '@/assets/colour/icc'
import { jpegSegments, webpChunk, type Sniffed } from '@/assets/sniff'

/** "ICC_PROFILE\0", number of the piece, count of pieces */
const MARK = 'ICC_PROFILE\0'
const PIECE_HEAD = 14

/** What a JPEG, WebP or AVIF says of its colours; null where it says nothing. */
export function fileProfile(bytes: Uint8Array<ArrayBuffer>, { format, components }: Sniffed): Profile | null {
  if (format === 'avif') return avifProfile(bytes)
  const icc = format === 'jpeg' ? jpegIcc(bytes) : format === 'webp' ? webpIcc(bytes) : null
  if (!icc) return null
  const profile = readIcc(icc)
  const grey = format === 'jpeg' && components === 1
  return profile.kind === 'space' && profile.grey !== grey ? { kind: 'broken' } : profile
}

/** The profile's pieces in the order of their numbers; null where there are none, empty where one is missing. */
function jpegIcc(bytes: Uint8Array<ArrayBuffer>): Uint8Array | null {
  const pieces: Uint8Array[] = []
  let count = 0
  for (const { marker, body, end } of jpegSegments(bytes)) {
    if (marker !== 0xe2 || end > bytes.length || end - body < PIECE_HEAD) continue
    if (String.fromCharCode(...bytes.subarray(body, body + MARK.length)) !== MARK) continue
    pieces[bytes[body + 12]] = bytes.subarray(body + PIECE_HEAD, end)
    count = bytes[body + 13]
  }
  if (count === 0) return null
  const wanted = Array.from({ length: count }, (_, i) => pieces[i + 1])
  const length = wanted.reduce((sum, piece) => sum + (piece?.length ?? MAX_PROFILE + 1), 0)
  if (length > MAX_PROFILE) return new Uint8Array(0)
  const out = new Uint8Array(length)
  let at = 0
  for (const piece of wanted) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}

function webpIcc(bytes: Uint8Array<ArrayBuffer>): Uint8Array | null {
  const chunk = webpChunk(bytes, 'ICCP')
  return chunk && bytes.subarray(chunk.body, Math.min(bytes.length, chunk.end))
}

/** How far into an AVIF its properties are looked for: they stand before the pixels. */
const AVIF_HEAD = 1 << 16
/** Code points (H.273) of BT.709 and sRGB, and "unspecified", which means them. */
const SRGB_CODES = [1, 2, 6, 13]

/** AVIF's colours are coded by the same properties that name them: whatever is not plainly sRGB is the browser's. */
function avifProfile(bytes: Uint8Array<ArrayBuffer>): Profile | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 16 <= Math.min(bytes.length, AVIF_HEAD); at++) {
    if (view.getUint32(at) !== 0x636f6c72) continue // 'colr'
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (kind === 'prof' || kind === 'rICC') return { kind: 'other', name: 'its own profile' }
    const codes = [view.getUint16(at + 8), view.getUint16(at + 10)]
    if (kind === 'nclx' && !codes.every((code) => SRGB_CODES.includes(code)))
      return { kind: 'other', name: 'its own space' }
  }
  return null
}
