/** `npm run bench`: each bench prints its own table; ratios are taken within one run. */
import { benchAlign } from './align'
import { benchAttentionVsOrt } from './attentionVsOrt'
import { benchKernels } from './kernels'
import { benchMini } from './mini'

export interface BenchOptions {
  /** Benches asked for by name; empty means all. */
  names: string[]
  runtimeUrl: string
  log(line: string): void
}

type Bench = (options: BenchOptions) => Promise<void>

const BENCHES: Record<string, Bench> = {
  align: benchAlign,
  attention: benchAttentionVsOrt,
  kernels: benchKernels,
  mini: benchMini,
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
