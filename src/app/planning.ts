import type { EngineClient } from '@/app/engine'
import { unreachable } from '@/base/errors'
import { engineOf, isBuiltIn } from '@/document/models'
import { readiness, recipeOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { Recipe } from '@/schema/recipe'
import type { ModelsStore } from '@/ui/stores/models'
import type { RunStore } from '@/ui/stores/run'

interface PlanningOptions {
  document: DocumentStore
  models: ModelsStore
  run: RunStore
  engine: EngineClient
}

/** Quiet time before the planner is asked again, ms. */
const SETTLE = 350
const NO_MODEL = { name: '', hash: '', parts: [] }

/** What a plan depends on: packs and sizes, neither words nor seeds. */
function planKey(recipe: Recipe, memoryGB: number): string {
  return JSON.stringify([recipe.mode, recipe.model.parts, sizesOf(recipe), memoryGB])
}

function sizesOf(recipe: Recipe): unknown {
  switch (recipe.mode) {
    case 'place':
      return [recipe.flux, recipe.background.width, recipe.background.height]
    case 'compose':
      return [recipe.compose, recipe.references.length]
    case 'align':
      return recipe.align
    default:
      return unreachable(recipe)
  }
}

/** Asks the planner whenever something changes on which memory depends, for imported models alone. */
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
    const { installed, memoryGB } = models.getState()
    const { engine: status } = run.getState()
    const wanted =
      !isBuiltIn(engineOf(doc)) && status.kind === 'ready' && readiness(doc, installed).ready
        ? recipeOf(doc, NO_MODEL, installed)
        : null
    const key = wanted ? planKey(wanted, memoryGB) : ''
    if (key === asked) return
    asked = key
    clearTimeout(timer)
    run.setState({ plan: { kind: wanted ? 'asking' : 'none' } })
    if (wanted) timer = setTimeout(() => void ask(wanted, memoryGB, key), SETTLE)
  }

  document.subscribe(look)
  models.subscribe((state, last) => {
    if (state.installed !== last.installed || state.memoryGB !== last.memoryGB) look()
  })
  run.subscribe((state, last) => {
    if (state.engine !== last.engine) {
      asked = ''
      look()
    }
  })
}
