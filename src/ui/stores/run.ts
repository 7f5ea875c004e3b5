import type { Problem } from '@/base/errors'
import type { ScenePreview } from '@/canvas/staging'
import type { AssetRef, BackendChoice } from '@/schema/common'
import type { Recipe } from '@/schema/recipe'
import type {
  AlignFrame,
  AlignRecord,
  EngineInfo,
  FuseStats,
  MemoryPlan,
  ResponseMaps,
} from '@/worker/protocol'
import { createStore, type StoreApi } from 'zustand/vanilla'

export type EngineStatus =
  { kind: 'starting' } | { kind: 'ready'; info: EngineInfo } | { kind: 'failed'; problem: Problem }

/** What runs: one picture, a gallery of candidates, or a target for each of a gallery's pairs. */
export type RunTask = 'fuse' | 'sample' | 'pairs'

export type RunStatus =
  | { kind: 'idle' }
  | {
      kind: 'running'
      task: RunTask
      jobId: string
      /** What happens now, in words. */
      stage: string
      /** 0..1, or null where it cannot be told. */
      fraction: number | null
      secondsLeft: number | null
      stopping: boolean
    }

/** A result that has been announced and waits to be accepted or discarded. */
export interface StagedResult {
  asset: AssetRef
  recipe: Recipe
  /** The layers it was made of, so that accepting can hide them. */
  foregroundIds: string[]
  /** Id in the history, or null where it could not be stored. */
  resultId: string | null
  stats: FuseStats | null
  /** Who listens to what, for composed pictures of this session. */
  maps: ResponseMaps | null
  /** How it came about, for aligned pictures of this session. */
  align: AlignRecord | null
}

/** What the planner says about the run that Fuse would start. */
export type PlanStatus =
  | { kind: 'none' }
  | { kind: 'asking' }
  | { kind: 'ready'; plan: MemoryPlan }
  | { kind: 'failed'; problem: Problem }

export interface RunState {
  engine: EngineStatus
  /** What the engine was asked for: the document's choice, unless the page's address says otherwise. */
  backendChoice: BackendChoice
  run: RunStatus
  previews: ScenePreview[]
  /** The three runs of Align after the last step, while they run. */
  frame: AlignFrame | null
  staged: StagedResult | null
  /** The last run's problem, shown beside the Fuse button until the next run. */
  problem: Problem | null
  plan: PlanStatus
}

/** The engine and what it is doing. Written by `app`, read by the panels and the canvas. */
export type RunStore = StoreApi<RunState>

export const createRunStore = (): RunStore =>
  createStore<RunState>(() => ({
    engine: { kind: 'starting' },
    backendChoice: 'auto',
    run: { kind: 'idle' },
    previews: [],
    frame: null,
    staged: null,
    problem: null,
    plan: { kind: 'none' },
  }))

/** While this is so the canvas can be looked at, not changed. Other modes' pictures lie beside the document, not on it. */
export const isLocked = (state: RunState): boolean =>
  state.run.kind === 'running' || state.staged?.recipe.mode === 'place'
