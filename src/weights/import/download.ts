/**
 * Files from addresses that the user typed, and from nowhere else: to the disk in segments, gone on with where it
 * stopped. A changed file is known by its ETag, its date or its size, compared before a byte is kept; we do not send
 * If-Range, which other origins would have to allow by a preflight that hardly any answers.
 */
import { createSHA256 } from 'hash-wasm'

import { fail } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { isQuotaError } from '@/storage/quota'
import type { ByteSource } from '@/weights/formats/bytes'
import { DownloadFolder, lockOf, type Notes } from '@/weights/import/downloadFolder'
import { withModelLock } from '@/weights/packs/modelFolder'
import { Pace } from '@/weights/import/pace'

export interface DownloadOptions {
  /** sha256 in hex that the user has from the authors, or null. */
  sha256: string | null
  signal?: AbortSignal
  onProgress?: (progress: {
    stage: 'download' | 'verify'
    doneBytes: number
    totalBytes: number
    secondsLeft: number | null
  }) => void
  /** Bytes written at a time; tests make it small. */
  segmentBytes?: number
}

const SEGMENT_BYTES = 32 * 2 ** 20

const TRY_AGAIN = 'Try again: what has come stays, and the download goes on from there.'

/** Downloads, or goes on with, an address; `use` gets the file and, when it is through, the file is let go. */
export async function withDownload<T>(
  address: string,
  options: DownloadOptions,
  use: (file: ByteSource) => Promise<T>,
): Promise<T> {
  const url = checkedAddress(address)
  const id = (await sha256(new TextEncoder().encode(url.href))).slice(0, 20)
  return withModelLock(lockOf(id), async () => {
    const folder = await DownloadFolder.open(id)
    await fetchInto(folder, url, options)
    const result = await use(await folder.bytes(nameOf(url)))
    await folder.discard()
    return result
  })
}

function checkedAddress(address: string): URL {
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    return fail(
      'network',
      'This is not an address that can be downloaded.',
      'Type an address that begins with https://.',
      address,
    )
  url.hash = ''
  return url
}

