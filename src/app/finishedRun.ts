import type { Raster } from '@/base/geometry'
import type { AssetRef } from '@/schema/common'
import type { Mode, RecipeOf } from '@/schema/modes'
import type { FuseStats, ReportOf } from '@/worker/protocol'

/** A finished picture and what is known of it. */
export interface FinishedRun<M extends Mode = Mode> {
  asset: AssetRef
  recipe: RecipeOf<M>
  /** The document that it was made in. */
  documentId: string
  foregroundIds: string[]
  stats: FuseStats
  report: ReportOf<M>
  /** Its pixels once more, for modes that ask for them. */
  pixels: Raster | null
}
