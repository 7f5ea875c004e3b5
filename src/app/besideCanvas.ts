import type { AppMode } from '@/app/mode'
import type { AppServices } from '@/app/services'
import { addForeground, setMode } from '@/document/commands'
import { modeOf } from '@/document/modes'
import { useAsPlaceBackground } from '@/document/place/commands'
import { seedOf } from '@/document/queries'
import type { Recipe } from '@/schema/recipe'
import type { StagedResult } from '@/ui/stores/run'
import { markWords } from '@/ui/markWords'
import { say } from '@/words/say'

type Shared = 'targetsOf' | 'madeOf' | 'makeRoom' | 'dividerFor' | 'accept' | 'acceptAs' | 'take'

/**
 * What modes share that make a picture beside the canvas: where it is accepted it becomes the background of the canvas,
 * or a layer on it.
 * @param nameOf what a picture of the mode is called, by what tells it from others: "Composed, seed 7"
 */
export function besideCanvas(
  services: AppServices,
  nameOf: (mark: string) => string,
): Required<Pick<AppMode, Shared>> {
  const { document, view, toasts, pixels, importing, results } = services
  const undo = () => ({ label: say('Undo'), run: () => document.actions.undo() })

  const acceptAs = ({ asset, recipe }: StagedResult, use: 'background' | 'layer'): void => {
    void importing.persist(asset.hash)
    const content = { ...asset, name: nameOf(markWords(recipe)) }
    if (use === 'background') {
      useAsPlaceBackground(document, content)
      view.actions.fit(content)
      toasts.actions.note(say('The picture is now the background of Place.'), undo())
    } else {
      document.actions.begin('Add as layer')
      addForeground(document, content)
      setMode(document, 'place')
      document.actions.commit()
      toasts.actions.note(
        say('The picture is now a layer of Place. Cut it out to place its object alone.'),
        undo(),
      )
    }
    results.discard()
  }

  return {
    targetsOf: () => [],
    madeOf: () => [],
    makeRoom({ mode }: Recipe) {
      setMode(document, mode)
      return Promise.resolve(true)
    },
    dividerFor: () => 0.5,
    accept: (staged) => acceptAs(staged, document.getState().document.background ? 'layer' : 'background'),
    acceptAs,
    async take(staged) {
      if (!staged) return null
      const done = await pixels.encodeResult(staged.asset, staged.recipe)
      const { recipe } = staged
      const named = { stem: modeOf(recipe).stemOf(recipe), seed: seedOf(recipe), ground: null }
      if (done.ok) return { file: done.value, ...named }
      toasts.actions.problem(done.problem)
      return null
    },
  }
}
