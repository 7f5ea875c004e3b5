import { afterEach, beforeEach, expect, it } from 'vitest'
import { cdp } from 'vitest/browser'

import '@/ui/styles/base.css'
import '@/ui/styles/fuse.css'
import '@/ui/styles/compose.css'

/** What the browser says of motion to the pages. */
const wishes = (value: string) =>
  cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] })

const MOVING = `
  <div class="progress-track unknown"><div></div></div>
  <svg class="spin"></svg>
  <div class="compose-frame waiting"></div>`

beforeEach(() => {
  document.body.innerHTML = MOVING
})
afterEach(async () => {
  document.body.innerHTML = ''
  await wishes('')
})

it('moves without end where nobody minds', async () => {
  await wishes('no-preference')
  expect(document.getAnimations()).toHaveLength(3)
})

it('ends what moves at once where less motion is wanted, before and after an element, too', async () => {
  await wishes('reduce')
  for (const animation of document.getAnimations()) {
    const { duration, iterations } = animation.effect?.getComputedTiming() ?? {}
    expect(animation.effect && [duration, iterations]).toEqual([1, 1])
  }
  await new Promise((done) => setTimeout(done, 200))
  expect(document.getAnimations()).toEqual([])
})
