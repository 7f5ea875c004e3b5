/** After Fuse three lights that the photo may have, each as a small picture; what is chosen becomes the staged result. */
import type { AppServices } from '@/app/services'
import type { Geometries } from '@/app/place/geometries'
import type { PhotoLight } from '@/app/place/photoLight'
import { nextSeed } from '@/base/seed'
import { chooseLight } from '@/document/place/commands'
import type { PhotoScene, PlaceRecipe } from '@/schema/modes/place'
import type { PlaceService } from '@/ui/place/service'
import { createVariationsStore, type Variation } from '@/ui/place/variationsStore'
import { stagedIn } from '@/ui/stores/run'

interface VariationsOptions extends Pick<AppServices, 'document' | 'run' | 'pixels' | 'fuses' | 'results'> {
  geometries: Pick<Geometries, 'settled'>
  photo: Pick<PhotoLight, 'readAll'>
}

type LitRecipe = PlaceRecipe & { scene: NonNullable<PlaceRecipe['scene']> }

/** A fused picture, and what it became in the lights that were chosen since. */
interface Choice {
  recipe: LitRecipe
  /** Ids of results in the history, by seed. */
  made: Map<string, string | null>
}

export function createVariations(options: VariationsOptions): Pick<PlaceService, 'variations' | 'choose'> {
  const { document, run, pixels, fuses, results, geometries, photo } = options
  const store = createVariationsStore()
  let choice: Choice | null = null
  /** The seed of a variation that is on its way to the canvas. */
  let coming: string | null = null

  const end = () => {
    choice = null
    for (const { picture } of store.getState().variations) if (picture) URL.revokeObjectURL(picture)
    if (store.getState().variations.length > 0) store.setState({ variations: [] })
  }

  const set = (seed: string, change: Partial<Variation>) =>
    store.setState(({ variations }) => ({
      variations: variations.map((one) => (one.seed === seed ? { ...one, ...change } : one)),
    }))

  const draw = async (of: Choice, seed: string, scene: PhotoScene) => {
    const recipe = { ...of.recipe, seed, scene: { ...of.recipe.scene, ...scene } }
    const done = await pixels.previewLit(recipe, await geometries.settled(recipe.foregrounds))
    if (done.ok && done.value && choice === of) set(seed, { picture: URL.createObjectURL(done.value) })
  }

  const begin = async (recipe: LitRecipe, resultId: string | null) => {
    end()
    const of: Choice = { recipe, made: new Map([[recipe.seed, resultId]]) }
    choice = of
    const second = nextSeed(recipe.seed)
    const others = [second, nextSeed(second)]
    const { camera, lights, ground } = recipe.scene
    const own: PhotoScene = { camera, lights, ground }
    store.setState({
      chosen: recipe.seed,
      variations: [recipe.seed, ...others].map((seed) => ({
        seed,
        scene: seed === recipe.seed ? own : null,
        picture: null,
      })),
    })
    const { background, prompt, steps } = recipe
    const read = await photo.readAll({ photo: background, prompt, steps }, others)
    if (choice !== of) return
    if (!read.ok) return end()
    others.forEach((seed, index) => set(seed, { scene: read.value[index] }))
    await draw(of, recipe.seed, own)
    for (const [index, seed] of others.entries()) if (choice === of) await draw(of, seed, read.value[index])
  }

  run.subscribe((state, last) => {
    if (state.staged === last.staged && state.run === last.run) return
    const staged = stagedIn(state, 'place')
    if (!staged) {
      // Between two lights nothing is staged.
      if (coming === null) end()
      return
    }
    if (state.staged === last.staged) return
    const { recipe, resultId, stats } = staged
    if (coming !== null && recipe.seed === coming) {
      choice?.made.set(recipe.seed, resultId)
      return
    }
    // What comes out of the history was chosen before.
    const { scene } = document.getState().document
    if (stats && scene.source === 'photo' && isLit(recipe)) void begin(recipe, resultId)
    else end()
  })

  /** What was chosen while another was on its way. */
  let next: number | null = null

  const choose = async (index: number): Promise<void> => {
    if (coming !== null) {
      next = index
      return
    }
    const { scene, seed } = store.getState().variations[index] ?? {}
    const staged = stagedIn(run.getState(), 'place')
    if (!choice || !scene || !seed || !staged || staged.recipe.seed === seed) return
    chooseLight(document, seed, scene)
    coming = seed
    store.setState({ chosen: seed })
    try {
      const made = choice.made.get(seed)
      if (made) await results.stage(made)
      else {
        results.discard()
        await fuses.fuse({ first: true })
      }
    } finally {
      coming = null
      // Stopped, or failed: nothing is left to choose for.
      if (!run.getState().staged) end()
    }
    const then = next
    next = null
    if (then !== null) await choose(then)
  }

  return { variations: store, choose }
}

const isLit = (recipe: PlaceRecipe): recipe is LitRecipe => recipe.scene !== undefined
