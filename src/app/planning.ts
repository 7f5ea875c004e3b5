import type { EngineClient } from '@/engine/client'
import { modeOf } from '@/document/modes'
import { readiness, recipeOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import { NO_MODEL } from '@/schema/modelRef'
import type { Recipe } from '@/schema/recipe'
import type { ModelsState, ModelsStore } from '@/ui/stores/models'
import type { RunStore } from '@/ui/stores/run'

interface PlanningOptions {
  document: DocumentStore
  models: ModelsStore
  run: RunStore
  engine: EngineClient
}

/** Quiet time before the planner is asked again, ms. */
const SETTLE = 350

/** What a plan depends on: packs, sizes and what was measured, neither words nor seeds. */
function planKey(recipe: Recipe, { memoryGB, probing }: Pick<ModelsState, 'memoryGB' | 'probing'>): string {
  const speed = probing.kind === 'done' ? probing.probe.linearTflops : null
  return JSON.stringify([recipe.mode, recipe.model.parts, modeOf(recipe).sizesOf(recipe), memoryGB, speed])
}

/** Asks the planner whenever something changes on which memory or time depends, for imported models alone. */
export function keepPlan({ document, models, run, engine }: PlanningOptions): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = ''

  const ask = async (recipe: Recipe, memoryGB: number, key: string) => {
    const done = await engine.plan(recipe, memoryGB * 1e9)
    if (asked !== key) return
    run.setState({
      plan: done.ok ? { kind: 'ready', plan: done.value } : { kind: 'failed', problem: done.problem },
    })
  }

  const look = () => {
    const { document: doc } = document.getState()
    const { installed, memoryGB, probing } = models.getState()
    const { engine: status } = run.getState()
    const wanted =
      modeOf(doc).modelOf(doc).kind === 'packs' && status.kind === 'ready' && readiness(doc, installed).ready
        ? recipeOf(doc, NO_MODEL, installed)
        : null
    const key = wanted ? planKey(wanted, { memoryGB, probing }) : ''
    if (key === asked) return
    asked = key
    clearTimeout(timer)
    run.setState({ plan: { kind: wanted ? 'asking' : 'none' } })
    if (wanted) timer = setTimeout(() => void ask(wanted, memoryGB, key), SETTLE)
  }

  document.subscribe(look)
  models.subscribe((state, last) => {
    const { installed, memoryGB, probing } = last
    if (state.installed !== installed || state.memoryGB !== memoryGB || state.probing !== probing) look()
  })
  run.subscribe((state, last) => {
    if (state.engine !== last.engine) {
      asked = ''
      look()
    }
  })
}
