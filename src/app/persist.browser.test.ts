import { afterEach, describe, expect, it, vi } from 'vitest'

import { persistStorage } from '@/app/persist'

afterEach(() => vi.restoreAllMocks())

describe('keeping storage', () => {
  it('asks the browser unless it has promised already', async () => {
    const persisted = vi.spyOn(navigator.storage, 'persisted').mockResolvedValue(true)
    const persist = vi.spyOn(navigator.storage, 'persist').mockResolvedValue(true)
    expect(await persistStorage()).toBe(true)
    expect(persist).not.toHaveBeenCalled()
    persisted.mockResolvedValue(false)
    expect(await persistStorage()).toBe(true)
    persist.mockRejectedValue(new Error('not here'))
    expect(await persistStorage()).toBe(false)
  })
})
