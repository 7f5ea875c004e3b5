import { describe, expect, it } from 'vitest'

import { placeWarnings } from '@/document/place/warnings'
import { emptyDocument, type ForegroundLayer, type FusionDocument } from '@/schema/document'
import { defaultPlaceScene } from '@/schema/modes/place'

const asset = (name: string, width: number, height: number) => ({
  hash: name[0].repeat(64),
  name,
  width,
  height,
})

function placed(
  box: ForegroundLayer['box'],
  more: Partial<ForegroundLayer> = {},
  doc: Partial<FusionDocument> = {},
) {
  const layer: ForegroundLayer = {
    ...{ kind: 'foreground', id: 'f', name: 'dog.png', visible: true, asset: asset('dog', 100, 100), box },
    ...{ stretch: false, rotationDegrees: 0, flipX: false },
    ...more,
  }
  const scene = { ...defaultPlaceScene(), camera: { horizon: 0.4, tiltDegrees: 0, fovDegrees: 55 } }
  return { ...emptyDocument('d'), background: asset('photo', 800, 600), layers: [layer], scene, ...doc }
}

const BOX = { x: 300, y: 100, width: 100, height: 100 }

describe('warnings of Place', () => {
  it('say what stands in the sky, unless it is said to hang there', () => {
    expect(placeWarnings(placed({ ...BOX, y: 200 }))).toEqual([])
    expect(placeWarnings(placed(BOX))).toEqual([
      expect.stringContaining('“dog.png” stands above the horizon'),
    ])
    expect(placeWarnings(placed(BOX, { stands: false, lift: 0.5 }))).toEqual([])
    expect(placeWarnings(placed(BOX, {}, { placeModel: 'dreamfuse' }))).toEqual([])
    expect(placeWarnings(placed(BOX, {}, { background: null }))).toEqual([])
  })

  it('know a horizon that is tilted', () => {
    const scene = { ...defaultPlaceScene(), camera: { horizon: 0.4, tiltDegrees: 15, fovDegrees: 55 } }
    const at = (x: number) => placeWarnings(placed({ ...BOX, x, y: 140 }, {}, { scene }))
    expect(at(20)).toEqual([])
    expect(at(660)).toHaveLength(1)
  })

  it('say what is enlarged or made too small, by what is seen of it', () => {
    const low = { x: 100, y: 250, width: 320, height: 320 }
    expect(placeWarnings(placed(low))).toEqual([expect.stringContaining('enlarged 3.2 times')])
    expect(placeWarnings(placed(low, { asset: asset('dog', 400, 400) }))).toEqual([])
    // The cut-out is fitted in its box.
    expect(placeWarnings(placed({ ...low, height: 100 }))).toEqual([])
    expect(placeWarnings(placed({ x: 300, y: 400, width: 9, height: 8 }))).toEqual([
      expect.stringContaining('smaller than 12 pixels'),
    ])
  })

  it('say what reads no light: drawings and nights, until the light is set by hand, and glass in any light', () => {
    const doc = placed({ ...BOX, y: 200 })
    const photo = { ...doc, scene: { ...doc.scene, source: 'photo' as const } }
    const plain = { flat: 0.1, bright: 200, glassy: 0 }
    const [background, dog] = ['p'.repeat(64), 'd'.repeat(64)]
    const said = (given: FusionDocument, ofPhoto: object, ofDog: object = {}) =>
      placeWarnings(given, { [background]: { ...plain, ...ofPhoto }, [dog]: { ...plain, ...ofDog } })
    expect(said(photo, {})).toEqual([])
    expect(said(photo, { flat: 0.45 })).toEqual([])
    expect(said(photo, { flat: 0.8 })).toEqual([expect.stringContaining('“photo” looks like a drawing')])
    // The black of the sky is flat, too.
    expect(said(photo, { flat: 0.8, bright: 70 })).toEqual([expect.stringContaining('“photo” is dark')])
    const byHand = { ...photo, scene: { ...photo.scene, source: 'hand' as const } }
    expect(said(byHand, { flat: 0.8 })).toEqual([])
    expect(said(byHand, {}, { glassy: 0.5, flat: 0.9 })).toEqual([
      expect.stringContaining('“dog.png” shines through'),
    ])
    expect(said({ ...photo, layers: [] }, { flat: 0.8 })).toEqual([])
    expect(said({ ...photo, placeModel: 'dreamfuse' }, { bright: 10 }, { glassy: 1 })).toEqual([])
  })
})
