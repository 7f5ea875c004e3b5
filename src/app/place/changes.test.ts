import { describe, expect, it } from 'vitest'

import { createChanges } from '@/app/place/changes'
import { blankMask, rasterOf } from '@/assets/mask'
import type { Mask } from '@/base/geometry'
import { placeRecipeOf } from '@/document/place/queries'
import { emptyDocument } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'
import { NO_MODEL } from '@/schema/modelRef'
import { createRunStore, stagedIn, type StagedResult } from '@/ui/stores/run'
import { createViewStore, isBrushingChanges } from '@/ui/stores/view'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: digit, width: 4, height: 2 })
const SIZE = { width: 4, height: 2 }
const settle = () => new Promise((done) => setTimeout(done, 5))

/** @param whole the picture without strokes, among the results */
function studio(whole: ReturnType<typeof asset> | null = null) {
  const run = createRunStore()
  const view = createViewStore()
  const taken: Mask[] = []
  const earlier: (Mask | null)[] = []
  const calls: string[] = []
  const opened: string[] = []
  const broken = { yes: false }
  const doc = { ...emptyDocument('d'), background: asset('b'), placeModel: 'klein' as const }
  const recipe = placeRecipeOf(doc, NO_MODEL)
  const brushed = { ...recipe, klein: recipe.klein && { ...recipe.klein, away: asset('a') } }
  const other = { ...recipe, seed: '99' }
  const ok = <T>(value: T) => Promise.resolve({ ok: true as const, value })
  const changes = createChanges({
    ...{ run, view },
    toasts: { actions: { problem: () => calls.push('problem'), note: () => calls.push('note') } },
    library: { add: () => undefined },
    importing: { persist: () => Promise.resolve(calls.push('stored')) },
    results: {
      pictureOf: (isMeant: (one: Recipe) => boolean) =>
        Promise.resolve([brushed, other, recipe].filter(isMeant).length === 1 ? whole : null),
      keepStaged: () => {
        calls.push('kept')
        return Promise.resolve()
      },
    },
    pixels: {
      openChanges: (_: unknown, made: { hash: string }) => {
        opened.push(made.hash[0])
        return ok({ ...blankMask(SIZE), values: Uint8Array.of(0, 255, 255, 0, 0, 100, 0, 0) })
      },
      closeChanges: () => ok(calls.push('closed') && null),
      forget: () => ok(null),
      raster: () => (broken.yes ? Promise.resolve({ ok: false }) : ok(rasterOf(stroke(1)))),
      takeBack: (away: Mask, before: Mask | null) => {
        taken.push(away)
        earlier.push(before)
        return ok({ picture: { asset: asset(String(taken.length)) }, mask: asset('a') })
      },
    },
  } as unknown as Parameters<typeof createChanges>[0])
  const staged: StagedResult = {
    ...{ asset: asset('0'), recipe, foregroundIds: [], resultId: 'r', stats: null, report: null },
  }
  run.setState({ staged })
  return {
    run,
    view,
    taken,
    earlier,
    calls,
    opened,
    broken,
    ...changes,
    now: () => stagedIn(run.getState(), 'place'),
  }
}

const stroke = (...cells: number[]): Mask => {
  const mask = blankMask(SIZE)
  for (const cell of cells) mask.values[cell] = 255
  return mask
}

