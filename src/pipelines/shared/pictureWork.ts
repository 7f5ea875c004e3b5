/** How a run of a transformer would go on a device, said before anything is loaded. */
import {
  forwardWork,
  planRun,
  secondsOf,
  type RunPlanRequest,
  type SegmentShape,
  type Speed,
  type WorkRequest,
} from '@/nets/runner/memoryPlan'
import type { Network } from '@/nets/runner/network'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import type { MemoryPlan } from '@/pipelines/shared/report'

/** What pictures ask of a transformer. */
export interface TransformerWork {
  /** Its longest token sequence. */
  segments: readonly SegmentShape[]
  /** Segments that are not run in all forwards. */
  kept?: WorkRequest['kept']
  /** Sets of modulation that are read at the start: one per forward of different time or text. */
  conditionings: number
  /** All forwards; no sequence is longer than `segments`. */
  forwards: readonly { segments: readonly SegmentShape[]; count: number }[]
}

/** A transformer as it is installed, with the concatenated rank of the active adapters on each linear. */
export type PlannedNetwork = Pick<RunPlanRequest, 'network' | 'tensors'> & {
  loraRank: (linear: string) => number
}

/** @param besideFlops of text encoders and autoencoder */
export function planPicture(
  { backend, speed, memoryBytes }: Pick<EngineContext, 'backend' | 'speed' | 'memoryBytes'>,
  planned: PlannedNetwork,
  work: TransformerWork,
  besideFlops: number,
): MemoryPlan {
  const limit = backend.maxTensorBytes
  const { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason } = planRun({
    ...planned,
    segments: work.segments,
    ...(work.kept ? { kept: work.kept } : {}),
    conditionings: work.conditionings,
    limits: Number.isFinite(limit) ? { maxBufferSize: limit, maxStorageBufferBindingSize: limit } : null,
    budgetBytes: memoryBytes,
    arithmetic: backend.arithmetic,
    speed,
  })
  const seconds =
    speed && verdict !== 'too-large' ? pictureSeconds(planned, work, besideFlops, speed, streamedBytes) : null
  return { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason, seconds }
}

/**
 * Seconds from Fuse to picture, loading left out.
 * @param streamedBytes weights that are read from disk in every forward
 * @returns null where weights are streamed from a disk that was not measured
 */
export function pictureSeconds(
  { network, loraRank }: { network: Network; loraRank: (linear: string) => number },
  { forwards, kept }: Pick<TransformerWork, 'forwards' | 'kept'>,
  besideFlops: number,
  speed: Speed,
  streamedBytes: number,
): number | null {
  let seconds = besideFlops / 1e12 / speed.linearTflops
  for (const { segments, count } of forwards) {
    const request = { network, segments, loraRank, ...(kept ? { kept } : {}) }
    const each = secondsOf(forwardWork(request), speed, streamedBytes)
    if (each === null) return null
    seconds += count * each
  }
  return seconds
}

/** What runs beside a transformer that stays, at least: the autoencoder at 1024 x 1024 and the encoders want room. */
const BESIDE = 2e9

/** Whether the transformer stays for the next picture. @param besideBytes of the largest that runs beside it */
export const staysBeside = (
  { verdict, residentBytes, activationBytes, budgetBytes }: MemoryPlan,
  besideBytes = 0,
): boolean =>
  verdict === 'resident' && residentBytes + activationBytes + Math.max(BESIDE, besideBytes) <= budgetBytes
