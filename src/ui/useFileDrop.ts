import { useEffect } from 'react'

import { unreachable } from '@/base/errors'
import { carriedBy, fateOfDrop, fateOfPaste, TOLD, type Fate, type Place } from '@/ui/carried'
import { isTextField } from '@/ui/fields'
import { useStudio } from '@/ui/studio'
import { droppedFiles } from '@/ui/weightFiles'

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/**
 * Files that are dropped anywhere or pasted are imported; the first becomes the background. Nothing that is dropped
 * makes the browser leave the page. `onDragging` tells whether files are being dragged over the window.
 */
export function useFileDrop(onDragging: (dragging: boolean) => void): void {
  const { actions, dialogs, toasts } = useStudio()
  useEffect(() => {
    /** What is dragged began in the studio: a layer, a thumbnail, marked text. */
    let own = false
    const placeOf = ({ target }: Event): Place => {
      const { dialog } = dialogs.getState()
      // Under a question of an import more pictures may come: they wait their turn.
      const open = dialog === null || dialog.kind === 'cutout' || dialog.kind === 'recipe'
      return isTextField(target) ? 'field' : open ? 'studio' : 'dialog'
    }
    const act = (fate: Fate, event: Event, files: () => Promise<File[]>) => {
      switch (fate) {
        case 'browser':
          return
        case 'import':
          void files().then((found) => actions.importFiles(found, 'auto'))
          break
        case 'tell-link':
        case 'tell-text':
          toasts.actions.problem(TOLD[fate])
          break
        case 'nothing':
          break
        default:
          unreachable(fate)
      }
      event.preventDefault()
    }

    const start = () => (own = true)
    const end = () => {
      own = false
      onDragging(false)
    }
    const enter = (event: DragEvent) => {
      if (!own && carriesFiles(event) && dialogs.getState().dialog === null) onDragging(true)
    }
    const over = (event: DragEvent) => {
      if (event.defaultPrevented || (isTextField(event.target) && !carriesFiles(event))) return
      // Without this the browser opens what is dropped.
      event.preventDefault()
      if (own && event.dataTransfer) event.dataTransfer.dropEffect = 'none'
    }
    const leave = (event: DragEvent) => {
      // Only leaving the window has nothing to go to.
      if (event.relatedTarget === null) onDragging(false)
    }
    const drop = (event: DragEvent) => {
      const { dataTransfer } = event
      onDragging(false)
      if (!dataTransfer || event.defaultPrevented) return
      act(fateOfDrop(carriedBy(dataTransfer), placeOf(event), own), event, () => droppedFiles(dataTransfer))
    }
    const paste = (event: ClipboardEvent) => {
      const { clipboardData } = event
      if (!clipboardData) return
      // A folder may hold a model's shards; what a picture is, is told apart later.
      const files = [...clipboardData.files]
      act(fateOfPaste(carriedBy(clipboardData), placeOf(event)), event, () => Promise.resolve(files))
    }
    const listening = new AbortController()
    const { signal } = listening
    window.addEventListener('dragstart', start, { signal })
    window.addEventListener('dragend', end, { signal })
    window.addEventListener('dragenter', enter, { signal })
    window.addEventListener('dragover', over, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', drop, { signal })
    window.addEventListener('paste', paste, { signal })
    return () => listening.abort()
  }, [actions, dialogs, toasts, onDragging])
}