describe('what klein changed', () => {
  it('is shown with a brush that takes it back, stroke by stroke, and kept at the end', async () => {
    const { view, taken, calls, now, toggleChanges, paintChanges } = studio()
    toggleChanges()
    await settle()
    expect(isBrushingChanges(view.getState())).toBe(true)
    expect(view.getState().brush.erase).toBe(true)
    expect([...(view.getState().painted?.values ?? [])]).toEqual([0, 255, 255, 0, 0, 100, 0, 0])
    paintChanges(stroke(1, 5), true)
    expect([...(view.getState().painted?.values ?? [])]).toEqual([0, 0, 255, 0, 0, 0, 0, 0])
    paintChanges(stroke(1), false)
    await settle()
    expect(taken.map(({ values }) => [...values])).toEqual([
      [0, 0, 0, 0, 0, 255, 0, 0],
      [0, 0, 0, 0, 0, 255, 0, 0],
    ])
    expect(now()).toMatchObject({ asset: asset('2'), recipe: { klein: { away: asset('a') } } })
    toggleChanges()
    await settle()
    expect(calls).toEqual(['closed', 'stored', 'kept'])
    expect(view.getState()).toMatchObject({ tool: 'select', painted: null, brush: { kind: 'front' } })
  })

  it('goes on with earlier strokes, which can be brought back', async () => {
    const { view, taken, earlier, calls, opened, now, ...changes } = studio(asset('f'))
    const { toggleChanges, paintChanges, settle: putDown } = changes
    toggleChanges()
    await settle()
    paintChanges(stroke(1), true)
    await putDown()
    toggleChanges()
    await settle()
    expect(opened).toEqual(['0', 'f'])
    expect([...(view.getState().painted?.values ?? [])]).toEqual([0, 0, 255, 0, 0, 100, 0, 0])
    paintChanges(stroke(1, 2), true)
    paintChanges(stroke(1), false)
    await settle()
    expect(taken.at(-1)?.values).toEqual(stroke(2).values)
    expect(earlier).toEqual([null, null, null])
    paintChanges(stroke(2), false)
    await settle()
    // Nothing is brushed away any more.
    expect(now()?.recipe.klein?.away).toBeNull()
    expect(calls).not.toContain('note')
  })

  it('begins anew on what was brushed before where the picture without it is gone', async () => {
    const { taken, earlier, calls, now, toggleChanges, paintChanges, settle: putDown } = studio()
    toggleChanges()
    await settle()
    paintChanges(stroke(1), true)
    await putDown()
    toggleChanges()
    await settle()
    paintChanges(stroke(5), true)
    paintChanges(stroke(5), false)
    await settle()
    expect(taken.slice(1).map(({ values }) => values.indexOf(255))).toEqual([-1, -1])
    expect(earlier).toEqual([null, stroke(1), stroke(1)])
    expect(now()?.recipe.klein?.away).toEqual(asset('a'))
    expect(calls).toContain('note')
  })

  it('does not begin where earlier strokes cannot be read', async () => {
    const { view, broken, calls, opened, toggleChanges, paintChanges, settle: putDown } = studio()
    toggleChanges()
    await settle()
    paintChanges(stroke(1), true)
    await putDown()
    broken.yes = true
    toggleChanges()
    await settle()
    expect(calls.at(-1)).toBe('problem')
    expect(isBrushingChanges(view.getState())).toBe(false)
    expect(opened).toEqual(['0'])
  })

  it('keeps quick strokes, however soon the brush is put down', async () => {
    const { taken, calls, now, toggleChanges, paintChanges, settle: putDown } = studio()
    toggleChanges()
    // Once more before it has begun: it begins once.
    toggleChanges()
    await settle()
    for (const cell of [1, 2, 5]) paintChanges(stroke(cell), true)
    toggleChanges()
    await putDown()
    expect([...(taken.at(-1)?.values ?? [])]).toEqual([0, 255, 255, 0, 0, 255, 0, 0])
    expect(now()?.asset).toEqual(asset('3'))
    expect(calls).toEqual(['closed', 'stored', 'kept'])
  })

  it('is put down and kept before the result leaves', async () => {
    const { calls, now, toggleChanges, paintChanges, settle: putDown } = studio(asset('f'))
    toggleChanges()
    await settle()
    paintChanges(stroke(1), true)
    await putDown()
    expect(calls).toEqual(['closed', 'stored', 'kept'])
    expect(now()?.asset).toEqual(asset('1'))
    toggleChanges()
    await putDown()
    expect(calls).toEqual(['closed', 'stored', 'kept', 'closed'])
  })

  it('is put down with the tool, and with the result', async () => {
    const { run, view, calls, toggleChanges, paintChanges } = studio()
    toggleChanges()
    await settle()
    view.actions.setTool('select')
    await settle()
    expect(calls).toEqual(['closed'])
    toggleChanges()
    await settle()
    paintChanges(stroke(1), true)
    await settle()
    run.setState({ staged: null })
    await settle()
    expect(calls).toEqual(['closed', 'closed'])
    expect(isBrushingChanges(view.getState())).toBe(false)
    toggleChanges()
    await settle()
    expect(isBrushingChanges(view.getState())).toBe(false)
  })
})
