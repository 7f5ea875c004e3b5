import { Image, RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'

import type { Recipe } from '@/schema/recipe'
import { Dialog } from '@/ui/controls/Dialog'
import type { DialogState } from '@/ui/stores/dialogs'

const stepWords = (steps: number): string => (steps === 1 ? '1 step' : `${steps} steps`)

function settingsOf(recipe: Recipe): string {
  if (recipe.mode === 'compose') {
    const { width, height, steps, guidance } = recipe.compose
    return `${width} × ${height}, ${stepWords(steps)}, guidance ${guidance}`
  }
  const rest = recipe.flux
    ? `${recipe.flux.size} px, guidance ${recipe.flux.guidance}`
    : `strength ${Math.round(recipe.strength * 100)} %`
  return `${stepWords(recipe.steps)}, ${rest}`
}

/** A picture that carries its recipe: restore that, or use the picture as a picture. */
export function RecipeDialog({ dialog }: { dialog: Extract<DialogState, { kind: 'recipe' }> }): ReactNode {
  const { recipe, missing, name, answer } = dialog
  return (
    <Dialog title="This picture was made with Inlay" testId="recipe-dialog" onClose={() => answer(null)}>
      <p className="hint">{name} carries everything that made it.</p>
      <dl className="recipe-facts">
        {recipe.mode === 'place' ? (
          <>
            <dt>Background</dt>
            <dd>{recipe.background.name}</dd>
            <dt>{recipe.foregrounds.length > 1 ? 'Foregrounds' : 'Foreground'}</dt>
            <dd>{recipe.foregrounds.map(({ asset }) => asset.name).join(', ')}</dd>
          </>
        ) : (
          <>
            <dt>{recipe.references.length > 1 ? 'References' : 'Reference'}</dt>
            <dd>{recipe.references.map(({ asset }) => asset.name).join(', ')}</dd>
          </>
        )}
        {recipe.prompt && (
          <>
            <dt>Prompt</dt>
            <dd>{recipe.prompt}</dd>
          </>
        )}
        <dt>Settings</dt>
        <dd>
          seed {recipe.seed}, {settingsOf(recipe)}, {recipe.model.name}
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
