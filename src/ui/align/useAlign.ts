import { useStore } from 'zustand'

import type { PreferencesState } from '@/ui/align/preferencesStore'
import type { AlignService } from '@/ui/align/service'
import type { AlignState } from '@/ui/align/store'
import { useStudio } from '@/ui/studio'

/** What the app does for Align's panels. */
export const useAlignService = (): AlignService => useStudio().modes.align
export const useAlign = <T>(select: (state: AlignState) => T): T => useStore(useAlignService().store, select)
export const usePreferences = <T>(select: (state: PreferencesState) => T): T =>
  useStore(useAlignService().preferences, select)
