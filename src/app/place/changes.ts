/** What klein changed of the photo, shown on the staged result and brushed away there. */
import { freePixels } from '@/app/pixels/protocol'
import { withStroke } from '@/assets/brush'
import { blankMask, isEven, maskOf, resized } from '@/assets/mask'
import type { AppServices } from '@/app/services'
import type { Mask } from '@/base/geometry'
import { createQueue } from '@/base/queue'
import type { PlaceRecipe } from '@/schema/modes/place'
import type { Recipe } from '@/schema/recipe'
import { awayAssets } from '@/schema/modes/placeKlein'
import type { ChangesService } from '@/ui/place/service'
import { stagedIn, type StagedResult } from '@/ui/stores/run'
import { isBrushingChanges } from '@/ui/stores/view'
import type { Outcome } from '@/worker/protocol'
import { say } from '@/words/say'

type ChangesServices = Pick<
  AppServices,
  'run' | 'view' | 'toasts' | 'pixels' | 'library' | 'importing' | 'results'
>

interface Session {
  /** What differs between photo and result as they were when it began. */
  changes: Mask
  /** What is brushed away of that. */
  away: Mask
  /** What earlier ones have brushed away for good: the picture without their strokes is gone. */
  earlier: Mask | null
  /** The picture that is staged, as far as strokes have been kept. */
  shown: string
  touched: boolean
}

const GONE =
  'The picture without earlier strokes is no longer among the results: what was brushed away then stays away.'

/** Whether a recipe is of the same picture, before anything of it was brushed away. */
function isUnbrushed(recipe: PlaceRecipe): (other: Recipe) => boolean {
  const keyOf = (one: PlaceRecipe) => JSON.stringify({ ...one, klein: { ...one.klein, away: null } })
  const key = keyOf(recipe)
  return (other) => other.mode === 'place' && other.klein?.away === null && keyOf(other) === key
}

/** @returns with `settle`, which puts the brush down and waits until its strokes are kept */
export function createChanges(services: ChangesServices): ChangesService & { settle(): Promise<void> } {
  const { run, view, toasts, pixels, library, importing, results } = services
  const inTurn = createQueue()
  let session: Session | null = null

  const staged = (): StagedResult<'place'> | null => {
    const now = stagedIn(run.getState(), 'place')
    return now?.recipe.klein ? now : null
  }

  const show = ({ changes, away }: Session) => view.setState({ painted: withStroke(changes, away, true) })

  /** What was brushed away of a result before. */
  const strokesOf = async ({ recipe }: StagedResult<'place'>): Promise<Outcome<Mask | null>> => {
    const away = recipe.klein?.away
    if (!away) return { ok: true, value: null }
    const done = await pixels.raster(away)
    return done.ok ? { ok: true, value: maskOf(done.value) } : done
  }

  const begin = async (): Promise<void> => {
    const now = staged()
    if (session || !now) return
    const { asset, recipe } = now
    const strokes = await strokesOf(now)
    // Strokes that follow would take the place of those that could not be read.
    if (!strokes.ok) return toasts.actions.problem(strokes.problem)
    const earlier = strokes.value
    const whole = earlier && (await wholeOf(now))
    const read = await pixels.openChanges(recipe.background, whole ?? asset)
    // It is open; the canvas has its own.
    if (whole) void pixels.forget(whole.hash)
    if (!read.ok) return toasts.actions.problem(read.problem)
    if (staged()?.asset.hash !== asset.hash) return void (await pixels.closeChanges())
    const changes = read.value
    session = {
      ...{ changes, shown: asset.hash, touched: false },
      ...(whole ? { away: resized(earlier, changes), earlier: null } : { away: blankMask(changes), earlier }),
    }
    if (earlier && !whole) toasts.actions.note(say(GONE))
    view.actions.brushChanges(true)
    show(session)
  }

  /** The picture as it was before anything was brushed away, where it still is among the results. */
  const wholeOf = async ({ recipe, asset: { width, height } }: StagedResult<'place'>) => {
    const found = await results.pictureOf(isUnbrushed(recipe))
    const fits = found?.width === width && found.height === height
    if (found && !fits) void pixels.forget(found.hash)
    return fits ? found : null
  }

  const end = (): void => {
    const ended = session
    session = null
    if (view.getState().brush.kind === 'changes') view.actions.brushChanges(false)
    if (!ended) return
    view.setState({ painted: null })
    void inTurn(async () => {
      await pixels.closeChanges()
      // One that went meanwhile was given up with its strokes.
      if (!ended.touched || staged()?.asset.hash !== ended.shown) return
      for (const { hash } of awayAssets(staged()?.recipe.klein)) await importing.persist(hash)
      await results.keepStaged()
    })
  }

  const keepStroke = async (of: Session): Promise<void> => {
    const before = staged()
    if (!before?.recipe.klein || before.asset.hash !== of.shown) return
    const even = isEven(of.away, 0) && !of.earlier
    const done = await pixels.takeBack(of.away, of.earlier, say('Taken back'))
    if (!done.ok) return toasts.actions.problem(done.problem)
    const { picture, mask } = done.value
    const now = staged()
    const { hash } = picture.asset
    if (now?.asset.hash !== of.shown || !now.recipe.klein) {
      freePixels(picture)
      return void pixels.forget(hash)
    }
    library.add(picture)
    // The same picture once more: one claim on it is enough.
    if (hash === of.shown) void pixels.forget(hash)
    of.shown = hash
    of.touched = true
    const recipe = { ...now.recipe, klein: { ...now.recipe.klein, away: even ? null : mask } }
    run.setState({ staged: { ...now, asset: picture.asset, recipe } })
  }

  view.subscribe((state, last) => {
    if (session && isBrushingChanges(last) && !isBrushingChanges(state)) end()
  })
  run.subscribe((state, last) => {
    if (session && state.staged !== last.staged && state.staged?.asset.hash !== session.shown) end()
  })

  return {
    toggleChanges: () => (session ? end() : void inTurn(begin)),
    async settle() {
      await inTurn(end)
      // What ending has put in line.
      await inTurn(() => undefined)
    },
    paintChanges(stroke, erase) {
      const of = session
      if (!of) return
      // What is erased of the changes is added to what was brushed away.
      of.away = withStroke(of.away, stroke, !erase)
      show(of)
      void inTurn(() => keepStroke(of))
    },
  }
}
