import { describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import type { WebgpuBackend } from '@/backend/webgpu/backend'
import { GraphBuilder, type Graph } from '@/onnx/graph'

const runtimeUrl = new URL('/ort/', location.href).href
const open = async (name: 'cpu' | 'webgpu'): Promise<Backend> =>
  (await createBackend(name, runtimeUrl)).backend

/** y = x + x */
function twice(key: string): Graph {
  const builder = new GraphBuilder(key)
  const x = builder.input('x', 'float32', [1, 4])
  builder.output(builder.node('Add', [x, x]), 'y', [1, 4])
  return builder.build()
}

/** The same by name, but no graph at all. */
const broken = (key: string): Graph => ({ ...twice(key), bytes: new Uint8Array([1, 2, 3]) })

describe.each(['cpu', 'webgpu'] as const)('sessions on %s', (name) => {
  it('that failed to compile are compiled again, and keep nothing from being let go', async () => {
    const backend = await open(name)
    await expect(backend.compile(broken('twice'))).rejects.toThrow('twice')
    const segment = await backend.compile(twice('twice'))
    const x = backend.upload(Float32Array.of(1, 2, 3, 4), [1, 4], 'x')
    const { y } = await backend.run(segment, { x }, { y: [1, 4] })
    expect(await backend.read(y)).toEqual(Float32Array.of(2, 4, 6, 8))
    await expect(backend.compile(broken('again'))).rejects.toThrow('again')
    void backend.compile(broken('still compiling')).catch(() => undefined)
    await backend.dispose()
  })
})

describe('the device', () => {
  it('is destroyed also after a failed compile, and when a session cannot be released', async () => {
    const backend = (await open('webgpu')) as WebgpuBackend
    const { device } = backend.gpu
    await backend.compile(broken('one')).catch(() => undefined)
    const segment = (await backend.compile(twice('two'))) as unknown as { session: object }
    Object.assign(segment.session, { release: () => Promise.reject(new Error('stuck')) })
    await expect(backend.dispose()).rejects.toThrow('stuck')
    expect((await device.lost).reason).toBe('destroyed')
  })

  it('says that a shader does not compile, and compiles it when it does', async () => {
    const backend = (await open('webgpu')) as WebgpuBackend
    const kernel = (statement: string) => ({
      name: 'fill',
      wgsl: `@group(0) @binding(0) var<storage, read_write> out: array<f32>;
        @compute @workgroup_size(1) fn main() { ${statement} }`,
    })
    const out = backend.upload(Float32Array.of(0), [1], 'out')
    const fill = (statement: string) =>
      backend.gpu.dispatch(backend.gpu.pipeline(kernel(statement), {}), [out.buffer], [1, 1, 1])
    fill('out[0] = nonsense;')
    await expect(backend.settle()).rejects.toThrow('The GPU reported an error')
    fill('out[0] = 7.0;')
    expect(await backend.read(out)).toEqual(Float32Array.of(7))
    await backend.dispose()
  })
})
