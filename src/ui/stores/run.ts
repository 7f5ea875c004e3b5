import type { Problem } from '@/base/errors'
import type { ScenePreview } from '@/canvas/staging'
import { modeOf } from '@/document/modes'
import type { Arithmetic, AssetRef, BackendChoice } from '@/schema/common'
import type { Mode, RecipeOf } from '@/schema/modes'
import type { EngineInfo, FuseStats, MemoryPlan, PromptReading, ReportOf, StepOf } from '@/worker/protocol'
import { createStore, type StoreApi } from 'zustand/vanilla'

export type EngineStatus =
  { kind: 'starting' } | { kind: 'ready'; info: EngineInfo } | { kind: 'failed'; problem: Problem }

/** What runs: one picture, a gallery of candidates, a target for each of a gallery's pairs, or drafts of mixtures. */
export type RunTask = 'fuse' | 'sample' | 'pairs' | 'try'

export type RunStatus =
  | { kind: 'idle' }
  | {
      kind: 'running'
      task: RunTask
      jobId: string
      /** It works on the open document as it is, which may not be changed meanwhile. */
      holds: boolean
      /** It makes what the open document shows; else its steps are not shown there. */
      here: boolean
      /** What happens now, in words. */
      stage: string
      /** 0..1, or null where it cannot be told. */
      fraction: number | null
      secondsLeft: number | null
      stopping: boolean
      /** It was stopped, and gives what is finished unless it is stopped once more. */
      finishing: boolean
      /** It was stopped once more: not even what is finished is kept. */
      dropped: boolean
    }

/** A result that has been announced and waits to be accepted or discarded. */
export interface StagedResult<M extends Mode = Mode> {
  asset: AssetRef
  recipe: RecipeOf<M>
  /** The layers it was made of, so that accepting can hide them. */
  foregroundIds: string[]
  /** Id in the history, or null where it could not be stored. */
  resultId: string | null
  stats: FuseStats | null
  /** What its mode tells of it, for pictures of this session. */
  report: ReportOf<M> | null
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
  /** As this browser's user wants it of a GPU. */
  arithmetic: Arithmetic
  run: RunStatus
  previews: ScenePreview[]
  /** What the mode shows with the last step, while it runs. */
  step: { mode: Mode; shown: StepOf<Mode> } | null
  staged: StagedResult | null
  /** The last run's problem, shown beside the Fuse button until the next run. */
  problem: Problem | null
  plan: PlanStatus
  /** What is read of the prompt; null where that is not known. */
  reading: PromptReading | null
}

/** The engine and what it is doing. Written by `app`, read by the panels and the canvas. */
export type RunStore = StoreApi<RunState>

export const createRunStore = (arithmetic: Arithmetic = 'exact'): RunStore =>
  createStore<RunState>(() => ({
    engine: { kind: 'starting' },
    backendChoice: 'auto',
    arithmetic,
    run: { kind: 'idle' },
    previews: [],
    step: null,
    staged: null,
    problem: null,
    plan: { kind: 'none' },
    reading: null,
  }))

/** The result that waits to be accepted, where it is one of this mode. */
export const stagedIn = <M extends Mode>({ staged }: RunState, mode: M): StagedResult<M> | null =>
  staged?.recipe.mode === mode ? (staged as StagedResult<M>) : null

/** What this mode shows with the last step, while it runs. */
export const stepIn = <M extends Mode>({ step }: RunState, mode: M): StepOf<M> | null =>
  step?.mode === mode ? (step.shown as StepOf<M>) : null

/** While this is so the document is not changed: what runs works on it as it is. */
export const isHeld = ({ run }: Pick<RunState, 'run'>): boolean => run.kind === 'running' && run.holds

/** Whether what the open document shows is being made. */
export const isMaking = ({ run }: Pick<RunState, 'run'>): boolean => run.kind === 'running' && run.here

/** While this is so the canvas can be looked at, not changed. Other modes' pictures lie beside the document, not on it. */
export const isLocked = (state: RunState): boolean =>
  isHeld(state) || (state.staged !== null && modeOf(state.staged.recipe).onCanvas)
