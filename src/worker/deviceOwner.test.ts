import { describe, expect, it } from 'vitest'

import type { ChosenBackend } from '@/backend/create'
import { DeviceOwner } from '@/worker/deviceOwner'

/** Devices that only remember how many of them there are. */
function devices() {
  const log = { made: 0, alive: 0, most: 0, disposeFails: false }
  const create = async (): Promise<ChosenBackend> => {
    await new Promise((resolve) => setTimeout(resolve, 2))
    log.made++
    log.alive++
    log.most = Math.max(log.most, log.alive)
    const dispose = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      log.alive--
      if (log.disposeFails) throw new Error('it was lost')
    }
    return { backend: { name: 'cpu', dispose }, reason: '', adapter: null } as unknown as ChosenBackend
  }
  return { log, create }
}

describe('the owner of the device', () => {
  it('gives one device to all who ask at once', async () => {
    const { log, create } = devices()
    const owner = new DeviceOwner()
    const [a, b, c] = await Promise.all([owner.open(create), owner.open(create), owner.open(create)])
    expect(a).toBe(b)
    expect(b).toBe(c)
    expect(log.made).toBe(1)
  })

  it('never has two, whoever asks while it is made or let go', async () => {
    const { log, create } = devices()
    const owner = new DeviceOwner()
    const first = owner.open(create)
    const closed = owner.close()
    const second = owner.open(create)
    await closed
    const third = owner.open(create)
    expect(await second).toBe(await third)
    expect(await second).not.toBe(await first)
    expect(log).toMatchObject({ made: 2, alive: 1, most: 1 })
    await Promise.all([owner.close(), owner.close()])
    expect(log.alive).toBe(0)
    expect(owner.current()).toBeNull()
  })

  it('forgets a device that could not be made', async () => {
    const { log, create } = devices()
    const owner = new DeviceOwner()
    await expect(owner.open(() => Promise.reject(new Error('no adapter')))).rejects.toThrow('no adapter')
    await owner.close()
    await owner.open(create)
    expect(log.alive).toBe(1)
  })

  it('makes the next one also where the last could not be let go cleanly', async () => {
    const { log, create } = devices()
    const owner = new DeviceOwner()
    await owner.open(create)
    log.disposeFails = true
    await expect(owner.close()).rejects.toThrow('it was lost')
    await owner.open(create)
    expect(log).toMatchObject({ made: 2, alive: 1, most: 1 })
  })
})
