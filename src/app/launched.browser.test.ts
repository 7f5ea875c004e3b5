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
  const tell = vi.fn()
  takeLaunched(base, open, tell)
  launch({ files: [] })
  const file = new File(['x'], 'holiday.inlay')
  const whole = { name: file.name, getFile: () => Promise.resolve(file) }
  launch({ files: [whole] })
  await vi.waitFor(() => expect(open.mock.calls).toEqual([[[file]]]))

  // One that cannot be read is told; the other is opened all the same.
  const gone = { name: 'gone.png', getFile: () => Promise.reject(new DOMException('no', 'NotFoundError')) }
  launch({ files: [gone, whole] })
  await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(2))
  expect(open.mock.calls[1]).toEqual([[file]])
  expect(tell.mock.calls).toMatchObject([[{ message: '“gone.png” cannot be read.' }]])
  launch({ files: [gone] })
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(2))
  expect(open).toHaveBeenCalledTimes(2)
})

it('tells where what was shared cannot be read', async () => {
  history.replaceState(null, '', '?shared')
  vi.spyOn(caches, 'open').mockRejectedValueOnce(new DOMException('no', 'SecurityError'))
  const [open, tell] = [vi.fn(), vi.fn()]
  takeLaunched(base, open, tell)
  await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(1))
  expect(open).not.toHaveBeenCalled()
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
  takeLaunched(base, open, ({ message }) => expect.fail(message))
  expect(location.search).toBe('?debug=')
  await vi.waitFor(() => expect(open).toHaveBeenCalledTimes(1))
  const [[[file]]] = open.mock.calls as [[[File]]]
  expect([file.name, file.type, await file.text()]).toEqual(['Am Fluß/1.png', 'image/png', 'x'])
  expect(await caches.has(sharedCacheOf(base))).toBe(false)
})
