/** Zip archives whose files are stored as they are: written as a stream, read at random. Nothing is ever inflated. */
import { crc32 } from 'hash-wasm'
import { Zip, ZipPassThrough } from 'fflate'

import { fail } from '@/base/errors'

export interface FileToZip {
  name: string
  /** Asked for when its turn comes; null where there is none after all: it is left out. */
  open(): Promise<Blob | null>
}

/** What is read of a file at a time. */
const PIECE_BYTES = 4 * 2 ** 20
/** Every entry has the same date: equal files give equal archives. */
const DATE = new Date(1980, 0, 1)

/**
 * The archive's bytes, piece by piece: no more than one piece of one file is in memory. Plain zip: below 4 GiB and
 * 65,535 files; the caller sees to that.
 * @throws whatever `open` throws; AbortError
 */
export async function* writeZip(
  files: Iterable<FileToZip>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let ready: Uint8Array<ArrayBuffer>[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    ready.push(piece as Uint8Array<ArrayBuffer>)
  })
  const drain = () => {
    const pieces = ready
    ready = []
    return pieces
  }
  for (const { name, open } of files) {
    signal?.throwIfAborted()
    const blob = await open()
    if (!blob) continue
    const entry = new ZipPassThrough(name)
    entry.mtime = DATE
    zip.add(entry)
    let at = 0
    do {
      signal?.throwIfAborted()
      const piece = new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer())
      at += piece.length
      entry.push(piece, at >= blob.size)
      yield* drain()
    } while (at < blob.size)
  }
  zip.end()
  yield* drain()
}

/** What an archive is called where it cannot be read. */
export interface ZipKind {
  /** "archive of preference pairs" */
  name: string
  /** What to do about one that is damaged. */
  hint: string
  /** More files than any real one holds. */
  maxFiles: number
}

/** A file of an archive; nothing of it is read before it is asked for. */
export interface ZippedFile {
  name: string
  size: number
  /** The bytes, compared with their checksum. @throws bad-archive */
  read(): Promise<Uint8Array<ArrayBuffer>>
}

const SIGNATURES = { end: 0x06054b50, entry: 0x02014b50, local: 0x04034b50 } as const
/** Bytes of the three records before their texts. */
const RECORDS = { end: 22, entry: 46, local: 30 } as const
const LONGEST_COMMENT = 65_535

/**
 * Reads an archive's table of contents.
 * @throws bad-archive for what is no zip, is cut off, compressed, encrypted or so large that it needs another format, for
 * a name twice, and for files that claim more bytes than the archive has
 */
export async function openZip(archive: Blob, kind: ZipKind): Promise<Map<string, ZippedFile>> {
  const damaged = refusal(kind)
  const { entries, size, offset, begin } = await endRecord(archive, damaged)
  if (entries > kind.maxFiles) damaged(`it holds ${entries} files, more than any real one`)
  if (offset + size > begin) damaged('its table of contents lies outside of it')
  const table = await view(archive, offset, offset + size)
  const files = new Map<string, ZippedFile>()
  let at = 0
  let claimed = 0
  for (let i = 0; i < entries; i++) {
    if (at + RECORDS.entry > size || table.getUint32(at, true) !== SIGNATURES.entry)
      damaged('its table of contents is broken')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((x) => table.getUint16(at + x, true))
    const next = at + RECORDS.entry + nameLength + extraLength + commentLength
    if (next > size) damaged('its table of contents is broken')
    const name = new TextDecoder().decode(new Uint8Array(table.buffer, at + RECORDS.entry, nameLength))
    if (files.has(name)) damaged(`it holds two files "${name}"`)
    const file = zippedFile(archive, table, at, name, offset, damaged)
    files.set(name, file)
    claimed += file.size
    at = next
  }
  // Files that share their bytes are how a small archive pretends to be a large one.
  if (claimed > offset) damaged(`its files claim ${claimed} bytes of ${offset}`)
  return files
}

function zippedFile(
  archive: Blob,
  table: DataView,
  at: number,
  name: string,
  tableBegin: number,
  damaged: Refusal,
): ZippedFile {
  const [flags, method] = [table.getUint16(at + 8, true), table.getUint16(at + 10, true)]
  const [checksum, stored, size, local] = [16, 20, 24, 42].map((x) => table.getUint32(at + x, true))
  if (flags & 1) damaged(`"${name}" is encrypted`)
  if (method !== 0) damaged(`"${name}" is compressed; its files must be stored as they are`)
  if (stored !== size) damaged(`the sizes of "${name}" disagree`)
  return {
    name,
    size,
    async read() {
      if (local + RECORDS.local > tableBegin) damaged(`"${name}" lies outside of it`)
      const head = await view(archive, local, local + RECORDS.local)
      if (head.getUint32(0, true) !== SIGNATURES.local) damaged(`"${name}" is not where it should be`)
      const begin = local + RECORDS.local + head.getUint16(26, true) + head.getUint16(28, true)
      if (begin + size > tableBegin) damaged(`"${name}" is cut off`)
      const bytes = new Uint8Array((await view(archive, begin, begin + size)).buffer)
      if ((await crc32(bytes)) !== checksum.toString(16).padStart(8, '0')) damaged(`"${name}" has changed`)
      return bytes
    },
  }
}

/** Looks for the record that closes every zip; only a comment may follow it. */
async function endRecord(
  archive: Blob,
  damaged: Refusal,
): Promise<{ entries: number; size: number; offset: number; begin: number }> {
  const first = Math.max(0, archive.size - RECORDS.end - LONGEST_COMMENT)
  const tail = await view(archive, first, archive.size)
  for (let at = tail.byteLength - RECORDS.end; at >= 0; at--) {
    if (tail.getUint32(at, true) !== SIGNATURES.end) continue
    if (at + RECORDS.end + tail.getUint16(at + 20, true) !== tail.byteLength) continue
    const entries = tail.getUint16(at + 10, true)
    const [size, offset] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)]
    if (entries === 0xffff || size === 0xffffffff || offset === 0xffffffff)
      damaged('it is a zip64 archive, which this studio neither writes nor reads')
    return { entries, size, offset, begin: first + at }
  }
  return damaged('it has no table of contents; it is cut off, or no zip file')
}

async function view(archive: Blob, begin: number, end: number): Promise<DataView<ArrayBuffer>> {
  try {
    return new DataView(await archive.slice(begin, end).arrayBuffer())
  } catch (error) {
    return fail(
      'bad-archive',
      'The archive cannot be read.',
      'It may have been moved or changed since you chose it: choose it again.',
      String(error),
    )
  }
}

type Refusal = (why: string) => never

function refusal({ name, hint }: ZipKind): Refusal {
  return (why) => fail('bad-archive', `This is no ${name} that can be read: ${why}.`, hint)
}
