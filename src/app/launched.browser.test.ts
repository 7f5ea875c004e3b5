import { afterEach, expect, it, vi } from 'vitest'

import { takeLaunched } from '@/app/launched'
import { sharedCacheOf } from '@/offline/build'

const base = new URL('./', document.baseURI).href
const address = location.href
afterEach(() => history.replaceState(null, '', address))

it('takes the files that the system opens with the installed studio', async () => {
  const open = vi.fn()
  let launch: (params: object) => void = () => undefined
  Object.defineProperty(window, 'launchQueue', {
    configurable: true,
    value: { setConsumer: (consume: typeof launch) => (launch = consume) },
  })
  takeLaunched(base, open)
  launch({ files: [] })
  const file = new File(['x'], 'holiday.inlay')
  launch({ files: [{ getFile: () => Promise.resolve(file) }] })
  await vi.waitFor(() => expect(open.mock.calls).toEqual([[[file]]]))
})

it('takes shared pictures once, under their names', async () => {
  const cache = await caches.open(sharedCacheOf(base))
  const name = encodeURIComponent('Am Fluß/1.png')
  await cache.put(
    new URL(`shared/1-0/${name}`, base),
    new Response('x', { headers: { 'Content-Type': 'image/png' } }),
  )
  history.replaceState(null, '', '?shared&debug')
  const open = vi.fn()
  takeLaunched(base, open)
  expect(location.search).toBe('?debug=')
  await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(1))
  const [[[file]]] = open.mock.calls as [[[File]]]
  expect([file.name, file.type, await file.text()]).toEqual(['Am Fluß/1.png', 'image/png', 'x'])
  expect(await caches.has(sharedCacheOf(base))).toBe(false)
})
