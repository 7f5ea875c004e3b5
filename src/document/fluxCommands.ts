import * as v from 'valibot'

import { fail } from '@/base/errors'
import type { Rect } from '@/base/geometry'
import { findPack, type KnownPack } from '@/document/models'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import {
  COMPOSE_GUIDANCE,
  COMPOSE_STEPS,
  ExtraLora,
  FLUX_PLACE_STEPS,
  FluxPlace,
  MAX_LORAS,
  MAX_REFERENCES,
  type ComposePreset,
  type ListedReference,
  type Mode,
  type PlaceModel,
} from '@/schema/document'
import { ComposeSettings, type ReferenceRole } from '@/schema/recipe'

// Commands of the two FLUX modes. Like those in commands.ts, each is one undoable step and leaves a document that its
// schema accepts; a value out of range changes nothing.

const MODE_WORDS: Record<Mode, string> = { place: 'Place', compose: 'Compose', align: 'Align' }
const ROLE_WORDS: Record<ReferenceRole, string> = {
  subject: 'Subject',
  identity: 'Identity',
  style: 'Style',
  tryOn: 'Try-on',
}

export function setMode(store: DocumentStore, mode: Mode): void {
  if (store.getState().document.mode === mode) return
  store.actions.apply(`Switch to ${MODE_WORDS[mode]}`, (draft) => {
    draft.mode = mode
  })
}

export function setPlaceModel(store: DocumentStore, model: PlaceModel): void {
  if (store.getState().document.placeModel === model) return
  store.actions.apply('Change model', (draft) => {
    draft.placeModel = model
  })
}

/** Adds a reference at the end. Returns its id. Throws `bad-document` when there are nine already. */
export function addReference(
  store: DocumentStore,
  asset: AssetRef,
  role: ReferenceRole = 'subject',
  face: Rect | null = null,
): string {
  if (store.getState().document.references.length >= MAX_REFERENCES)
    fail('bad-document', `Compose takes at most ${MAX_REFERENCES} references.`, 'Remove one first.')
  const id = crypto.randomUUID()
  store.actions.apply(`Add reference ${asset.name}`, (draft) => {
    draft.references.push({ id, asset, role, face })
  })
  return id
}

const indexOf = (store: DocumentStore, id: string): number =>
  store.getState().document.references.findIndex((one) => one.id === id)

function changeReference(
  store: DocumentStore,
  label: string,
  id: string,
  change: (reference: ListedReference) => void,
): void {
  const index = indexOf(store, id)
  if (index < 0) return
  store.actions.apply(label, (draft) => change(draft.references[index]))
}

/** Placeholders of the prompt with other numbers; null takes a placeholder out. */
function renumber(prompt: string, to: (n: number) => number | null): string {
  return prompt.replace(/\[ref#([1-9])\] ?/g, (text, digit: string) => {
    const number = to(Number(digit))
    return number === null ? '' : text.replace(/\d/, String(number))
  })
}

/** Takes a reference out; placeholders in the prompt go on naming the same pictures. */
export function removeReference(store: DocumentStore, id: string): void {
  const index = indexOf(store, id)
  if (index < 0) return
  const gone = index + 1
  store.actions.apply(`Remove reference ${gone}`, (draft) => {
    draft.references.splice(index, 1)
    draft.composePrompt = renumber(draft.composePrompt, (n) => (n === gone ? null : n > gone ? n - 1 : n))
  })
}

/** Moves a reference to `index`, clamped; placeholders in the prompt go on naming the same pictures. */
export function moveReference(store: DocumentStore, id: string, index: number): void {
  const { references } = store.getState().document
  const from = indexOf(store, id)
  const to = Math.min(references.length - 1, Math.max(0, Math.round(index)))
  if (from < 0 || from === to) return
  const order = references.map((_, i) => i)
  order.splice(to, 0, ...order.splice(from, 1))
  store.actions.apply('Reorder references', (draft) => {
    draft.references.splice(to, 0, ...draft.references.splice(from, 1))
    draft.composePrompt = renumber(draft.composePrompt, (n) => {
      const place = order.indexOf(n - 1)
      return place < 0 ? n : place + 1
    })
  })
}

/** What a reference shows; `face` is kept for identity alone. */
export function setReferenceRole(
  store: DocumentStore,
  id: string,
  role: ReferenceRole,
  face: Rect | null = null,
): void {
  changeReference(store, `Use as ${ROLE_WORDS[role].toLowerCase()}`, id, (reference) => {
    reference.role = role
    reference.face = role === 'identity' ? (face ?? reference.face) : reference.face
  })
}

/** The face to crop, asset pixels, kept inside the picture; null: the whole picture. */
export function setReferenceFace(store: DocumentStore, id: string, face: Rect | null): void {
  changeReference(store, 'Set face', id, (reference) => {
    reference.face = face && inside(face, reference.asset)
  })
}

