import { describe, expect, it } from 'vitest'

import { wheelReader, type WheelLike, type WheelStep } from '@/canvas/wheel'

const event = (given: Partial<WheelLike>): WheelLike => ({
  deltaX: 0,
  deltaY: 0,
  deltaMode: 0,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  timeStamp: 0,
  ...given,
})

/** A notch of a mouse's wheel as browsers send it, and the first moments of two fingers. */
const NOTCHES: [string, Partial<WheelLike>][] = [
  ['Chrome', { deltaY: 100, wheelDeltaY: -120 }],
  ['Chrome, zoomed to 250 %', { deltaY: 40, wheelDeltaY: -120 }],
  ['Chrome on a Mac', { deltaY: 4.000244140625, wheelDeltaY: -120 }],
  ['a fast turn', { deltaY: 300, wheelDeltaY: -360 }],
  ['Firefox, in lines', { deltaY: 3, deltaMode: 1 }],
  ['in pages', { deltaY: 1, deltaMode: 2 }],
]
const FINGERS: [string, Partial<WheelLike>][] = [
  ['Chrome', { deltaY: 2, wheelDeltaY: -6 }],
  ['aslant', { deltaX: -4, deltaY: 40, wheelDeltaY: -120 }],
  ['sideways', { deltaX: 9, wheelDeltaY: 0 }],
  ['Firefox', { deltaY: 7.5 }],
]
const kindOf = (step: WheelStep) => step.kind

describe('the wheel', () => {
  it.each(NOTCHES)('of a mouse zooms (%s)', (_, notch) => {
    const step = wheelReader()(event(notch), 'auto')
    expect(step.kind === 'zoom' && step.factor).toBeLessThan(1)
    expect(kindOf(wheelReader()(event(notch), 'zoom'))).toBe('zoom')
    expect(kindOf(wheelReader()(event(notch), 'pan'))).toBe('pan')
  })

  it.each(FINGERS)('of two fingers pans (%s)', (_, moved) => {
    const { deltaX, deltaY } = event(moved)
    const step = wheelReader()(event(moved), 'auto')
    expect(step).toEqual({ kind: 'pan', by: { x: -deltaX, y: -deltaY } })
    expect(kindOf(wheelReader()(event(moved), 'zoom'))).toBe('zoom')
  })

  it('with Ctrl or ⌘ zooms whatever the setting, and a notch no faster than without', () => {
    for (const use of ['auto', 'zoom', 'pan'] as const)
      for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
        const pinch = wheelReader()(event({ deltaY: -5, wheelDeltaY: 15, ...held }), use)
        expect(pinch.kind === 'zoom' && pinch.factor).toBeCloseTo(Math.exp(0.05))
        const notch = event({ deltaY: -100, wheelDeltaY: 120, ...held })
        expect(wheelReader()(notch, use)).toEqual(
          wheelReader()({ ...notch, ctrlKey: false, metaKey: false }, 'zoom'),
        )
      }
  })

  it('with Shift goes sideways', () => {
    const step = wheelReader()(event({ deltaY: 100, wheelDeltaY: -120, shiftKey: true }), 'auto')
    expect(step).toEqual({ kind: 'pan', by: { x: -100, y: 0 } })
  })

  it('keeps to what a movement began as', () => {
    const read = wheelReader()
    expect(kindOf(read(event({ deltaY: 2, wheelDeltaY: -6, timeStamp: 0 }), 'auto'))).toBe('pan')
    // As fast as three notches, but the fingers have not stopped.
    expect(kindOf(read(event({ deltaY: 120, wheelDeltaY: -360, timeStamp: 16 }), 'auto'))).toBe('pan')
    expect(kindOf(read(event({ deltaY: 100, wheelDeltaY: -120, timeStamp: 900 }), 'auto'))).toBe('zoom')
  })
})
