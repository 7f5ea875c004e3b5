import { alignMode } from '@/pipelines/align/mode'
import { sample } from '@/pipelines/align/sample'
import { geometry } from '@/pipelines/place/cutoutGeometry'
import { composeMode } from '@/pipelines/compose/mode'
import { kleinTexts } from '@/pipelines/flux2/kleinTexts'
import { mixMode } from '@/pipelines/mix/mode'
import { mixtures } from '@/pipelines/mix/trials'
import { placeMode } from '@/pipelines/place/mode'
import { sceneOfPhoto } from '@/pipelines/place/readScene'
import { cutout } from '@/pipelines/shared/mainObject'
import type { ExtraKind } from '@/pipelines/reports'
import type { EngineMode, ExtraWork } from '@/pipelines/shared/engineMode'
import type { Mode } from '@/schema/modes'

/** The engine's side of every mode. */
export const ENGINE_MODES: { [M in Mode]: EngineMode<M> } = {
  place: placeMode,
  compose: composeMode,
  align: alignMode,
  mix: mixMode,
}

/** What modes can be asked for beside a picture. */
export const EXTRA_WORK: { [K in ExtraKind]: ExtraWork<K> } = {
  sample,
  scene: sceneOfPhoto,
  geometry,
  cutout,
  kleinTexts,
  mixtures,
}
