import type { AssetRef } from '@/schema/common'
import type { Mode } from '@/schema/modes'
import type { RunState } from '@/ui/stores/run'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** A picture that is to be made: its recipe was frozen when Fuse was pressed. */
export interface QueuedJob {
  id: string
  /** The document that it was made in, and that its result belongs to. */
  documentId: string
  mode: Mode
  /** What tells it from the others: "seed 7 · garden.png". */
  title: string
  /** Name of its model. */
  model: string
  /** The picture that it is known by. */
  cover: AssetRef | null
  /** Address of a small picture of its own. */
  thumbnail: string | null
  /** Hashes of all pictures that it is made of. */
  pictures: string[]
  /** What the time that it takes goes by; jobs of one kind take about the same. */
  kind: string
}

export interface QueueState {
  /** What runs, and since when (ms since 1970). */
  current: (QueuedJob & { startedAt: number }) | null
  /** In the order in which they will run. */
  waiting: QueuedJob[]
  /** What runs ends; nothing new begins. */
  paused: boolean
  /** Seconds that the last job of a kind took. */
  seconds: Record<string, number>
}

/** Jobs that run and wait. Written by `app`. */
export type QueueStore = StoreApi<QueueState>

export const createQueueStore = (): QueueStore =>
  createStore<QueueState>(() => ({ current: null, waiting: [], paused: false, seconds: {} }))

/** The same list with one of its jobs so many places further back, or as far as it goes. */
export function moved<T extends { id: string }>(jobs: readonly T[], id: string, by: number): T[] {
  const from = jobs.findIndex((job) => job.id === id)
  if (from < 0) return [...jobs]
  const rest = jobs.filter((job) => job.id !== id)
  const to = Math.min(rest.length, Math.max(0, from + by))
  return [...rest.slice(0, to), jobs[from], ...rest.slice(to)]
}

/**
 * Seconds until all is made, as far as that can be told: what runs by its own steps or by what its kind took before, the
 * rest by what their kinds took. Null: nothing of such a kind has been measured yet. @param now ms since 1970
 */
export function timeLeft(
  { current, waiting, seconds }: QueueState,
  run: RunState['run'],
  now: number,
): number | null {
  const elapsed = current ? (now - current.startedAt) / 1000 : 0
  const bySteps = current && run.kind === 'running' ? run.secondsLeft : null
  const known = (kind: string): number | null => {
    if (kind in seconds) return seconds[kind]
    return current?.kind === kind && bySteps !== null ? elapsed + bySteps : null
  }
  const usual = current && known(current.kind)
  const rest = current ? (bySteps ?? (usual === null ? null : Math.max(0, usual - elapsed))) : 0
  return waiting.reduce<number | null>((sum, { kind }) => {
    const one = known(kind)
    return sum === null || one === null ? null : sum + one
  }, rest)
}
