import { createStore, type StoreApi } from 'zustand/vanilla'

import type { WheelUse } from '@/canvas/wheel'
import type { Bindings } from '@/ui/bindings'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const CONTRASTS = ['system', 'more'] as const
export type Contrast = (typeof CONTRASTS)[number]

/** How this browser's user likes the studio; nothing of it is part of a document. */
export interface Settings {
  theme: Theme
  contrast: Contrast
  /** What scrolling does on the canvas. */
  wheel: WheelUse
  /** Results without a star are kept up to so many bytes; null: all. */
  resultsLimit: number | null
  /** Whether the tour was taken, or looked into; it is offered until then. */
  toured: boolean
  /** Keys that were changed. */
  keys: Bindings
}

/** `app` remembers it. */
export type SettingsStore = StoreApi<Settings>

export const createSettingsStore = (initial: Partial<Settings> = {}): SettingsStore =>
  createStore<Settings>(() => ({
    theme: 'system',
    contrast: 'system',
    wheel: 'auto',
    resultsLimit: null,
    toured: false,
    keys: {},
    ...initial,
  }))
