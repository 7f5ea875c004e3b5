import { expect, it } from 'vitest'
import { createBackend } from '@/backend/create'
import { MiniNet } from '@/nets/mini'
import { sample } from '@/pipelines/place'
import { openPack, readPack } from '@/weights/pack'
const runtimeUrl = new URL('/ort/', location.href).href
it.each(['cpu'] as const)('speed on %s', async (name) => {
  const { backend } = await createBackend(name, runtimeUrl)
  const pack = await openPack(new URL('/models/mini/', location.href).href, 'mini')
  const source = await readPack(pack, () => undefined)
  const t0 = performance.now()
  const net = await MiniNet.load(backend, pack.manifest.config, pack.manifest.words.length, source)
  const load = performance.now() - t0
  const S = net.config.size
  const w = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i))
  const scene = { background: w(3*S*S), foreground: w(4*S*S), paste: w(3*S*S), alpha: w(S*S).map(Math.abs), affine: { a: .5, d: .5, tx: 10, ty: 10 }, words: new Int32Array(net.config.textTokens) }
  const times: number[] = []
  for (let i = 0; i < 12; i++) {
    const t = performance.now()
    await sample(net, scene, { seed: 0, steps: 4, strength: 1 }, 0, new AbortController().signal, {}, w(3*S*S))
    times.push(Math.round(performance.now() - t))
  }
  console.log(`SPEED ${name} load ${load.toFixed(0)} ms; sample`, times.join(' '))
  expect(times.length).toBe(12)
}, 300000)
