/** `npm run bench`: each bench prints its own table; ratios are taken within one run. */
import { benchAlign } from './align'
import { benchAttentionVsOrt } from './attentionVsOrt'
import { benchKernels } from './kernels'
import { benchLayers } from './layers'
import type { BenchOptions } from './options'

type Bench = (options: BenchOptions) => Promise<void>

const BENCHES: Record<string, Bench> = {
  align: benchAlign,
  attention: benchAttentionVsOrt,
  kernels: benchKernels,
  layers: benchLayers,
}

export async function runBench(options: BenchOptions): Promise<{ passed: number; failed: number }> {
  const names = options.names.length ? options.names : Object.keys(BENCHES)
  let failed = 0
  for (const name of names) {
    const bench = BENCHES[name]
    if (!bench) {
      options.log(`There is no bench "${name}"; there are ${Object.keys(BENCHES).join(', ')}.`)
      failed++
      continue
    }
    options.log(`# ${name}`)
    await bench(options)
  }
  return { passed: names.length - failed, failed }
}