/** Another picture for the same reference, after a cut-out. */
export function replaceReferenceAsset(store: DocumentStore, id: string, asset: AssetRef): void {
  changeReference(store, 'Cut out reference', id, (reference) => {
    reference.asset = asset
  })
}

function inside({ x, y, width, height }: Rect, picture: AssetRef): Rect | null {
  if (![x, y, width, height].every(Number.isFinite)) return null
  const left = Math.min(picture.width - 1, Math.max(0, x))
  const top = Math.min(picture.height - 1, Math.max(0, y))
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.min(picture.width - left, width)),
    height: Math.max(1, Math.min(picture.height - top, height)),
  }
}

/** Sets some of Compose's settings; quick changes of the same ones are one step. */
export function setCompose(store: DocumentStore, change: Partial<ComposeSettings>): void {
  const { compose } = store.getState().document
  if (!v.is(ComposeSettings, { ...compose, ...change })) return
  const keys = Object.keys(change)
  store.actions.apply(
    keys.includes('width') ? 'Change size' : `Change ${words(keys[0] ?? 'settings')}`,
    (draft) => {
      Object.assign(draft.compose, change)
    },
    `compose:${keys.join()}`,
  )
}

/** Sets some of Place's settings on FLUX; quick changes of the same ones are one step. */
export function setFluxPlace(store: DocumentStore, change: Partial<Omit<FluxPlace, 'turbo'>>): void {
  const { fluxPlace } = store.getState().document
  if (!v.is(FluxPlace, { ...fluxPlace, ...change })) return
  const keys = Object.keys(change)
  store.actions.apply(
    `Change ${words(keys[0] ?? 'settings')}`,
    (draft) => {
      Object.assign(draft.fluxPlace, change)
    },
    `flux:${keys.join()}`,
  )
}

const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** With a few-step LoRA Place takes 8 steps, else 28. */
export function setPlaceTurbo(store: DocumentStore, turbo: boolean): void {
  store.actions.apply(turbo ? 'Use fast preset' : 'Use full preset', (draft) => {
    draft.fluxPlace.turbo = turbo
    draft.fluxPlace.steps = FLUX_PLACE_STEPS[turbo ? 'turbo' : 'full']
  })
}

/** Another of DreamO's LoRA sets, with the guidance and the steps that belong to it (specs: DreamO §7, §10). */
export function setPreset(store: DocumentStore, change: Partial<ComposePreset>): void {
  store.actions.apply('Change preset', (draft) => {
    Object.assign(draft.preset, change)
    if (change.version) draft.compose.guidance = COMPOSE_GUIDANCE[change.version]
    if (change.turbo !== undefined) draft.compose.steps = COMPOSE_STEPS[change.turbo ? 'turbo' : 'full']
  })
}

/** Adds an extra LoRA or sets its weight; null takes it out. Throws `bad-document` when there are too many. */
export function setLora(
  store: DocumentStore,
  lora: { hash: string; name: string },
  weight: number | null,
): void {
  const { loras } = store.getState().document
  const index = loras.findIndex(({ hash }) => hash === lora.hash)
  const next = { hash: lora.hash, name: lora.name.slice(0, 200), weight: weight ?? 0 }
  if (!v.is(ExtraLora, next) || (weight === null && index < 0)) return
  if (weight !== null && index < 0 && loras.length >= MAX_LORAS)
    fail('bad-document', `At most ${MAX_LORAS} LoRAs can be added.`, 'Take one out first.')
  store.actions.apply(
    weight === null ? `Take out ${lora.name}` : index < 0 ? `Add ${lora.name}` : `Weight of ${lora.name}`,
    (draft) => {
      if (weight === null) draft.loras.splice(index, 1)
      else if (index < 0) draft.loras.push(next)
      else draft.loras[index].weight = weight
    },
    weight !== null && index >= 0 ? `lora:${lora.hash}` : undefined,
  )
}

/** Which of several installed FLUX transformers runs; null: the newest. */
export function setTransformer(store: DocumentStore, hash: string | null): void {
  if (store.getState().document.transformer === hash) return
  store.actions.apply('Change transformer', (draft) => {
    draft.transformer = hash
  })
}

/** Makes a composed picture the background of Place, in one step; accepted results below stay, hidden. */
export function useAsPlaceBackground(store: DocumentStore, asset: AssetRef): void {
  store.actions.apply('Use as background', (draft) => {
    draft.background = asset
    draft.mode = 'place'
    for (const layer of draft.layers) if (layer.kind === 'result') layer.visible = false
  })
  store.actions.select(null)
}

/** Whether a turbo LoRA is there to make runs short. */
export const hasTurbo = (packs: readonly KnownPack[]): boolean => findPack(packs, 'turbo') !== null
