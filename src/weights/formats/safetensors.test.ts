import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { parseSafetensors, readHeader, toFloat32, writeSafetensors } from '@/weights/formats/safetensors'

const file = () =>
  writeSafetensors({
    a: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    b: { shape: [3], data: Uint8Array.of(7, 8, 9) },
  })

/** A file with the given header text and body length. */
function withHeader(header: string, body = 0): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + body)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

const codeOf = (bytes: Uint8Array<ArrayBuffer>): string => {
  try {
    parseSafetensors(bytes, 'x')
    return 'fine'
  } catch (error) {
    return error instanceof InlayError ? error.problem.code : String(error)
  }
}

describe('safetensors', () => {
  it('reads back what it wrote', () => {
    const tensors = parseSafetensors(file(), 'x')
    expect([...toFloat32(tensors.get('a')!)]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...toFloat32(tensors.get('b')!)]).toEqual([7, 8, 9])
  })

  it.each([
    ['too short', new Uint8Array(4)],
    ['header longer than the file', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0)],
    ['not JSON', withHeader('{oops')],
    ['an array', withHeader('[]')],
    ['unknown type', withHeader('{"a":{"dtype":"F1","shape":[1],"data_offsets":[0,1]}}', 1)],
    ['negative shape', withHeader('{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}', 1)],
    ['size against shape', withHeader('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4)],
    ['beyond the end', withHeader('{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}', 4)],
    [
      'overlap',
      withHeader(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
        3,
      ),
    ],
    ['gap', withHeader('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', 2)],
    ['unread end', withHeader('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 2)],
  ])('refuses a file with %s', (_, bytes) => {
    expect(codeOf(bytes)).toBe('bad-weights')
  })

  it('looks at nesting before it parses, and at no more than is there', () => {
    expect(codeOf(withHeader(`{"a":${'['.repeat(1e6)}`))).toBe('bad-weights')
    expect(codeOf(withHeader('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,0]}}'))).toBe(
      'bad-weights',
    )
    expect(codeOf(withHeader('{"a":{"dtype":"U8","shape":[9e15,9e15],"data_offsets":[0,4]}}', 4))).toBe(
      'bad-weights',
    )
    const nothing = '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'
    expect(codeOf(withHeader(nothing))).toBe('fine')
  })

  it('refuses any header that is JSON but not a table, in good time', () => {
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'U8', 'F8_E4M3', 'X'), fc.jsonValue()),
        shape: fc.oneof(fc.array(fc.oneof(fc.nat(5), fc.integer(), fc.double())), fc.jsonValue()),
        data_offsets: fc.oneof(fc.tuple(fc.nat(40), fc.nat(40)), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    const header = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue())))
    fc.assert(
      fc.property(header, fc.nat(40), (json, body) => {
        expect(['fine', 'bad-weights']).toContain(codeOf(withHeader(JSON.stringify(json), body)))
      }),
      { numRuns: 500 },
    )
  })

  it('reads a header and nothing behind it', async () => {
    const bytes = file()
    let read = 0
    const source = {
      name: 'x',
      size: bytes.length,
      read: async (begin: number, end: number) => {
        read = Math.max(read, end)
        return bytes.slice(begin, end)
      },
    }
    const { tensors } = await readHeader(source)
    const { begin, end } = tensors.get('b')!
    expect([...bytes.slice(begin, end)]).toEqual([7, 8, 9])
    expect(read).toBeLessThan(bytes.length - 24)
  })

  it('never fails in another way, whatever the bytes', () => {
    const good = file()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(good.length),
        (edits, cut) => {
          const bytes = good.slice(0, good.length - (cut % 20))
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
          expect(['fine', 'bad-weights']).toContain(codeOf(bytes))
        },
      ),
      { numRuns: 300 },
    )
  })
})
