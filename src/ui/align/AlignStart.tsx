import { Images, Layers2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { setPrompt } from '@/document/commands'
import { modelReadiness } from '@/document/models'
import { EXAMPLES } from '@/ui/align/examples'
import { useDocument, useModels, useRun, useStudio } from '@/ui/studio'
import { useAlignService } from '@/ui/align/useAlign'
import { say, sayText } from '@/words/say'

const STEPS = [
  { title: 'Sample', about: 'The model makes some pictures of one prompt and says how well each fits.' },
  { title: 'Choose', about: 'A reference that does what the prompt says, a base whose look you like.' },
  { title: 'Fuse', about: 'The base keeps its look and takes the region of your words from the reference.' },
] as const

/** Before there are pictures: what Align does, and prompts to begin with. */
export function AlignStart({ over, more }: { over: boolean; more: ReactNode }): ReactNode {
  const { document } = useStudio()
  const align = useAlignService()
  const prompt = useDocument((state) => state.document.align.prompt)
  const count = useDocument((state) => state.document.align.count)
  const doc = useDocument((state) => state.document)
  const installed = useModels((state) => state.installed)
  const ready = useRun((state) => state.engine.kind === 'ready')
  const missing = modelReadiness(doc, installed).reasons
  const blocked = !ready || prompt.trim() === '' || missing.length > 0
  return (
    <div className="start" data-testid="align-drop">
      <div className={over ? 'start-hero over' : 'start-hero'}>
        {over ? (
          <Images className="art thin" aria-hidden="true" />
        ) : (
          <Layers2 className="art thin" aria-hidden="true" />
        )}
        <h2>{say(over ? 'Drop pictures here' : 'One prompt, two pictures, the best of both')}</h2>
        <p>
          {say(
            over
              ? 'They join the gallery as base or reference: the model follows them back to noise.'
              : 'The picture whose look you like often misses what the prompt says. Align takes that from another one and keeps the look.',
          )}
        </p>
        {!over && (
          <>
            <div className="chips examples" role="group" aria-label={say('Example prompts')}>
              {EXAMPLES.map((example) => (
                <button
                  key={example.prompt}
                  type="button"
                  className="chip"
                  aria-pressed={prompt === example.prompt}
                  data-testid="align-example"
                  onClick={() => setPrompt(document, example.prompt)}
                >
                  {example.prompt}
                </button>
              ))}
            </div>
            <div className="row">
              <button
                type="button"
                className="button primary big"
                data-testid="align-sample-first"
                disabled={blocked}
                onClick={() => void align.sample()}
              >
                <Images aria-hidden="true" />{' '}
                {say(count === 1 ? 'Sample {count} picture' : 'Sample {count} pictures', { count })}
              </button>
            </div>
            <p className="hint">
              {missing.length > 0
                ? sayText(missing[0])
                : prompt.trim() === ''
                  ? say('Pick an example or write a prompt at the right.')
                  : say('“{name}”', { name: prompt.trim() })}
            </p>
          </>
        )}
      </div>
      <ol className="role-list three" aria-label={say('How it works')}>
        {STEPS.map(({ title, about }, index) => (
          <li key={title}>
            <span className="step-number" aria-hidden="true">
              {index + 1}
            </span>
            <strong>{say(title)}</strong>
            <span>{say(about)}</span>
          </li>
        ))}
      </ol>
      {more}
    </div>
  )
}
