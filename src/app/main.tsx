import '@fontsource-variable/inter/wght.css'
import '@/ui/styles/tokens.css'
import '@/ui/styles/base.css'
import '@/ui/styles/layout.css'
import '@/ui/styles/panels.css'
import '@/ui/styles/prompt.css'
import '@/ui/styles/light.css'
import '@/ui/styles/variations.css'
import '@/ui/styles/masks.css'
import '@/ui/styles/fuse.css'
import '@/ui/styles/canvas.css'
import '@/ui/styles/results.css'
import '@/ui/styles/guides.css'
import '@/ui/styles/dialogs.css'
import '@/ui/styles/documents.css'
import '@/ui/styles/start.css'
import '@/ui/styles/gallery.css'
import '@/ui/styles/compose.css'
import '@/ui/styles/mix.css'
import '@/ui/styles/models.css'
import '@/ui/styles/settings.css'
import '@/ui/styles/align.css'
import '@/ui/styles/preferences.css'
import '@/ui/styles/narrow.css'
import '@/ui/styles/touch.css'
import '@/ui/styles/crash.css'

import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { useStore } from 'zustand'

import { showCrash } from '@/app/crash'
import { createStudio } from '@/app/createStudio'
import { readParameters } from '@/app/parameters'
import { App } from '@/ui/App'
import { StudioProvider } from '@/ui/studio'
import { language } from '@/words/say'

/** The studio; in another language it is drawn anew, whatever was said where. */
function InLanguage(): ReactNode {
  return <App key={useStore(language)} />
}

async function start(root: HTMLElement): Promise<void> {
  const parameters = readParameters(location.search, document.baseURI)
  const { studio, engine, save } = await createStudio(parameters)

  if (parameters.debug)
    Object.assign(window, {
      inlay: {
        loseDevice: () => engine.loseDevice(),
        document: studio.document,
        view: studio.view,
        models: studio.models,
        run: studio.run,
        align: studio.modes.align,
        pictureMemory: () => studio.actions.pictureMemory(),
      },
    })

  createRoot(root, {
    // React has then taken everything off the page.
    onUncaughtError: (error, { componentStack }) => showCrash({ error, componentStack, save }),
  }).render(
    <StrictMode>
      <StudioProvider value={studio}>
        <InLanguage />
      </StudioProvider>
    </StrictMode>,
  )
}

const root = document.getElementById('root')
if (root) start(root).catch((error: unknown) => showCrash({ error }))
