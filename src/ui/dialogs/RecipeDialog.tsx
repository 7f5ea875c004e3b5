import { Image, RotateCcw } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'

import { Dialog } from '@/ui/controls/Dialog'
import { pageModeOf } from '@/ui/modes'
import type { DialogState } from '@/ui/stores/dialogs'
import { say, sayQuoted, sayTogether } from '@/words/say'

/** A picture that carries its recipe: restore that, or use the picture as a picture. */
export function RecipeDialog({ dialog }: { dialog: Extract<DialogState, { kind: 'recipe' }> }): ReactNode {
  const { recipe, missing, name, answer } = dialog
  const mode = pageModeOf(recipe)
  return (
    <Dialog
      title={say('This picture was made with Inlay')}
      testId="recipe-dialog"
      onClose={() => answer(null)}
    >
      <p className="hint">{say('{name} carries everything that made it.', { name })}</p>
      <dl className="recipe-facts">
        {mode.factsOf(recipe).map(({ name: fact, text }) => (
          <Fragment key={fact}>
            <dt>{fact}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
        {recipe.prompt && (
          <>
            <dt>{say('Prompt')}</dt>
            <dd>{recipe.prompt}</dd>
          </>
        )}
        <dt>{say('Settings')}</dt>
        <dd>{sayTogether([mode.settingsOf(recipe), recipe.model.name])}</dd>
      </dl>
      {missing.length > 0 && (
        <p className="missing">
          {say(
            missing.length > 1
              ? 'This browser does not have {names}. Everything else can be restored; add the missing pictures again afterwards.'
              : 'This browser does not have {names}. Everything else can be restored; add the missing picture again afterwards.',
            { names: sayQuoted(missing) },
          )}
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
          <strong>{say('Restore this recipe')}</strong>
          <small>{say('Replaces the layers, the prompt and the settings; undo brings them back.')}</small>
        </button>
        <button
          type="button"
          className="choice"
          data-testid="recipe-picture"
          onClick={() => answer('picture')}
        >
          <Image aria-hidden="true" />
          <strong>{say('Use it as a picture')}</strong>
          <small>{say('Like any other file.')}</small>
        </button>
      </div>
    </Dialog>
  )
}
