import { createQueue } from '@/base/queue'
import type { DialogState, DialogStore } from '@/ui/stores/dialogs'

/**
 * Opens a dialog that answers once. It waits until no other dialog is open; where another takes its place all the same,
 * the answer is `closed`, so that nobody waits for ever.
 */
export type Ask = <T>(closed: T, make: (answer: (value: T) => void) => DialogState) => Promise<T>

export function createAsk(dialogs: DialogStore): Ask {
  const inTurn = createQueue()
  return (closed, make) =>
    inTurn(async () => {
      await noneOpen(dialogs)
      return new Promise<typeof closed>((resolve) => {
        const shown = make((value) => {
          stop()
          if (dialogs.getState().dialog === shown) dialogs.setState({ dialog: null })
          resolve(value)
        })
        dialogs.setState({ dialog: shown })
        const stop = dialogs.subscribe(({ dialog }) => {
          if (dialog === shown) return
          stop()
          resolve(closed)
        })
      })
    })
}

function noneOpen(dialogs: DialogStore): Promise<void> {
  if (dialogs.getState().dialog === null) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = dialogs.subscribe(({ dialog }) => {
      if (dialog !== null) return
      stop()
      resolve()
    })
  })
}
