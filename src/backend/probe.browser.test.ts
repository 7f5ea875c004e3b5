import { afterEach, describe, expect, test } from 'vitest'
import { createBackend } from '@/backend/create'
import { probeDevice } from '@/backend/probe'
import type { Backend } from '@/backend/types'

let backend: Backend | null = null
afterEach(async () => {
  await backend?.dispose()
  backend = null
})

describe.each(['cpu', 'webgpu'] as const)('the probe on %s', (name) => {
  test('measures positive speeds, alike when repeated, and leaves no memory behind', async () => {
    ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
    const before = backend.memory().residentBytes
    const since = performance.now()
    const first = await probeDevice(backend, { seconds: 0.2 })
    const took = (performance.now() - since) / 1000
    const again = await probeDevice(backend, { seconds: 0.2 })
    console.info(`${name}: ${took.toFixed(1)} s, ${JSON.stringify([first, again])}`)
    for (const key of ['linearTflops', 'attentionTflops'] as const) {
      expect(first[key]).toBeGreaterThan(0)
      expect(first[key]).toBeLessThan(1e4)
      const ratio = again[key] / first[key]
      expect(ratio).toBeGreaterThan(1 / 3)
      expect(ratio).toBeLessThan(3)
    }
    backend.trim()
    expect(backend.memory().residentBytes).toBe(before)
  })

  test('stops when told to', async () => {
    ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
    const before = backend.memory().residentBytes
    const controller = new AbortController()
    const since = performance.now()
    setTimeout(() => controller.abort(), 100)
    // Without the signal this would take for ever.
    await expect(probeDevice(backend, { seconds: 1e9, signal: controller.signal })).rejects.toThrow(/abort/i)
    expect(performance.now() - since).toBeLessThan(10_000)
    await expect(probeDevice(backend, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    backend.trim()
    expect(backend.memory().residentBytes).toBe(before)
  })
})
