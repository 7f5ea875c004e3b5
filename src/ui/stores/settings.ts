import { createStore, type StoreApi } from 'zustand/vanilla'

import type { WheelUse } from '@/canvas/wheel'
import type { Bindings } from '@/ui/bindings'
import type { Language } from '@/words/languages'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export const CONTRASTS = ['system', 'more'] as const
export type Contrast = (typeof CONTRASTS)[number]

export const EXPORT_FORMATS = ['png', 'jpeg', 'webp', 'avif', 'psd'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The quality at which few see a difference, in each format's own measure. */
export const USUAL_QUALITY = 0.85

/** The language of the studio; `system` is the browser's. */
export type LanguageChoice = 'system' | Language

/** How this browser's user likes the studio; nothing of it is part of a document. */
export interface Settings {
  language: LanguageChoice
  theme: Theme
  contrast: Contrast
  /** What scrolling does on the canvas. */
  wheel: WheelUse
  /** Results without a star are kept up to so many bytes; null: all. */
  resultsLimit: number | null
  /** Whether the tour was taken, or looked into; it is offered until then. */
  toured: boolean
  /** What was exported last, and how good what loses something was, 0..1. */
  exportFormat: ExportFormat
  exportQuality: number
  /** PNGs get 16 bits a channel where the background has them. */
  exportDeep: boolean
  /** Keys that were changed. */
  keys: Bindings
}

/** `app` remembers it. */
export type SettingsStore = StoreApi<Settings>

export const createSettingsStore = (initial: Partial<Settings> = {}): SettingsStore =>
  createStore<Settings>(() => ({
    language: 'system',
    theme: 'system',
    contrast: 'system',
    wheel: 'auto',
    resultsLimit: null,
    toured: false,
    exportFormat: 'jpeg',
    exportQuality: USUAL_QUALITY,
    exportDeep: true,
    keys: {},
    ...initial,
  }))
