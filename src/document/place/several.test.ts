import { describe, expect, it } from 'vitest'

import { replaceable, withBackground, withForeground } from '@/document/place/several'
import { emptyDocument, type FusionDocument } from '@/schema/document'

const asset = (digit: string, width: number, height: number) => ({
  ...{ hash: digit.repeat(64), name: digit, width, height },
})
const layer = (id: string) => ({
  ...{ kind: 'foreground' as const, id, name: id, visible: true, asset: asset('c', 10, 20) },
  ...{ box: { x: 100, y: 40, width: 20, height: 40 }, stretch: false, rotationDegrees: 10, flipX: true },
})
const doc: FusionDocument = {
  ...emptyDocument('d'),
  background: asset('b', 400, 200),
  layers: [layer('low'), layer('high')],
}

describe('another picture in the same placement', () => {
  it('a background: boxes keep their place relative to it, and the document stays', () => {
    const made = withBackground(doc, asset('e', 800, 100))
    const [low] = made.layers
    expect(made.background?.name).toBe('e')
    expect(low.kind === 'foreground' && Math.round(low.box.x)).toBe(215)
    expect(low).toMatchObject({ box: { y: 20, width: 10, height: 20 } })
    expect(doc.background?.name).toBe('b')
  })

  it('a foreground: as high, on the same foot line, around the same middle', () => {
    const target = replaceable(doc, 'low')
    if (!target) throw new Error('none')
    const content = { x: 3, y: 4, width: 60, height: 40 }
    const made = withForeground(doc, target, asset('f', 70, 50), content, {
      ...{ x: 0, y: 0, width: 10, height: 10 },
    })
    const [low, high] = made.layers
    // What stood in the box was 20 px high, at its foot.
    expect(low).toMatchObject({ name: 'f', rotationDegrees: 10, flipX: true })
    expect(low.kind === 'foreground' && low.box).toEqual({ x: 95, y: 60, width: 30, height: 20 })
    expect(high).toBe(doc.layers[1])
    // What hides parts of the old picture says nothing of the new one.
    const masked = { ...target, mask: { asset: asset('a', 10, 20) } }
    const [other] = withForeground(
      { ...doc, layers: [masked] },
      masked,
      asset('f', 70, 50),
      content,
      null,
    ).layers
    expect(other).not.toHaveProperty('mask')
  })

  it('the selected foreground is meant, else the topmost that is seen', () => {
    const of = (selection: string | null, document = doc) => replaceable(document, selection)?.id
    expect([of('low'), of(null), of('gone')]).toEqual(['low', 'high', 'high'])
    const hidden = { ...doc, layers: [layer('low'), { ...layer('high'), visible: false }] }
    expect(of('high', hidden)).toBe('low')
  })
})
