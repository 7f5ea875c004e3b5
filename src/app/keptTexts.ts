import type { EngineClient } from '@/engine/client'
import type { ModelsClient } from '@/app/models'
import { saveFile } from '@/app/saveFile'
import type { Problem } from '@/base/errors'
import { newId } from '@/base/id'
import { findPack } from '@/document/packs'
import type { ModelPart } from '@/schema/modelRef'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import type { ModelsStore } from '@/ui/stores/models'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ModelsService } from '@/ui/studio'
import { say } from '@/words/say'

interface KeptTextsOptions {
  models: ModelsStore
  client: ModelsClient
  engine: Pick<EngineClient, 'extra' | 'cancel'>
  toasts: ToastStore
}

/** Texts whose features are kept: encoded beforehand, exported, brought from elsewhere. */
export function createKeptTexts({
  models,
  client,
  engine,
  toasts,
}: KeptTextsOptions): Pick<
  ModelsService,
  'loadTexts' | 'keepInstructions' | 'stopKeeping' | 'exportTexts' | 'importTexts'
> {
  const { getState, setState } = models
  const failed = (problem: Problem) => toasts.actions.problem(problem)

  const loadTexts = async (): Promise<void> => {
    const done = await client.texts()
    if (done.ok) setState({ texts: done.value })
  }

  return {
    loadTexts,
    async keepInstructions(encoder) {
      if (getState().keeping) return
      const { installed } = getState()
      const parts = (['qwen3', 'qwenTokenizer'] as const).flatMap((kind): ModelPart[] => {
        const pack = findPack(installed, kind, encoder)
        return pack ? [{ family: pack.family, name: pack.name, hash: pack.hash, weight: 1 }] : []
      })
      const id = newId()
      setState({ keeping: { id, encoder, done: 0, total: KEPT_BEFOREHAND.length } })
      await new Promise<void>((resolve) => {
        const recipe = { parts, texts: KEPT_BEFOREHAND }
        engine.extra({ kind: 'kleinTexts', id, recipe, rasters: [] }, (event) => {
          if (event.kind === 'item') setState({ keeping: { id, encoder, ...event.item } })
          if (event.kind === 'failed') failed(event.problem)
          if (event.kind === 'done' || event.kind === 'failed' || event.kind === 'cancelled') resolve()
        })
      })
      setState({ keeping: null })
      await loadTexts()
    },
    stopKeeping() {
      const { keeping } = getState()
      if (keeping) engine.cancel(keeping.id)
    },
    async exportTexts() {
      const done = await client.exportTexts()
      if (done.ok) saveFile(done.value, 'inlay-texts.safetensors')
      else failed(done.problem)
    },
    async importTexts(file) {
      const done = await client.importTexts(file)
      if (!done.ok) return failed(done.problem)
      toasts.actions.note(
        say(done.value === 1 ? '{n} text is kept.' : '{n} texts are kept.', { n: done.value }),
      )
      await loadTexts()
    },
  }
}
