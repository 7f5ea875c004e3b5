import { lazy, Suspense, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { unreachable } from '@/base/errors'
import { CutoutDialog } from '@/ui/dialogs/CutoutDialog'
import { GalleryDialog } from '@/ui/dialogs/gallery/GalleryDialog'
import { ExportDialog } from '@/ui/dialogs/ExportDialog'
import { ModelsDialog } from '@/ui/dialogs/models/ModelsDialog'
import { RecipeDialog } from '@/ui/dialogs/RecipeDialog'
import { ReferenceDialog } from '@/ui/dialogs/ReferenceDialog'
import { SettingsDialog } from '@/ui/dialogs/settings/SettingsDialog'
import { UnsavedDialog } from '@/ui/dialogs/UnsavedDialog'
import { useStudio } from '@/ui/studio'

const DocumentsDialog = lazy(async () => ({
  default: (await import('@/ui/dialogs/documents/DocumentsDialog')).DocumentsDialog,
}))

/** The dialog that is open, if any. */
export function Dialogs(): ReactNode {
  const { dialogs } = useStudio()
  const dialog = useStore(dialogs, (state) => state.dialog)
  if (dialog === null) return null
  switch (dialog.kind) {
    case 'settings':
      return <SettingsDialog onClose={() => dialogs.setState({ dialog: null })} />
    case 'recipe':
      return <RecipeDialog dialog={dialog} />
    case 'cutout':
      return <CutoutDialog key={dialog.hash} dialog={dialog} />
    case 'unsaved':
      return <UnsavedDialog dialog={dialog} />
    case 'documents':
      return (
        <Suspense>
          <DocumentsDialog onClose={() => dialogs.setState({ dialog: null })} />
        </Suspense>
      )
    case 'gallery':
      return (
        <GalleryDialog
          key={dialog.beside?.join()}
          beside={dialog.beside}
          onClose={() => dialogs.setState({ dialog: null })}
        />
      )
    case 'reference':
      return (
        <ReferenceDialog key={dialog.id} id={dialog.id} onClose={() => dialogs.setState({ dialog: null })} />
      )
    case 'export':
      return <ExportDialog onClose={() => dialogs.setState({ dialog: null })} />
    case 'models':
      return <ModelsDialog onClose={() => dialogs.setState({ dialog: null })} />
    default:
      return unreachable(dialog)
  }
}
