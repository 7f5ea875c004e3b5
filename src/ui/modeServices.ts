import type { Mode } from '@/schema/modes'
import type { AlignService } from '@/ui/align/service'
import type { ComposeService } from '@/ui/compose/service'
import type { MixService } from '@/ui/mix/service'
import type { PlaceService } from '@/ui/place/service'

/** What the app does for the panels of one mode alone. */
export interface ModeServices {
  place: PlaceService
  compose: ComposeService
  align: AlignService
  mix: MixService
}

export type ServiceOf<M extends Mode> = ModeServices[M]
