import type { Raster } from '@/base/geometry'
import type { PairRule } from '@/document/align/queries'
import type { AlignRecipe } from '@/schema/modes/align'
import type { PairPicture } from '@/schema/preferences'
import type { PreferencesStore } from '@/ui/align/preferencesStore'
import type { AlignStore } from '@/ui/align/store'
import type { AlignRecord } from '@/worker/protocol'

/** The gallery of Align. What runs shows in the run store. */
export interface AlignService {
  store: AlignStore
  preferences: PreferencesStore
  pairs: PreferencesService
  /** Samples as many new seeds as the document says. */
  sample(): Promise<void>
  /** Makes some of the gallery's pictures anew, with the prompt and the settings as they are. */
  sampleAgain(ids: string[]): Promise<void>
  /** A target for every pair that the rule draws from the gallery. */
  makePairs(rule: PairRule): Promise<void>
}

/** A finished run of Align, as pairs for preference training are made of it. */
export interface AlignedRun {
  recipe: AlignRecipe
  record: AlignRecord
  /** The target's picture. */
  target: Raster
}

/** Pairs for preference training. What happens shows in the preferences store. */
export interface PreferencesService {
  /**
   * Hears of every finished run before its result is shown, and keeps it where the switch says so, or `always`, unless
   * it makes no pair or its winner scores no better than the base. Never throws.
   */
  onAligned(run: AlignedRun, always?: boolean): Promise<void>
  /** Keeps the newest run as a pair; `winner` where no test has said which run it is. */
  keep(winner?: 'target' | 'reference'): Promise<void>
  setAutomatic(automatic: boolean): void
  /** A pair's small picture; null where it is gone. */
  picture(id: string, which: PairPicture): Promise<Blob | null>
  choose(id: string, chosen: boolean): void
  remove(id: string): Promise<void>
  /** Writes the chosen pairs, or all, into one archive on the user's disk. Call it on a user's action. */
  exportPairs(): Promise<void>
  /** Brings the pairs of an archive back. */
  importArchive(file: File): Promise<void>
  /** Stops an export or an import; what an import has brought back stays. */
  stopTransfer(): void
}
