import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Recipe } from '@/schema/recipe'
import { GalleryFoot } from '@/ui/dialogs/gallery/GalleryFoot'
import { createSettingsStore } from '@/ui/stores/settings'
import { createShelfStore } from '@/ui/stores/shelf'
import { StudioProvider, type Studio } from '@/ui/studio'

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

/** Four results of 700 MB where one gigabyte is kept. */
function show(bytes = 7e8) {
  const [shelf, settings] = [createShelfStore(), createSettingsStore()]
  settings.setState({ resultsLimit: 1e9 })
  shelf.setState({
    results: [4, 3, 2, 1].map((time) => ({
      ...{ id: String(time), time, recipe: { mode: 'place' } as Recipe, bytes, starred: false },
      thumbnail: '',
    })),
  })
  const setLimit = vi.fn()
  const studio = { shelf, settings, gallery: { setLimit } } as unknown as Studio
  act(() =>
    root.render(
      <StudioProvider value={studio}>
        <GalleryFoot />
      </StudioProvider>,
    ),
  )
  return { shelf, setLimit }
}

const get = (id: string) => place.querySelector<HTMLElement>(`[data-testid=${id}]`)
const click = (id: string) => act(() => get(id)?.click())

it('asks what is to go where more was taken in than is kept', () => {
  const { shelf, setLimit } = show()
  expect(get('gallery-limit-sure')).toBeNull()
  act(() => shelf.setState({ overLimit: true }))
  expect(place.textContent).toContain('3 of 4 results are more than you keep, 2.1 GB')
  click('gallery-limit-sure')
  expect(setLimit).toHaveBeenLastCalledWith(1e9)
  // Kept, they must not go with the next picture.
  click('gallery-limit-keep')
  expect(setLimit).toHaveBeenLastCalledWith(5e9)
  // Once they are few enough there is nothing to ask.
  act(() => shelf.setState(({ results }) => ({ results: results.slice(0, 1) })))
  expect(get('gallery-limit-keep')).toBeNull()
})

it('raises the limit as far as none has room for them', () => {
  const { shelf, setLimit } = show(7e9)
  act(() => shelf.setState({ overLimit: true }))
  click('gallery-limit-keep')
  expect(setLimit).toHaveBeenLastCalledWith(null)
})
