import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { InlayError, type Problem } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { withDownload, type DownloadOptions } from '@/weights/import/download'
import { clearUnfinished } from '@/weights/packs/installed'
import { fileOf, table } from '@/weights/testModels'

const ADDRESS = 'https://models.example/some/flux%20one.safetensors?download=1'
const BYTES = fileOf(table('a', 100, 25), 'F32')

interface Server {
  bytes: Uint8Array<ArrayBuffer>
  etag: string | null
  ranges: boolean
  hidesLength?: boolean
  /** Breaks the connection after so many bytes of an answer. */
  breakAfter: number
  status: number | null
  requests: { url: string; range: string | null }[]
}
let server: Server

/** Answers as a file server does, in pieces of 1000 bytes. */
function answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input)
  const range = new Headers(init?.headers).get('range')
  server.requests.push({ url, range })
  if (server.status) return Promise.resolve(new Response(null, { status: server.status }))
  const size = server.bytes.length
  const asked = server.ranges ? /^bytes=(\d+)-(\d*)$/.exec(range ?? '') : null
  const begin = asked ? Number(asked[1]) : 0
  const end = asked?.[2] ? Number(asked[2]) + 1 : size
  const headers: Record<string, string> = {}
  if (!server.hidesLength) headers['content-length'] = String(end - begin)
  if (server.etag) headers.etag = server.etag
  if (asked && begin >= size) return Promise.resolve(new Response(null, { status: 416, headers }))
  if (asked) headers['content-range'] = `bytes ${begin}-${end - 1}/${size}`
  let at = begin
  const body = new ReadableStream<Uint8Array>({
    pull(control) {
      if (init?.signal?.aborted) return control.error(init.signal.reason)
      if (at - begin >= server.breakAfter) return control.error(new TypeError('network error'))
      const next = Math.min(end, at + 1000)
      if (next > at) control.enqueue(server.bytes.slice(at, next))
      at = next
      if (at === end) control.close()
    },
  })
  return Promise.resolve(new Response(body, { status: asked ? 206 : 200, headers }))
}

async function clear() {
  await (
    await navigator.storage.getDirectory()
  )
    .removeEntry('downloads', { recursive: true })
    .catch(() => undefined)
}
beforeEach(async () => {
  await clear()
  server = { bytes: BYTES, etag: '"one"', ranges: true, breakAfter: Infinity, status: null, requests: [] }
  vi.spyOn(globalThis, 'fetch').mockImplementation(answer)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await clear()
})

const get = (options: Partial<DownloadOptions> = {}, address = ADDRESS) =>
  withDownload(address, { sha256: null, segmentBytes: 1500, ...options }, async (file) => ({
    name: file.name,
    bytes: await file.read(0, file.size),
  }))

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

/** Leaves the first 3000 bytes on the disk. */
async function breakOff() {
  server.breakAfter = 3000
  const problem = await problemOf(get())
  expect([problem.code, problem.message]).toEqual(['network', 'The download broke off.'])
  server.breakAfter = Infinity
  server.requests = []
}

