import '@fontsource-variable/inter/wght.css'
import '@/ui/styles/tokens.css'
import '@/ui/styles/base.css'
import '@/ui/styles/layout.css'
import '@/ui/styles/panels.css'
import '@/ui/styles/fuse.css'
import '@/ui/styles/canvas.css'
import '@/ui/styles/dialogs.css'
import '@/ui/styles/compose.css'
import '@/ui/styles/models.css'
import '@/ui/styles/align.css'
import '@/ui/styles/preferences.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { createStudio } from '@/app/createStudio'
import { readParameters } from '@/app/parameters'
import { App } from '@/ui/App'
import { StudioProvider } from '@/ui/studio'

const parameters = readParameters(location.search, document.baseURI)
const { studio, engine } = await createStudio(parameters)

if (parameters.debug)
  Object.assign(window, {
    inlay: {
      loseDevice: () => engine.loseDevice(),
      document: studio.document,
      view: studio.view,
      models: studio.models,
      run: studio.run,
      align: studio.align,
    },
  })

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <StudioProvider value={studio}>
        <App />
      </StudioProvider>
    </StrictMode>,
  )
