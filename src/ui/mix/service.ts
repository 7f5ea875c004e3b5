import type { MixPoint } from '@/schema/modes/mix'
import type { MixStore } from '@/ui/mix/store'

/** Objects of Mix, and drafts of their mixtures. What runs shows in the run store. */
export interface MixService {
  store: MixStore
  /** Cuts an object's picture out. */
  cutOut(objectId: string): Promise<void>
  /** A stored result as an object. */
  addResult(resultId: string): Promise<void>
  /** Makes drafts of these mixtures, as far as there are none; nothing while something runs or is missing. */
  draft(points: MixPoint[]): Promise<void>
}
