import type { EngineClient } from '@/engine/client'
import { promptRecipeOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { Mode } from '@/schema/modes'
import type { ModelsStore } from '@/ui/stores/models'
import type { RunStore } from '@/ui/stores/run'

interface ReadingOptions {
  document: DocumentStore
  models: ModelsStore
  run: RunStore
  engine: EngineClient
}

/** Quiet time before the engine is asked again, ms: nobody reads while they type. */
const SETTLE = 250

/** Asks the engine what it reads of the prompt, whenever the prompt or what reads it changes. */
export function keepReading({ document, models, run, engine }: ReadingOptions): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = ''
  let mode: Mode | null = null

  const look = () => {
    const { document: doc } = document.getState()
    const { installed } = models.getState()
    const { engine: status } = run.getState()
    const recipe = status.kind === 'ready' ? promptRecipeOf(doc, installed, status.info.lacking) : null
    // All of it, since what decides is the mode's affair; the engine answers at once for short prompts.
    const key = recipe ? JSON.stringify(recipe) : ''
    if (key === asked) return
    asked = key
    clearTimeout(timer)
    // While somebody types, what was said of the words before stands until the next answer.
    if (recipe?.mode !== mode || recipe?.prompt === '') run.setState({ reading: null })
    mode = recipe?.mode ?? null
    if (!recipe || recipe.prompt === '') return
    timer = setTimeout(() => {
      void engine.reading(recipe).then((done) => {
        // A prompt that cannot be read at all is told when it is fused.
        if (asked === key) run.setState({ reading: done.ok ? done.value : null })
      })
    }, SETTLE)
  }

  document.subscribe(look)
  models.subscribe((state, last) => {
    if (state.installed !== last.installed) look()
  })
  run.subscribe((state, last) => {
    if (state.engine !== last.engine) look()
  })
}
