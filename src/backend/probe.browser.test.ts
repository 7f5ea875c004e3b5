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
  test('measures positive speeds, again and again, and leaves no memory behind', async () => {
    ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
    const before = backend.memory().residentBytes
    // How alike they are is the machine's business: another program beside this one makes a twentieth of a speed.
    const probes = [
      await probeDevice(backend, { seconds: 0.2 }),
      await probeDevice(backend, { seconds: 0.2 }),
    ]
    for (const { linearTflops, attentionTflops } of probes)
      for (const speed of [linearTflops, attentionTflops]) {
        expect(speed).toBeGreaterThan(0)
        expect(speed).toBeLessThan(1e4)
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