describe('a download', () => {
  it('brings the file, asks for nothing else and leaves nothing behind', async () => {
    const seen: number[] = []
    const hash = await sha256(BYTES)
    const { name, bytes } = await get({
      sha256: ` ${hash.toUpperCase()} `,
      onProgress: ({ doneBytes, totalBytes }) => {
        expect(totalBytes).toBe(BYTES.length)
        seen.push(doneBytes)
      },
    })
    expect(name).toBe('flux one.safetensors')
    expect(bytes).toEqual(BYTES)
    expect(seen.at(-1)).toBe(BYTES.length)
    expect(server.requests).toEqual([{ url: ADDRESS, range: null }])
    expect(await clearUnfinished()).toBe(0)
  })

  it('goes on where it broke off, its hash over both parts', async () => {
    await breakOff()
    const { bytes } = await get({ sha256: await sha256(BYTES) })
    expect(bytes).toEqual(BYTES)
    expect(server.requests).toEqual([{ url: ADDRESS, range: 'bytes=3000-' }])
  })

  it('that is stopped keeps what has come', async () => {
    const control = new AbortController()
    const onProgress = ({ doneBytes }: { doneBytes: number }) => {
      if (doneBytes >= 4000) control.abort(new Error('stopped'))
    }
    await expect(get({ signal: control.signal, onProgress })).rejects.toThrow('stopped')
    expect((await get()).bytes).toEqual(BYTES)
    expect(server.requests.at(-1)?.range).toBe('bytes=4000-')
  })

  it('begins anew where the server knows no ranges', async () => {
    await breakOff()
    server.ranges = false
    expect((await get()).bytes).toEqual(BYTES)
  })

  it.each([
    ['its ETag', () => (server.etag = '"two"')],
    ['its size', () => ((server.bytes = fileOf(table('b', 101, 25), 'F32')), (server.etag = null))],
    ['being shorter than what is here', () => (server.bytes = BYTES.slice(0, 500))],
    ['its ETag without ranges', () => ((server.etag = '"two"'), (server.ranges = false))],
  ])('of a file that has changed, by %s, is refused once and then begins anew', async (_, change) => {
    await breakOff()
    change()
    const problem = await problemOf(get())
    expect([problem.code, problem.message]).toEqual([
      'network',
      'The file at this address has changed since the download began.',
    ])
    expect((await get()).bytes).toEqual(server.bytes)
  })

  it('that is not what was expected is thrown away', async () => {
    const problem = await problemOf(get({ sha256: '0'.repeat(64) }))
    expect([problem.code, await clearUnfinished()]).toEqual(['hash-mismatch', 0])
  })

  it('that ends too early says so and can go on', async () => {
    const whole = server.bytes
    const original = vi.mocked(fetch).getMockImplementation()!
    vi.mocked(fetch).mockImplementationOnce(async (input, init) => {
      const { headers } = await original(input, init)
      return new Response(whole.slice(0, 2000), { headers })
    })
    expect((await problemOf(get())).detail).toBe(`expected ${whole.length} bytes, got 2000`)
    expect((await get()).bytes).toEqual(whole)
    expect(server.requests.at(-1)?.range).toBe('bytes=2000-')
  })

  it.each([
    [404, 'There is no file at this address.'],
    [403, 'The site does not let you have this file without signing in.'],
    [500, 'The server refused the download.'],
  ])('answered with %i says what to do', async (status, message) => {
    server.status = status
    const problem = await problemOf(get())
    expect([problem.code, problem.message, problem.detail]).toEqual(['network', message, `status ${status}`])
  })

  it('that the site forbids says so', async () => {
    vi.mocked(fetch).mockRejectedValue(new TypeError('Failed to fetch'))
    expect((await problemOf(get())).hint).toContain('CORS')
  })

  it.each(['', 'flux1-dev', 'file:///etc/passwd', 'javascript:alert(1)'])(
    'of “%s” asks nothing',
    async (address) => {
      expect((await problemOf(get({}, address))).code).toBe('network')
      expect(server.requests).toEqual([])
    },
  )

  it('of unknown length is complete when it ends', async () => {
    server.hidesLength = true
    const failing = withDownload(ADDRESS, { sha256: null }, () => Promise.reject(new Error('wrong model')))
    await expect(failing).rejects.toThrow('wrong model')
    expect((await get()).bytes).toEqual(BYTES)
    expect(server.requests).toHaveLength(1)
  })

  it('is kept while its import fails, and thrown away on request', async () => {
    const failing = withDownload(ADDRESS, { sha256: null }, () => Promise.reject(new Error('wrong model')))
    await expect(failing).rejects.toThrow('wrong model')
    await get()
    expect(server.requests).toHaveLength(1)
    await breakOff()
    expect(await clearUnfinished()).toBe(3000)
  })
})
