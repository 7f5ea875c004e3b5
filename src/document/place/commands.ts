import { castDraft, produce, type Draft } from 'immer'
import * as v from 'valibot'

import { changeOf } from '@/document/changes'
import { replaceBackground } from '@/document/layers'
import { dropShadowMask } from '@/document/place/masks'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import {
  FLUX_PLACE_STEPS,
  FluxPlace,
  masksOf,
  PlaceScene,
  type PhotoScene,
  type PlaceModel,
} from '@/schema/modes/place'
import { KleinPlace } from '@/schema/modes/placeKlein'
import { isShown, show, togetherOf, type LayerName, type LayersTogether } from '@/schema/modes/placeLayers'

// Commands of Place beside those of its layers.

export function setPlaceModel(store: DocumentStore, model: PlaceModel): void {
  if (store.getState().document.placeModel === model) return
  store.actions.apply('Change model', (draft) => {
    draft.placeModel = model
  })
}

/** Sets some of Place's settings on FLUX; quick changes of the same ones are one step. */
export function setFluxPlace(store: DocumentStore, change: Partial<Omit<FluxPlace, 'turbo'>>): void {
  const { fluxPlace } = store.getState().document
  if (!v.is(FluxPlace, { ...fluxPlace, ...change })) return
  const keys = Object.keys(change)
  store.actions.apply(
    changeOf(change),
    (draft) => {
      Object.assign(draft.fluxPlace, change)
    },
    `flux:${keys.join()}`,
  )
}

/** Sets some of Place's settings on klein; quick changes of the same ones are one step. */
export function setKleinPlace(store: DocumentStore, change: Partial<KleinPlace>): void {
  const { kleinPlace } = store.getState().document
  if (!v.is(KleinPlace, { ...kleinPlace, ...change })) return
  const keys = Object.keys(change)
  store.actions.apply(
    changeOf(change),
    (draft) => {
      Object.assign(draft.kleinPlace, change)
    },
    `klein:${keys.join()}`,
  )
}

/**
 * Sets a part of the scene; quick changes of the same part are one step. Whoever touches what a photo says of it takes it
 * into their own hands from there.
 * @param what is named in history: "Move light"
 */
export function setScene(
  store: DocumentStore,
  what: string,
  change: (scene: Draft<PlaceScene>) => void,
): void {
  const { scene } = store.getState().document
  const changed = produce(scene, change)
  const read: readonly (keyof PhotoScene)[] = ['camera', 'lights', 'ground']
  const touched = read.some((part) => changed[part] !== scene[part])
  const next: PlaceScene = touched ? { ...changed, source: 'hand' } : changed
  if (!v.is(PlaceScene, next)) return
  store.actions.apply(
    what,
    (draft) => {
      draft.scene = castDraft(next)
    },
    `scene:${what}`,
  )
}

/** Whether camera, lights and ground follow the photo. */
export function setLightSource(store: DocumentStore, source: PlaceScene['source']): void {
  const { scene } = store.getState().document
  if (scene.source === source) return
  store.actions.apply(source === 'photo' ? 'Read light from the photo' : 'Set light by hand', (draft) => {
    // As a whole, so that undo brings back what was set.
    draft.scene = castDraft({ ...scene, source })
  })
}

/** Shows a layer of the scene or puts it away, its strength kept. @param light whose shadow is meant */
export const setLayerShown = (store: DocumentStore, layer: LayerName, shown: boolean, light = 0): void =>
  setScene(store, `${shown ? 'Show' : 'Hide'} ${layer}`, (scene) => show(scene, layer, shown, light))

/** How strongly all layers of the scene show together, and whether they do; each keeps its own. */
export function setTogether(store: DocumentStore, change: Partial<LayersTogether>): void {
  const what = change.shown === undefined ? 'Change' : change.shown ? 'Show' : 'Hide'
  setScene(store, `${what} light and shadow`, (scene) => {
    const next = { ...togetherOf(scene), ...change }
    if (next.shown && next.strength === 1) delete scene.together
    else scene.together = next
  })
}

/** What a second light gives to the ground, where the first leaves so much; some of the light always comes from all sides. */
const SECOND_SHARE = 0.3
const LEAST_AMBIENT = 0.05

/** A second light, soft and opposite to the first. */
export const addLight = (store: DocumentStore): void =>
  setScene(store, 'Add a light', ({ lights }) => {
    const [{ azimuthDegrees, share }] = lights
    const left = (taken: number) => Math.max(0, Math.min(SECOND_SHARE, 1 - LEAST_AMBIENT - taken))
    lights.push({
      azimuthDegrees: (azimuthDegrees + 180) % 360,
      elevationDegrees: 45,
      discDegrees: 20,
      share: [left(share[0]), left(share[1]), left(share[2])],
    })
  })

/** Takes one of two lights away; whether the other's shadow shows stays as it is. */
export const removeLight = (store: DocumentStore, index: number): void =>
  setScene(store, 'Remove light', (scene) => {
    const shown = isShown(scene, 'shadow', 1 - index)
    scene.lights.splice(index, 1)
    show(scene, 'shadow', true, 1)
    show(scene, 'shadow', shown, 0)
    dropShadowMask(scene, index)
  })

/** A scene as the photo says it is: where one light comes instead of two, the second's mask goes. */
const asRead = (scene: PlaceScene, read: PhotoScene): PlaceScene =>
  produce(scene, (draft) => {
    Object.assign(draft, read)
    if (read.lights.length < 2 && masksOf(scene).shadow2) dropShadowMask(draft, 1)
  })

/** What the photo says, where the document follows it: no step of its own. */
export function showPhotoScene(store: DocumentStore, read: PhotoScene): void {
  const { scene } = store.getState().document
  const next = asRead(scene, read)
  if (scene.source !== 'photo' || JSON.stringify(next) === JSON.stringify(scene)) return
  store.actions.amend((draft) => {
    draft.scene = castDraft(next)
  })
}

/** Another seed's word of the photo, as one step. */
export function chooseLight(store: DocumentStore, seed: string, read: PhotoScene): void {
  const { scene } = store.getState().document
  store.actions.apply('Choose light', (draft) => {
    Object.assign(draft.settings, { seed, randomSeed: false })
    draft.scene = castDraft(asRead(scene, read))
  })
}

/** With a few-step LoRA Place takes 8 steps, else 28. */
export function setPlaceTurbo(store: DocumentStore, turbo: boolean): void {
  store.actions.apply(turbo ? 'Use fast preset' : 'Use full preset', (draft) => {
    draft.fluxPlace.turbo = turbo
    draft.fluxPlace.steps = FLUX_PLACE_STEPS[turbo ? 'turbo' : 'full']
  })
}

/** Makes a composed picture the background of Place, in one step; accepted results below stay, hidden. */
export function useAsPlaceBackground(store: DocumentStore, asset: AssetRef): void {
  store.actions.apply('Use as background', (draft) => {
    replaceBackground(draft, asset)
    draft.mode = 'place'
    for (const layer of draft.layers) {
      if (layer.kind !== 'result') continue
      layer.visible = false
      delete layer.aside
    }
  })
  store.actions.select(null)
}
