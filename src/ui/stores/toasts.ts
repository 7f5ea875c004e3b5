import type { Problem } from '@/base/errors'
import { newId } from '@/base/id'
import { createStore, type StoreApi } from 'zustand/vanilla'

export interface ToastAction {
  label: string
  run(): void
}

export interface Toast {
  id: string
  kind: 'note' | 'problem'
  message: string
  hint?: string
  detail?: string
  action?: ToastAction
}

export interface ToastStore extends StoreApi<{ toasts: Toast[] }> {
  readonly actions: {
    /** A short confirmation; goes away by itself. */
    note(message: string, action?: ToastAction): void
    /** Something that can be done now or later; stays until it is closed. */
    offer(message: string, action: ToastAction): void
    /** Something went wrong; stays until it is closed. */
    problem(problem: Problem, retry?: ToastAction): void
    dismiss(id: string): void
    /** Takes away the toast that offers this, where it is still shown. */
    withdraw(action: ToastAction): void
  }
}

const NOTE_MS = 5000
const MOST = 4

export function createToastStore(): ToastStore {
  const store = createStore<{ toasts: Toast[] }>(() => ({ toasts: [] }))
  const dismiss = (id: string) =>
    store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
  const add = (toast: Omit<Toast, 'id'>): string => {
    const id = newId()
    store.setState(({ toasts }) => ({
      // The same message twice is one toast, the newer one.
      toasts: [...toasts.filter(({ message }) => message !== toast.message), { ...toast, id }].slice(-MOST),
    }))
    return id
  }
  return Object.assign(store, {
    actions: {
      note(message: string, action?: ToastAction) {
        const id = add({ kind: 'note', message, ...(action ? { action } : {}) })
        setTimeout(() => dismiss(id), NOTE_MS)
      },
      offer(message: string, action: ToastAction) {
        add({ kind: 'note', message, action })
      },
      problem(problem: Problem, retry?: ToastAction) {
        const { message, hint, detail } = problem
        add({
          kind: 'problem',
          message,
          hint,
          ...(detail ? { detail } : {}),
          ...(retry ? { action: retry } : {}),
        })
      },
      dismiss,
      withdraw(action: ToastAction) {
        const shown = store.getState().toasts.find((toast) => toast.action === action)
        if (shown) dismiss(shown.id)
      },
    },
  })
}
