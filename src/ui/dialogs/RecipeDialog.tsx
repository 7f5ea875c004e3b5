import { Image, RotateCcw } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'

import { unreachable } from '@/base/errors'
import { promptWords } from '@/base/promptWords'
import { startName } from '@/document/alignQueries'
import { resultMark } from '@/document/queries'
import type { AssetRef } from '@/schema/common'
import type { Recipe } from '@/schema/recipe'
import { Dialog } from '@/ui/controls/Dialog'
import type { DialogState } from '@/ui/stores/dialogs'

const stepWords = (steps: number): string => (steps === 1 ? '1 step' : `${steps} steps`)

function settingsOf(recipe: Recipe): string {
  switch (recipe.mode) {
    case 'place': {
      const rest = recipe.flux
        ? `${recipe.flux.size} px, guidance ${recipe.flux.guidance}`
        : `strength ${Math.round(recipe.strength * 100)} %`
      return `${stepWords(recipe.steps)}, ${rest}`
    }
    case 'compose':
    case 'align': {
      const { width, height, steps, guidance } = recipe.mode === 'align' ? recipe.align : recipe.compose
      return `${width} × ${height}, ${stepWords(steps)}, guidance ${guidance}`
    }
    default:
      return unreachable(recipe)
  }
}

interface Fact {
  name: string
  text: string
}

/** What a recipe is made of, in words. */
function factsOf(recipe: Recipe): Fact[] {
  const names = (parts: { asset: AssetRef }[]) => parts.map(({ asset }) => asset.name).join(', ')
  const several = (word: string, count: number) => (count > 1 ? `${word}s` : word)
  switch (recipe.mode) {
    case 'place':
      return [
        { name: 'Background', text: recipe.background.name },
        { name: several('Foreground', recipe.foregrounds.length), text: names(recipe.foregrounds) },
      ]
    case 'compose':
      return [{ name: several('Reference', recipe.references.length), text: names(recipe.references) }]
    case 'align': {
      const words = promptWords(recipe.prompt)
      const picked = recipe.words.flatMap(({ index }) => words.slice(index, index + 1))
      return [
        { name: 'Reference', text: startName(recipe.reference) },
        { name: 'Base', text: startName(recipe.base) },
        { name: several('Word', picked.length), text: picked.map(({ text }) => text).join(', ') || 'none' },
      ]
    }
    default:
      return unreachable(recipe)
  }
}

/** A picture that carries its recipe: restore that, or use the picture as a picture. */
export function RecipeDialog({ dialog }: { dialog: Extract<DialogState, { kind: 'recipe' }> }): ReactNode {
  const { recipe, missing, name, answer } = dialog
  return (
    <Dialog title="This picture was made with Inlay" testId="recipe-dialog" onClose={() => answer(null)}>
      <p className="hint">{name} carries everything that made it.</p>
      <dl className="recipe-facts">
        {factsOf(recipe).map(({ name: fact, text }) => (
          <Fragment key={fact}>
            <dt>{fact}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
        {recipe.prompt && (
          <>
            <dt>Prompt</dt>
            <dd>{recipe.prompt}</dd>
          </>
        )}
        <dt>Settings</dt>
        <dd>
          {recipe.mode !== 'align' && `${resultMark(recipe)}, `}
          {settingsOf(recipe)}, {recipe.model.name}
        </dd>
      </dl>
      {missing.length > 0 && (
        <p className="missing">
          This browser does not have {missing.map((one) => `“${one}”`).join(', ')}. Everything else can be
          restored; add the missing {missing.length > 1 ? 'pictures' : 'picture'} again afterwards.
        </p>
      )}
      <div className="choices">
        <button
          type="button"
          className="choice"
          data-testid="recipe-restore"
          data-first-focus
          onClick={() => answer('restore')}
        >
          <RotateCcw aria-hidden="true" />
          <strong>Restore this recipe</strong>
          <small>Replaces the layers, the prompt and the settings; undo brings them back.</small>
        </button>
        <button
          type="button"
          className="choice"
          data-testid="recipe-picture"
          onClick={() => answer('picture')}
        >
          <Image aria-hidden="true" />
          <strong>Use it as a picture</strong>
          <small>Like any other file.</small>
        </button>
      </div>
    </Dialog>
  )
}
