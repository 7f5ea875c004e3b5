/** What the modes tell beside the picture, and what else they can be asked for. Types alone: the page reads them, too. */
import type { Mask } from '@/base/geometry'
import type { AlignFrame, AlignRecord, SampledCandidate } from '@/pipelines/align/report'
import type { ResponseMaps } from '@/pipelines/compose/report'
import type { MixReport, TrialsRequest, TriedMixture } from '@/pipelines/mix/report'
import type { GeometryRequest, PlaceReport, SceneRequest, ToldGeometry } from '@/pipelines/place/report'
import type { Mode } from '@/schema/modes'
import type { ModelPart } from '@/schema/modelRef'
import type { SampleRecipe } from '@/schema/modes/align'
import type { PhotoScene } from '@/schema/modes/place'

/** Of each mode: what it shows with a step beside the preview, and what it tells at the end. */
export interface ModeReports {
  place: { step: null; end: PlaceReport }
  compose: { step: null; end: ResponseMaps | null }
  align: { step: AlignFrame; end: AlignRecord }
  mix: { step: null; end: MixReport }
}

export type StepOf<M extends Mode> = ModeReports[M]['step']
export type ReportOf<M extends Mode> = ModeReports[M]['end']

/** Who looks for the main object: a pack that was imported, or null for the built-in network. */
export interface CutoutRequest {
  model: ModelPart | null
}

/** Text encoder and tokenizer, and what they are to read and keep. */
export interface KleinTextsRequest {
  parts: readonly ModelPart[]
  texts: readonly string[]
}

/** Jobs of a mode's own that give something else than one picture; each thing is announced when it is there. */
export interface ExtraJobs {
  /** Align's gallery. */
  sample: { recipe: SampleRecipe; item: SampledCandidate }
  /** What Place reads off a photo. */
  scene: { recipe: SceneRequest; item: PhotoScene }
  /** Shapes of cut-outs for Place. */
  geometry: { recipe: GeometryRequest; item: ToldGeometry }
  /** How surely each place of a photo belongs to its main object, 255: surely. */
  cutout: { recipe: CutoutRequest; item: Mask }
  /** Texts that klein's encoder reads beforehand; how many are done. */
  kleinTexts: { recipe: KleinTextsRequest; item: { done: number; total: number } }
  /** Drafts of Mix. */
  mixtures: { recipe: TrialsRequest; item: TriedMixture }
}

export type ExtraKind = keyof ExtraJobs
