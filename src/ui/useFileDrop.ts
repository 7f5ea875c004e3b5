import { useEffect } from 'react'

import { droppedFiles } from '@/ui/weightFiles'
import { useStudio } from '@/ui/studio'

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/**
 * Files that are dropped anywhere or pasted are imported; the first becomes the background.
 * `onDragging` tells whether files are being dragged over the window.
 */
export function useFileDrop(onDragging: (dragging: boolean) => void): void {
  const { actions, dialogs } = useStudio()
  useEffect(() => {
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      if (dialogs.getState().dialog === null) onDragging(true)
    }
    const over = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const leave = (event: DragEvent) => {
      // Only leaving the window has nothing to go to.
      if (event.relatedTarget === null) onDragging(false)
    }
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      onDragging(false)
      // A folder may hold a model's shards; what a picture is, is told apart later.
      if (dialogs.getState().dialog === null && event.dataTransfer)
        void droppedFiles(event.dataTransfer).then((files) => actions.importFiles(files, 'auto'))
    }
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0 || dialogs.getState().dialog !== null) return
      event.preventDefault()
      void actions.importFiles(files, 'auto')
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
      window.removeEventListener('paste', paste)
    }
  }, [actions, dialogs, onDragging])
}
