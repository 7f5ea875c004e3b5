import type { Speed } from '@/nets/runner/memoryPlan'
import { usesNegative } from '@/pipelines/compose/composeModel'
import { COMPOSE_TEXT_TOKENS } from '@/pipelines/compose/fluxCompose'
import { composeSegments, referenceName } from '@/pipelines/compose/composeDenoise'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import type { FluxWork } from '@/pipelines/flux/fluxPlan'
import { typicalPicture } from '@/pipelines/flux/typical'
import type { TypicalPicture } from '@/pipelines/shared/report'
import { defaultCompose, type ComposeRecipe } from '@/schema/modes/compose'

/** What of a recipe its work depends on. */
export interface ComposeSizes extends Pick<ComposeRecipe, 'compose'> {
  references: readonly unknown[]
}

/** What Compose asks of FLUX (specs: DreamO §3, §7); references count as large as they can be. */
export function composeWork({ compose, references }: ComposeSizes): FluxWork {
  const { width, height, referenceSize, steps, cfgStart, cfgEnd, refreshEvery } = compose
  const target = {
    textTokens: COMPOSE_TEXT_TOKENS,
    rows: height / PIXELS_PER_TOKEN,
    columns: width / PIXELS_PER_TOKEN,
  }
  const reference = { rows: referenceSize / PIXELS_PER_TOKEN, columns: referenceSize / PIXELS_PER_TOKEN }
  const segments = composeSegments({ ...target, references: references.map(() => reference) })
  // Steps that run a second time for true guidance, without references.
  const guided = usesNegative(compose) ? Math.max(0, Math.min(steps, cfgEnd) - cfgStart) : 0
  return {
    segments,
    kept: { every: refreshEvery, steps, names: references.map((_, index) => referenceName(index)) },
    conditionings: steps + guided,
    forwards: [
      { segments, count: steps },
      { segments: composeSegments({ ...target, references: [] }), count: guided },
    ],
    texts: usesNegative(compose) ? [COMPOSE_TEXT_TOKENS, COMPOSE_TEXT_TOKENS] : [COMPOSE_TEXT_TOKENS],
    encoded: [{ size: { width: referenceSize, height: referenceSize }, count: references.length }],
    decoded: [{ size: { width, height }, count: 1 }],
  }
}

/** DreamO's released adapters have rank 512 together. */
export function composeTypical(speed: Speed): TypicalPicture[] {
  const work = (steps: number, references: number): FluxWork =>
    composeWork({ compose: { ...defaultCompose(), steps }, references: new Array(references).fill(0) })
  return [
    typicalPicture('Compose 1024 px, one reference, 12 steps (turbo)', work(12, 1), 512, speed),
    typicalPicture('Compose 1024 px, two references, 25 steps', work(25, 2), 512, speed),
  ]
}
