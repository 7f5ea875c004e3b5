/**
 * The one door to onnxruntime-web: loaded on first use, every call behind one mutex, because
 * concurrent calls hang or corrupt it (runtime notes, trap 1).
 */
import type * as Ort from 'onnxruntime-web'

import { quietly } from '@/base/heartbeat'
import { Once } from '@/base/once'
import { createQueue } from '@/base/queue'
import type { Graph } from '@/onnx/graph'

export type OrtModule = typeof Ort
export type OrtTensor = Ort.Tensor
export type OrtSession = Ort.InferenceSession

const loaded = new Once<OrtModule>()
const inTurn = createQueue()

/** Loads the runtime; `runtimeUrl` is the same-origin folder with its wasm. The first address wins. */
export function loadOrt(runtimeUrl: string): Promise<OrtModule> {
  return loaded.get(async () => {
    // The JSPI build's wasm is a third smaller; it needs a browser with promise integration.
    const jspi = 'Suspending' in WebAssembly
    const ort: OrtModule = jspi
      ? await import('onnxruntime-web/jspi')
      : await import('onnxruntime-web/webgpu')
    ort.env.wasm.wasmPaths = runtimeUrl.endsWith('/') ? runtimeUrl : `${runtimeUrl}/`
    const cores = globalThis.navigator.hardwareConcurrency ?? 1
    ort.env.wasm.numThreads = globalThis.crossOriginIsolated ? Math.min(8, Math.max(1, cores)) : 1
    ort.env.logLevel = 'error'
    return ort
  })
}

/** Runs `work` after all earlier ORT work has ended. A kernel may take minutes on a CPU, without a sign of life. */
export function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return inTurn(() => quietly(work))
}

export function createSession(
  ort: OrtModule,
  graph: Graph,
  options: Ort.InferenceSession.SessionOptions,
): Promise<OrtSession> {
  return exclusively(async () => {
    try {
      return await ort.InferenceSession.create(graph.bytes, { logSeverityLevel: 3, ...options })
    } catch (error) {
      throw new Error(`graph ${graph.key}: ${String(error)}`, { cause: error })
    }
  })
}
