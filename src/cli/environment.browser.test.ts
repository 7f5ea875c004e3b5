/** What every other browser test and the studio itself take for granted about the page they run in. */
import { expect, test } from 'vitest'

test('the page is cross-origin isolated, so that the runtime may use threads', () => {
  expect(crossOriginIsolated).toBe(true)
  expect(typeof SharedArrayBuffer).toBe('function')
})

test('there is a WebGPU adapter', async () => {
  const adapter = await navigator.gpu.requestAdapter()
  expect(adapter).not.toBeNull()
})

test("the runtime's files come from our own origin", async () => {
  for (const file of ['ort-wasm-simd-threaded.jspi.wasm', 'ort-wasm-simd-threaded.asyncify.mjs']) {
    const answer = await fetch(`/ort/${file}`, { method: 'HEAD' })
    expect(answer.status, file).toBe(200)
    expect(answer.headers.get('content-type'), file).toMatch(/wasm|javascript/)
  }
})

test('onnxruntime loads its wasm from there', async () => {
  const ort = await import('onnxruntime-web/webgpu')
  ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href
  const tensor = new ort.Tensor('float32', new Float32Array(2), [2])
  expect(tensor.dims).toEqual([2])
  await expect(
    ort.InferenceSession.create(new Uint8Array([8, 0]), { executionProviders: ['wasm'] }),
  ).rejects.toThrow(/model|graph|protobuf|ir_version|load/i)
})
