/** The headless page: puts what the command line may ask for on `window.inlay`. */
import { fuse } from '@/cli/fuse'
import type { BenchRequest, ConformanceRequest, FuseAnswer, FuseRequest, Tally } from '@/cli/requests'

interface Commands {
  fuse(request: FuseRequest): Promise<FuseAnswer>
  conformance(request: ConformanceRequest): Promise<Tally>
  bench(request: BenchRequest): Promise<Tally>
}

declare global {
  interface Window {
    inlay?: Commands
    /** Given by scripts/headless.mjs: a line of the command's result, a line of progress. */
    inlayPrint?(line: string): void
    inlayNote?(line: string): void
  }
}

export interface BenchOptions extends BenchRequest {
  runtimeUrl: string
  log(line: string): void
}

/** Benches live outside src/, so the page that knows them hands them in. */
export function expose(given: { bench(options: BenchOptions): Promise<Tally> }) {
  const print = (line: string) => window.inlayPrint?.(line)
  const note = (line: string) => window.inlayNote?.(line)
  const runtimeUrl = new URL('ort/', location.href).href
  window.inlay = {
    fuse: (request) => fuse(request, note),
    conformance: async (request) => {
      const { runConformance } = await import('@/conformance/run')
      return runConformance({ ...request, log: print })
    },
    bench: (request) => given.bench({ ...request, runtimeUrl, log: print }),
  }
}
