import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Problem } from '@/base/errors'
import { testPair } from '@/schema/testPairs'
import { PreferencePanel } from '@/ui/align/PreferencePanel'
import { createPreferencesStore, type PreferencesState } from '@/ui/align/preferencesStore'
import { createSettingsStore } from '@/ui/stores/settings'
import { StudioProvider, type Studio } from '@/ui/studio'

const problem: Problem = { code: 'storage-full', message: 'It is full.', hint: 'Make room.' }

let root: Root
let place: HTMLElement
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  place = document.body.appendChild(document.createElement('div'))
  root = createRoot(place)
})
afterEach(() => {
  act(() => root.unmount())
  place.remove()
})

function show(state: Partial<PreferencesState>) {
  const preferences = createPreferencesStore()
  preferences.setState({ listing: { kind: 'ready' }, ...state })
  const pairs = {
    keep: vi.fn(),
    setAutomatic: vi.fn(),
    picture: vi.fn(() => Promise.resolve(null)),
    choose: vi.fn(),
    remove: vi.fn(),
    exportPairs: vi.fn(),
    importArchive: vi.fn(),
    stopTransfer: vi.fn(),
  }
  act(() =>
    root.render(
      <StudioProvider
        value={
          { settings: createSettingsStore(), modes: { align: { preferences, pairs } } } as unknown as Studio
        }
      >
        <PreferencePanel />
      </StudioProvider>,
    ),
  )
  return pairs
}

const button = (label: string): HTMLButtonElement => {
  const found = [...place.querySelectorAll('button')].find(
    (one) => one.textContent.trim() === label || one.ariaLabel === label,
  )
  if (!found) throw new Error(`no button “${label}” in: ${place.textContent}`)
  return found
}
const click = (element: HTMLElement) => act(() => element.click())

describe('the result on show', () => {
  it('can be kept once', () => {
    const pairs = show({ offer: { kind: 'ready', judged: true, better: true } })
    click(button('Keep this pair'))
    expect(pairs.keep).toHaveBeenCalledWith()
    show({ offer: { kind: 'kept', id: 'x' } })
    expect(button('This pair is kept').disabled).toBe(true)
  })

  it('asks for the winner where nothing scored', () => {
    const pairs = show({ offer: { kind: 'ready', judged: false, better: true } })
    click(button('Reference wins'))
    expect(pairs.keep).toHaveBeenCalledWith('reference')
    click(button('Target wins'))
    expect(pairs.keep).toHaveBeenCalledWith('target')
  })

  it('says why it makes no pair, and tries again after a failure', () => {
    show({ offer: { kind: 'refused', problem } })
    expect(place.textContent).toContain('It is full. Make room.')
    expect(place.querySelector('[data-testid=keep-pair]')).toBeNull()
    const pairs = show({ offer: { kind: 'failed', problem, winner: 'target' } })
    click(button('Try again'))
    expect(pairs.keep).toHaveBeenCalledWith('target')
  })
})

describe('kept pairs', () => {
  const stored = (n: number) => ({ schema: 2 as const, pair: testPair(n), bytes: 2_000_000 })

  it('are listed with count and bytes, in portions', () => {
    show({ pairs: Array.from({ length: 25 }, (_, n) => stored(n)) })
    expect(place.querySelector('[data-testid=pair-count]')?.textContent).toBe('25, 50 MB')
    expect(place.querySelectorAll('[data-testid=pair-row]')).toHaveLength(20)
    click(button('Show 5 more'))
    expect(place.querySelectorAll('[data-testid=pair-row]')).toHaveLength(25)
    expect(place.querySelector('[data-testid=pair-row]')?.textContent).toContain('0.500 over 0.250')
  })

  it('are removed after a question', () => {
    const pairs = show({ pairs: [stored(1)] })
    click(button('Remove the pair of “a red ball”'))
    expect(pairs.remove).not.toHaveBeenCalled()
    click(button('Keep'))
    click(button('Remove the pair of “a red ball”'))
    click(button('Remove'))
    expect(pairs.remove).toHaveBeenCalledWith(testPair(1).id)
  })

  it('are exported, all or those that are ticked, and the export can be stopped', () => {
    const pairs = show({ pairs: [stored(1), stored(2)] })
    click(place.querySelector<HTMLInputElement>('[data-testid=pair-row] input')!)
    expect(pairs.choose).toHaveBeenCalledWith(testPair(1).id, true)
    click(button('Export all'))
    expect(pairs.exportPairs).toHaveBeenCalled()
    show({ pairs: [stored(1), stored(2)], chosen: new Set([testPair(2).id]) })
    expect(button('Export 1').disabled).toBe(false)
    const busy = show({
      pairs: [stored(1)],
      transfer: { kind: 'exporting', done: 1e6, total: 4e6, stopping: false },
    })
    expect(place.textContent).toContain('1 MB of 4 MB')
    click(button('Stop'))
    expect(busy.stopTransfer).toHaveBeenCalled()
    show({})
    expect(button('Export all').disabled).toBe(true)
  })
})
