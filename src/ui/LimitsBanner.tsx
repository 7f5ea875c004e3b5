import { TriangleAlert, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { IconButton } from '@/ui/controls/IconButton'
import { Say } from '@/ui/controls/Say'
import { useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** What the browser keeps from this page, and how to get it; nothing where it lacks nothing. */
export function LimitsBanner(): ReactNode {
  const { limits, offline } = useStudio()
  const { insecure, singleThreaded, forgetful } = limits
  const reloadHelps = useStore(offline.store, (state) => state.reloadHelps)
  const [closed, setClosed] = useState(false)
  if (forgetful)
    return (
      <section className="limits" aria-label={say('What is missing')} data-testid="limits">
        <TriangleAlert aria-hidden="true" />
        <p>
          <strong>{say('Nothing is kept after closing this tab.')}</strong>{' '}
          {say(
            'The browser forbids storage here: allow cookies and site data for this address, or download your pictures before you leave.',
          )}
        </p>
      </section>
    )
  if (closed) return null
  const close = <IconButton small icon={X} label={say('Close')} onClick={() => setClosed(true)} />
  if (singleThreaded)
    return (
      <section className="limits" aria-label={say('What is missing')} data-testid="limits">
        <TriangleAlert aria-hidden="true" />
        <p>
          <strong>
            {say('Inlay runs on one processor core here, because this host leaves out two headers.')}
          </strong>{' '}
          {reloadHelps
            ? say('It adds them itself from now on: reload once to use all cores.')
            : say(
                'Everything works, slower without a GPU. Whoever serves Inlay finds them in docs/hosting.md.',
              )}
        </p>
        {reloadHelps && (
          <button type="button" className="button slim" onClick={() => location.reload()}>
            {say('Reload')}
          </button>
        )}
        {close}
      </section>
    )
  if (!insecure) return null
  const port = location.port ? `:${location.port}` : ''
  return (
    <section className="limits" aria-label={say('What is missing')} data-testid="limits">
      <TriangleAlert aria-hidden="true" />
      <p>
        <strong>
          {say('This address is not secure, so the browser holds back the GPU and most processor cores.')}
        </strong>{' '}
        <Say
          text="Everything works, slower, and is kept on this device; use one tab only. For full speed open {address} on the computer that serves Inlay, or serve it over https."
          address={<code>http://localhost{port}</code>}
        />
      </p>
      {close}
    </section>
  )
}