const nameOf = (url: URL): string => {
  const last = url.pathname.split('/').at(-1) || url.hostname
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

async function fetchInto(folder: DownloadFolder, url: URL, options: DownloadOptions): Promise<void> {
  const { signal, onProgress } = options
  const pace = new Pace()
  const hash = options.sha256 ? await createSHA256() : null
  let notes = await folder.notes()
  let have = notes ? (await folder.bytes('')).size : 0
  const tell = (stage: 'download' | 'verify', doneBytes: number, totalBytes: number): void =>
    onProgress?.({ stage, doneBytes, totalBytes, secondsLeft: pace.secondsLeft(doneBytes, totalBytes) })

  if (!notes || have === 0 || have !== notes.size) {
    const response = await request(url, have, signal)
    if (notes && have > 0 && response.status === 206) await refuseChanged(folder, notes, response, have)
    else {
      if (notes && have > 0) await refuseChanged(folder, notes, response, null)
      have = 0
      notes = notesOf(url, response)
      await folder.begin(notes)
    }
    if (hash) await feed(hash, await folder.bytes(''), (done) => tell('verify', done, have), signal)
    const size = notes.size
    await store(folder, response, options, (piece) => {
      hash?.update(piece)
      have += piece.length
      tell('download', have, Math.max(have, size ?? 0))
    })
    if (size !== null && have !== size) {
      if (have > size) await folder.discard()
      fail('network', 'The download broke off.', TRY_AGAIN, `expected ${size} bytes, got ${have}`)
    }
    // Where the server gave no length, it is known now.
    if (size === null) await folder.note({ ...notes, size: have })
  } else if (hash) await feed(hash, await folder.bytes(''), (done) => tell('verify', done, have), signal)

  const found = hash?.digest('hex')
  if (found !== undefined && found !== options.sha256?.trim().toLowerCase()) {
    await folder.discard()
    fail(
      'hash-mismatch',
      'The downloaded file is not the one that was expected; it has been thrown away.',
      'Check the address and the sha256 that you typed, then try again.',
      `expected ${options.sha256}, found ${found}`,
    )
  }
}

async function feed(
  hash: { update(bytes: Uint8Array): unknown },
  source: ByteSource,
  onBytes: (done: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let at = 0; at < source.size; at += SEGMENT_BYTES) {
    const end = Math.min(source.size, at + SEGMENT_BYTES)
    hash.update(await source.read(at, end, signal))
    onBytes(end)
  }
}

/**
 * Asks for the bytes from `have` on; nothing but the address itself leaves the origin. From the beginning it asks
 * without Range: some servers answer nothing else.
 */
const ask = (url: URL, have: number, signal?: AbortSignal): Promise<Response> =>
  fetch(url, {
    ...(have > 0 ? { headers: { Range: `bytes=${have}-` } } : {}),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal,
  })

async function request(url: URL, have: number, signal?: AbortSignal): Promise<Response> {
  let response: Response
  try {
    response = await ask(url, have, signal)
  } catch (error) {
    signal?.throwIfAborted()
    return fail(
      'network',
      'The address could not be reached.',
      'Check the address and the connection. Some sites forbid other pages to read their files (CORS): then download the file yourself and drop it here.',
      `${url.host}: ${String(error)}`,
    )
  }
  // "Range not satisfiable" means that the file is another now; it is looked at by its headers.
  if (response.ok || (response.status === 416 && have > 0)) return response
  return fail(
    'network',
    response.status === 404
      ? 'There is no file at this address.'
      : response.status === 401 || response.status === 403
        ? 'The site does not let you have this file without signing in.'
        : 'The server refused the download.',
    response.status === 401 || response.status === 403
      ? 'Accept its licence and download it there yourself, then drop the file here.'
      : 'Check the address, then try again.',
    `status ${response.status}`,
  )
}

function notesOf(url: URL, response: Response): Notes {
  const length = response.headers.get('content-length')
  // A compressed answer has another length than the file.
  const isPlain = response.headers.get('content-encoding') === null
  return {
    url: url.href,
    size: length !== null && isPlain ? Number(length) : null,
    etag: response.headers.get('etag'),
    lastModified: response.headers.get('last-modified'),
  }
}

/** @throws network when the file has changed since its download began; the old part is thrown away */
async function refuseChanged(
  folder: DownloadFolder,
  notes: Notes,
  response: Response,
  have: number | null,
): Promise<void> {
  const differs = (before: string | null, name: string): boolean => {
    const now = response.headers.get(name)
    return before !== null && now !== null && before !== now
  }
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '')
  const length = Number(response.headers.get('content-length') ?? NaN)
  const sizeNow = range ? Number(range[2]) : have === null ? NaN : have + length
  const isOther =
    response.status === 416 ||
    differs(notes.etag, 'etag') ||
    differs(notes.lastModified, 'last-modified') ||
    (range !== null && have !== null && Number(range[1]) !== have) ||
    (notes.size !== null && have !== null && !Number.isNaN(sizeNow) && sizeNow !== notes.size)
  if (!isOther) return
  await response.body?.cancel()
  await folder.discard()
  fail(
    'network',
    'The file at this address has changed since the download began.',
    'Try again: the old part has been thrown away and the download begins anew.',
    `${notes.etag ?? notes.size} before, ${response.headers.get('etag') ?? sizeNow} now`,
  )
}

/** Writes an answer's body in segments; what has come is kept however it ends. */
async function store(
  folder: DownloadFolder,
  response: Response,
  { segmentBytes = SEGMENT_BYTES, signal }: DownloadOptions,
  onPiece: (piece: Uint8Array) => void,
): Promise<void> {
  const segment = new Uint8Array(segmentBytes)
  let filled = 0
  const flush = async (): Promise<void> => {
    if (filled > 0) await folder.append(segment.slice(0, filled))
    filled = 0
  }
  const reader = response.body?.getReader()
  try {
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done || !value) break
      for (let at = 0; at < value.length;) {
        const count = Math.min(value.length - at, segmentBytes - filled)
        segment.set(value.subarray(at, at + count), filled)
        filled += count
        at += count
        if (filled === segmentBytes) await flush()
      }
      onPiece(value)
    }
    await flush()
  } catch (error) {
    await reader?.cancel().catch(() => undefined)
    if (isQuotaError(error))
      fail(
        'storage-full',
        "The browser's storage is full.",
        'Delete models or results that you no longer need, then try again: the download goes on from there.',
        String(error),
      )
    await flush()
    signal?.throwIfAborted()
    fail('network', 'The download broke off.', TRY_AGAIN, String(error))
  }
}
