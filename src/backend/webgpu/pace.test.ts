import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { Pace } from '@/backend/webgpu/pace'

/** A device that does `speed` FLOP per second, one span after the other, on a clock of its own. */
class Device {
  speed = 1e12
  now = 0
  /** Arithmetic submitted since the last fence, and of each span before. */
  submitted = 0
  readonly spans: number[] = []
  readonly queue = {
    onSubmittedWorkDone: (): Promise<undefined> => {
      this.spans.push(this.submitted)
      this.now += (1000 * this.submitted) / this.speed
      this.submitted = 0
      return Promise.resolve(undefined)
    },
  }
}

let device: Device
beforeEach(() => {
  device = new Device()
  vi.spyOn(performance, 'now').mockImplementation(() => device.now)
})
afterEach(() => vi.restoreAllMocks())

/** Submits work in pieces as large as they may be. */
async function work(pace: Pace, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const flops = pace.runFlops
    await pace.admit(flops)
    device.submitted += flops
  }
  await pace.breathe()
}

test('spans grow until one takes 90 ms, and no further', async () => {
  const pace = new Pace(device.queue, false)
  await work(pace, 40)
  expect(pace.runFlops / device.speed).toBeCloseTo(0.09, 6)
  expect(Math.max(...device.spans) / device.speed).toBeLessThanOrEqual(0.09 + 1e-9)
})

test('a device that becomes slower gets less at once', async () => {
  const pace = new Pace(device.queue, false)
  await work(pace, 40)
  device.speed = 1e11
  await work(pace, 10)
  expect(pace.runFlops / device.speed).toBeCloseTo(0.09, 6)
})

test('many small pieces are fenced before they exceed the budget', async () => {
  const pace = new Pace(device.queue, true)
  for (let i = 0; i < 100; i++) {
    const { runFlops } = pace
    const flops = runFlops * 0.3
    await pace.admit(flops)
    device.submitted += flops
    expect(device.submitted).toBeLessThanOrEqual(Math.max(runFlops, flops) * (1 + 1e-9))
  }
  expect(device.spans.length).toBeGreaterThan(20)
})

test('no more than three spans wait, and a signal is heard before anything is submitted', async () => {
  let done: () => void = () => undefined
  const never = {
    onSubmittedWorkDone: () => new Promise<undefined>((resolve) => (done = () => resolve(undefined))),
  }
  const pace = new Pace(never, false)
  await pace.breathe()
  const first = done
  await pace.breathe()
  let waited = true
  const third = pace.breathe().then(() => (waited = false))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(waited).toBe(true)
  first()
  await third
  await expect(pace.admit(1, AbortSignal.abort())).rejects.toThrow(/abort/i)
})
