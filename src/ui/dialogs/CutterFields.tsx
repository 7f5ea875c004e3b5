import type { ReactNode } from 'react'

import { bytes } from '@/ui/bytes'
import type { Cutters } from '@/ui/dialogs/useCutters'
import { useModels } from '@/ui/studio'
import { say, sayText, sayTogether } from '@/words/say'

/** Who finds the main object, and how to bring another. */
export function CutterFields({ packs, cutter, refusal, choose }: Cutters): ReactNode {
  const inspecting = useModels((state) => state.inspecting)
  const tasks = useModels((state) => state.tasks)
  const own = tasks.filter(({ source }) => source.kind === 'files' && source.inspection.family === 'matting')
  const coming = own.find(({ state }) => state.kind === 'running')
  const failed = own.map(({ state }) => state).find((state) => state.kind === 'failed')
  const hint = coming
    ? say('Importing {name} …', { name: coming.choice.name })
    : inspecting
      ? say('Reading what that is …')
      : say('Drop u2netp, ISNet, BiRefNet, RMBG or MODNet here, as ONNX, and it looks instead.')
  return (
    <>
      <label className="control">
        <span className="label">{say('Found by')}</span>
        <select
          className="field"
          data-testid="cutout-cutter"
          value={cutter ?? ''}
          onChange={(event) => choose(event.target.value || null)}
        >
          <option value="">{say('The built-in network')}</option>
          {packs.map(({ id, name, bytes: size }) => (
            <option key={id} value={id}>
              {sayTogether([name, bytes(size)])}
            </option>
          ))}
        </select>
      </label>
      <p className="hint under" aria-live="polite">
        {hint}
      </p>
      {failed && (
        <div className="inline-problem" role="alert">
          <strong>{sayText(failed.problem.message)}</strong>
          <p>{sayText(failed.problem.hint)}</p>
        </div>
      )}
      {refusal && (
        <div className="inline-problem" role="alert" data-testid="cutout-refusal">
          <strong>
            {say('“{name}” cannot be used; the built-in network looks.', { name: refusal.name })}
          </strong>
          <p>
            {sayText(refusal.problem.message)} {sayText(refusal.problem.hint)}
          </p>
        </div>
      )}
    </>
  )
}
