import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { mattingOf, mattingSize, type OnnxHeader } from '@/families/matting'

const node = (operator: string, input: string, output: string, strides: number[] = []) => ({
  operator,
  inputs: [input],
  outputs: [output],
  strides,
})
const picture = { name: 'x', type: 1, dims: [1, 3, 320, 320] }
const mask = { name: 'y', type: 1, dims: [1, 1, 320, 320] }

/** A graph of nodes in a row. */
function header(operators: [operator: string, strides?: number[]][], change: Partial<OnnxHeader> = {}) {
  const nodes = operators.map(([operator, strides], i) =>
    node(operator, i === 0 ? 'x' : `v${i}`, i === operators.length - 1 ? 'y' : `v${i + 1}`, strides),
  )
  return { inputs: [picture], outputs: [mask], nodes, external: [], parameters: 0, ...change }
}
const pools = header([['Conv', [1, 1]], ['MaxPool'], ['Sigmoid']])

function refusal(given: OnnxHeader): string {
  try {
    mattingOf(given, 'some.onnx')
  } catch (error) {
    if (error instanceof InlayError) return error.problem.message
    throw error
  }
  throw new Error('it was taken')
}

it('families are told by what their graphs are made of, whatever their inputs are called', () => {
  expect(mattingOf(pools, 'a')).toMatchObject({ of: 'u2net', input: 'x', output: 'y', isLogit: false })
  expect(mattingOf(header([['Conv', [2, 2]], ['MaxPool'], ['Sigmoid']]), 'a').of).toBe('isnet')
  expect(mattingOf(header([['Conv', [4, 4]], ['LayerNormalization'], ['Softmax'], ['Conv']]), 'a').of).toBe(
    'birefnet',
  )
  expect(mattingOf(header([['Conv', [2, 2]], ['InstanceNormalization'], ['Sigmoid']]), 'a').of).toBe('modnet')
  // Weights of 8 bits have convolutions of another name.
  expect(mattingOf(header([['ConvInteger', [2, 2]], ['MaxPool'], ['Sigmoid']]), 'a').of).toBe('isnet')
})

it('what ends in a sigmoid is no logit, through what leaves values as they are; all else is one', () => {
  const logit = (...last: string[]) =>
    mattingOf(header([['Conv'], ['Softmax'], ...last.map((operator): [string] => [operator])]), 'a').isLogit
  expect(logit('Sigmoid')).toBe(false)
  expect(logit('Sigmoid', 'Cast', 'Resize')).toBe(false)
  expect(logit('Clip', 'Identity')).toBe(false)
  expect(logit('Conv', 'Resize')).toBe(true)
  expect(logit('Sigmoid', 'Mul')).toBe(true)
})

describe('what is none of them is refused in words', () => {
  const input = (change: object) => ({ ...pools, inputs: [{ ...picture, ...change }] })
  it.each([
    ['two inputs', { ...pools, inputs: [picture, { ...picture, name: 'trimap' }] }, /more than a picture/],
    ['four channels', input({ dims: [1, 4, 320, 320] }), /colour picture/],
    ['pixel by pixel', input({ dims: [1, 320, 320, 3] }), /NHWC/],
    ['bytes', input({ type: 2 }), /float32/],
    ['halves', input({ type: 10 }), /16-bit/],
    ['a batch of four', input({ dims: [4, 3, 320, 320] }), /colour picture/],
    ['classes', { ...pools, outputs: [{ ...mask, dims: [1, 4, 320, 320] }] }, /no mask/],
    ['names of things', { ...pools, outputs: [{ ...mask, dims: [1, 1000] }] }, /no mask/],
    ['depths', { ...pools, outputs: [{ ...mask, dims: [null, 320, 320] }] }, /no mask/],
    ['no output', { ...pools, outputs: [] }, /without an input or an output/],
    ['nothing that tells', header([['Conv', [1, 1]], ['Sigmoid']]), /cannot be told/],
  ])('%s', (_, given, words) => expect(refusal(given)).toMatch(words))
})

it('the photo is squeezed into the side that the graph fixes or the family has, or keeps its shape', () => {
  const photo = { width: 4000, height: 3001 }
  const config = mattingOf(pools, 'a')
  expect(mattingSize(config, photo)).toEqual({ width: 320, height: 320 })
  const open = { ...config, width: null, height: null }
  expect(mattingSize({ ...open, of: 'birefnet' }, photo)).toEqual({ width: 1024, height: 1024 })
  // 512 * 4000 / 3001 = 682.4, to the next multiple of 32.
  expect(mattingSize({ ...open, of: 'modnet' }, photo)).toEqual({ width: 672, height: 512 })
  expect(mattingSize({ ...open, of: 'modnet' }, { width: 900, height: 3 })).toEqual({
    width: 2048,
    height: 512,
  })
  expect(mattingSize({ ...open, height: 1440, width: 2560 }, photo)).toEqual({ width: 2560, height: 1440 })
})
