import { describe, expect, it } from 'vitest'

import { followed, placesMoved, pointed, scrolled, type HeldRow } from '@/ui/panels/rowDrag'

/** Rows 40 px high, the first from 100 on. */
const list = (...ids: string[]) => ids.map((id, index) => ({ id, bottom: 140 + 40 * index }))
const pressed = (id: string, y: number): HeldRow => ({ id, pointerId: 1, pressedAt: y, y, to: null })
const at = (clientY: number, { pointerId = 1, buttons = 1 } = {}) => ({ pointerId, clientY, buttons })
/** The second of two, dragged over the first. */
const dragged: HeldRow = { ...pressed('b', 160), y: 120, to: 0 }

describe('a row that is held', () => {
  it('is dragged once it has moved a little, to the row under its pointer or the last', () => {
    const rows = list('a', 'b', 'c')
    expect(followed(pressed('a', 120), 123, rows)?.to).toBeNull()
    expect([100, 150, 190, 900].map((y) => followed(pressed('a', 120), y, rows)?.to)).toEqual([0, 1, 2, 2])
  })

  it('stays held while others leave, to the last of all', () => {
    const alone = pointed(dragged, at(118), list('b'))
    expect(alone).toMatchObject({ id: 'b', to: 0 })
    expect(alone && placesMoved(alone, list('b'))).toBe(0)
  })

  it('is let go when it leaves the list, pressed or dragged, though its pointer rests', () => {
    expect(followed(dragged, dragged.y, list('a'))).toBeNull()
    expect(followed(pressed('b', 160), 160, list('a'))).toBeNull()
    expect(followed(dragged, dragged.y, [])).toBeNull()
    expect(placesMoved(dragged, list('a', 'c'))).toBe(0)
  })

  it('is let go by a pointer that comes back without a button', () => {
    expect(pointed(dragged, at(118, { buttons: 0 }), list('a', 'b'))).toBeNull()
  })

  it('knows no other pointer', () => {
    const other = { pointerId: 2 }
    expect(pointed(dragged, at(170, other), list('a', 'b'))).toBe(dragged)
    expect(pointed(dragged, at(170, { ...other, buttons: 0 }), list('a', 'b'))).toBe(dragged)
  })

  it('moves from where it lies by now', () => {
    expect(placesMoved(dragged, list('a', 'b'))).toBe(-1)
    expect(placesMoved(dragged, list('b', 'c'))).toBe(0)
    expect(placesMoved(pressed('b', 160), list('a', 'b'))).toBe(0)
  })

  it('scrolls the list near its ends, by time, once it is dragged', () => {
    const box = { top: 100, bottom: 300 }
    const near = [110, 200, 290].map((y) => Math.sign(scrolled({ ...dragged, y }, box, 16)))
    expect(near).toEqual([-1, 0, 1])
    expect(scrolled({ ...dragged, y: 290 }, box, 32)).toBeCloseTo(
      2 * scrolled({ ...dragged, y: 290 }, box, 16),
    )
    expect(scrolled(pressed('b', 290), box, 16)).toBe(0)
  })
})
