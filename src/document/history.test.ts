import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { History } from '@/document/history'

interface Item {
  x: number
}
interface Value {
  items: Item[]
  text: string
}

type Step =
  | { do: 'set'; index: number; x: number }
  | { do: 'add' | 'remove'; index: number }
  | { do: 'swap' }
  | { do: 'type'; text: string }
  | { do: 'begin' | 'commit' | 'cancel' | 'undo' | 'redo' }

const index = fc.nat(4)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('set' as const), index, x: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'remove' as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('swap' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('type' as const), text: fc.string({ maxLength: 3 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'begin' as const,
        'commit' as const,
        'cancel' as const,
        'undo' as const,
        'redo' as const,
      ),
    }),
  },
)

function run(history: History<Value>, s: Step): void {
  switch (s.do) {
    case 'set':
      return history.apply('set', ({ items }) => {
        if (items[s.index]) items[s.index].x = s.x
      })
    case 'add':
      return history.apply('add', ({ items }) => void items.splice(s.index, 0, { x: s.index }))
    case 'remove':
      return history.apply('remove', ({ items }) => void items.splice(s.index, 1))
    case 'swap':
      return history.apply('swap', ({ items }) => void items.reverse())
    case 'type':
      return history.apply('type', (draft) => void (draft.text = s.text), 'text')
    case 'undo':
      return void history.undo()
    case 'redo':
      return void history.redo()
    case 'begin':
      return history.begin('gesture')
    case 'commit':
      return history.commit()
    case 'cancel':
      return history.cancel()
  }
}

const begin = (): { history: History<Value>; initial: Value; clock: { ms: number } } => {
  const initial: Value = { items: [{ x: 1 }, { x: 2 }, { x: 3 }], text: '' }
  const clock = { ms: 0 }
  return { history: new History(initial, { now: () => clock.ms }), initial, clock }
}

describe('History', () => {
  it('gets back to the start by undoing everything, and to the end by redoing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(3000), (steps, pause) => {
        const { history, initial, clock } = begin()
        for (const s of steps) {
          clock.ms += pause
          run(history, s)
        }
        history.commit()
        const end = history.current
        while (history.canRedo) history.redo()
        const last = history.current
        const states: Value[] = [last]
        while (history.undo()) states.push(history.current)
        expect(history.current).toEqual(initial)
        for (let i = states.length - 2; i >= 0; i--) {
          expect(history.redo()).toBe(true)
          expect(history.current).toEqual(states[i])
        }
        expect(history.redo()).toBe(false)
        expect(states).toContainEqual(end)
      }),
      { numRuns: 300 },
    )
  })

  it('makes one step of a gesture, however many changes it has', () => {
    const { history, initial } = begin()
    history.begin('Move')
    for (let i = 0; i < 300; i++) history.apply('part', ({ items }) => void (items[1].x = i))
    expect(history.undoLabel).toBe('Move')
    history.commit()
    expect([history.undoLabel, history.canUndo]).toEqual(['Move', true])
    history.undo()
    expect(history.current).toEqual(initial)
    expect([history.canUndo, history.redoLabel]).toEqual([false, 'Move'])
    history.redo()
    expect(history.current.items[1].x).toBe(299)
  })

  it('leaves no trace of a cancelled gesture, or of one without changes', () => {
    const { history, initial } = begin()
    history.begin('Move')
    history.apply('part', ({ items }) => void items.pop())
    history.cancel()
    history.begin('Nothing')
    history.commit()
    history.apply('same', (draft) => void (draft.text = ''))
    expect(history.current).toEqual(initial)
    expect([history.canUndo, history.canRedo]).toEqual([false, false])
  })

  it('cancels the gesture when undo comes in the middle of it', () => {
    const { history, initial } = begin()
    history.apply('first', ({ items }) => void items.pop())
    history.begin('Move')
    history.apply('part', ({ items }) => void (items[0].x = 7))
    history.undo()
    expect(history.current.items).toEqual([{ x: 1 }, { x: 2 }])
    expect(history.inGesture).toBe(false)
    history.undo()
    expect(history.current).toEqual(initial)
  })

  it('merges typing within the pause, and only that', () => {
    const { history, clock } = begin()
    const type = (text: string): void => history.apply('type', (draft) => void (draft.text = text), 'text')
    type('a')
    clock.ms = 1000
    type('ab')
    clock.ms = 9000
    type('abc')
    history.undo()
    expect(history.current.text).toBe('ab')
    history.undo()
    expect([history.current.text, history.canUndo]).toEqual(['', false])
    history.redo()
    type('abx') // after a redo a new step begins
    history.undo()
    expect(history.current.text).toBe('ab')
  })

  it('forgets redo after a new change, and the oldest steps beyond its limit', () => {
    const history = new History<Value>({ items: [], text: '' }, { limit: 3 })
    for (const text of 'abcde') history.apply(text, (draft) => void (draft.text = text))
    history.undo()
    history.apply('x', (draft) => void (draft.text = 'x'))
    expect(history.canRedo).toBe(false)
    let steps = 0
    while (history.undo()) steps++
    expect([steps, history.current.text]).toEqual([3, 'b'])
  })
})
