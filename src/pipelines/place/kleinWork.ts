/** What Place asks of FLUX.2 [klein], told before anything is loaded. */
import { fitInBox, rotatedBounds, type Rect, type Size } from '@/base/geometry'
import type { Speed } from '@/nets/runner/memoryPlan'
import { stepsTaken } from '@/pipelines/flux2/kleinDenoise'
import { kleinTypical, type KleinWork } from '@/pipelines/flux2/kleinPlan'
import { TOKEN_SIDE } from '@/families/flux2/pictures'
import { kleinFrame } from '@/pipelines/place/kleinFrame'
import type { TypicalPicture } from '@/pipelines/shared/report'
import type { PlaceRecipe } from '@/schema/modes/place'
import { defaultKleinPlace, kleinText, type KleinPlaceSettings } from '@/schema/modes/placeKlein'

/** The cut-out's reference: half the sides of what is made, in whole tokens, of the same aspect. */
export const cutoutSize = ({ width, height }: Size): Size => ({ width: half(width), height: half(height) })

const half = (side: number): number => Math.max(TOKEN_SIDE, Math.round(side / 2 / TOKEN_SIDE) * TOKEN_SIDE)

/** Margins of the cut-outs' files are not known here: their boxes count as full. @param isBase whether every step is run twice */
export function kleinWork(
  { background, foregrounds, steps, strength, prompt }: PlaceRecipe,
  klein: KleinPlaceSettings,
  isBase: boolean,
): KleinWork {
  const boxes = foregrounds.map((one) =>
    rotatedBounds(fitInBox(one.asset, one.box, one.stretch), one.rotationDegrees),
  )
  return {
    ...picturesWork(klein, background, boxes, steps, strength),
    texts: new Set(foregrounds.map((one) => kleinText(klein, one, prompt))).size + (isBase ? 1 : 0),
    guided: isBase,
  }
}

function picturesWork(
  {
    size,
    cutout,
    clean,
    blend,
    others,
  }: Pick<KleinPlaceSettings, 'size' | 'cutout' | 'clean' | 'blend' | 'others'>,
  background: Size,
  boxes: readonly Rect[],
  steps: number,
  strength: number,
): Pick<KleinWork, 'samplings' | 'encoded' | 'decoded'> {
  const taken = blend || strength < 1 ? stepsTaken(steps, strength) : steps
  const count = others.length + 1
  const sizes = boxes.map((box) => kleinFrame(background, box, size ** 2).size)
  return {
    samplings: sizes.map((one) => ({
      size: one,
      references: [one, ...(cutout ? [cutoutSize(one)] : []), ...(clean ? [one] : [])],
      steps: taken,
      count,
    })),
    // Every seed has a photo of its own once the first foreground is in.
    encoded: sizes.flatMap((one, index) => [
      { size: one, count: (index === 0 ? 1 : count) * (clean ? 2 : 1) },
      ...(cutout ? [{ size: cutoutSize(one), count: 1 }] : []),
    ]),
    decoded: sizes.map((one) => ({ size: one, count })),
  }
}

/** Without the text, which is kept. */
export function kleinPlaceTypical(speed: Speed): TypicalPicture[] {
  const settings = { ...defaultKleinPlace(), others: [] }
  const pictures = (side: number) =>
    picturesWork(
      settings,
      { width: side, height: side },
      [{ x: 0, y: 0, width: side / 2, height: side / 2 }],
      4,
      1,
    )
  return [512, 1024].map((side) =>
    kleinTypical(
      `Place with FLUX.2 klein, ${side} px, 4 steps`,
      { ...pictures(side), texts: 0, guided: false },
      speed,
    ),
  )
}
