/** The headless page: puts what the command line may ask for on `window.inlay`. */
import { fuse } from '@/cli/fuse'
import type {
  BenchRequest,
  ConformanceRequest,
  FuseAnswer,
  FuseRequest,
  GpuRequest,
  ImportFilesAnswer,
  ImportFilesRequest,
  ScaleRequest,
  ScaleResult,
  Tally,
} from '@/cli/requests'

interface Commands {
  fuse(request: FuseRequest): Promise<FuseAnswer>
  /** Has the files in the page's input as packs. */
  importFiles(request: ImportFilesRequest): Promise<ImportFilesAnswer>
  conformance(request: ConformanceRequest): Promise<Tally>
  bench(request: BenchRequest): Promise<Tally>
  /** Gives the figures as data. */
  gpu(request: GpuRequest): Promise<unknown>
  scale(request: ScaleRequest): Promise<ScaleResult>
}

/** What scripts/headless.mjs finds and what it gives, beside the usual globals. */
interface HeadlessGlobals {
  inlay?: Commands
  /** Takes a line of the command's result. */
  inlayPrint?(line: string): void
  /** Takes a line of progress. */
  inlayNote?(line: string): void
}

export interface BenchOptions extends BenchRequest {
  runtimeUrl: string
  log(line: string): void
}

interface Benches {
  bench(options: BenchOptions): Promise<Tally>
  gpu(options: GpuRequest & Omit<BenchOptions, 'names'>): Promise<unknown>
}

/** Benches live outside src/, so the page that knows them hands them in. */
export function expose(given: Benches) {
  const page = globalThis as HeadlessGlobals
  const print = (line: string) => page.inlayPrint?.(line)
  const note = (line: string) => page.inlayNote?.(line)
  const runtimeUrl = new URL('ort/', location.href).href
  page.inlay = {
    fuse: (request) => fuse(request, note),
    importFiles: async (request) => {
      const { importGiven } = await import('@/cli/importGiven')
      return importGiven(request, note)
    },
    conformance: async (request) => {
      const { runConformance } = await import('@/conformance/run')
      return runConformance({ ...request, runtimeUrl, log: print })
    },
    scale: async (request) => {
      const { scale } = await import('@/cli/scale')
      return scale(request, runtimeUrl, note)
    },
    bench: (request) => given.bench({ ...request, runtimeUrl, log: print }),
    gpu: (request) => given.gpu({ ...request, runtimeUrl, log: print }),
  }
}
