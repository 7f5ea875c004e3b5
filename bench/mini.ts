/** Inlay Mini: seconds per step on both backends, with and without cached condition keys and values. */
import type { BenchOptions } from './options'
import { median } from './time'

import { createBackend } from '@/backend/create'
import { MiniNet, type MiniScene } from '@/nets/mini'
import type { MiniConfig } from '@/schema/pack'
import { philoxNormals } from '@/samplers/philox'
import { openPack, readPack } from '@/weights/packs/pack'

/** A scene of noise: the arithmetic does not depend on what is seen. */
function noiseScene({ size, textTokens }: MiniConfig): MiniScene {
  const area = size * size
  const noise = (stream: number, planes: number) => philoxNormals(1, stream, planes * area)
  return {
    background: noise(0, 3),
    foreground: noise(1, 4),
    paste: noise(2, 3),
    alpha: new Float32Array(area).fill(0.5),
    affine: { a: 0.5, d: 0.5, tx: size / 4, ty: size / 4 },
    words: new Int32Array(textTokens),
  }
}

export async function benchMini({ runtimeUrl, log }: BenchOptions): Promise<void> {
  const pack = await openPack(new URL('models/mini/', location.href).href, 'mini')
  const source = await readPack(pack, () => undefined)
  const { config, words } = pack.manifest
  for (const choice of ['cpu', 'webgpu'] as const) {
    const { backend } = await createBackend(choice, runtimeUrl)
    const net = await MiniNet.load(backend, config, words.length, source)
    const scene = noiseScene(config)
    const perStep: Record<string, number> = {}
    for (const useCache of [true, false]) {
      const since = performance.now()
      const run = await net.begin(scene, [1, 0.5], { useCache })
      const begun = performance.now() - since
      const x = philoxNormals(2, 0, scene.paste.length)
      await run.predict(x, 1) // compiles shaders and warms up
      const times: number[] = []
      for (let i = 0; i < 5; i++) {
        const start = performance.now()
        await run.predict(x, 0.5)
        times.push(performance.now() - start)
      }
      run.dispose()
      const label = useCache ? 'cached' : 'uncached'
      perStep[label] = median(times)
      log(
        `${choice.padEnd(7)} ${label.padEnd(9)} first ${begun.toFixed(0)} ms, then ${perStep[label].toFixed(0)} ms per step`,
      )
    }
    log(`${choice.padEnd(7)} uncached / cached = ${(perStep.uncached / perStep.cached).toFixed(2)}`)
    net.dispose()
    await backend.dispose()
  }
}
