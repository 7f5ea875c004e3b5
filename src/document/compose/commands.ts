import type { Draft } from 'immer'
import * as v from 'valibot'

import { fail } from '@/base/errors'
import type { Rect } from '@/base/geometry'
import { newId } from '@/base/id'
import { renumberPlaceholders } from '@/base/placeholders'
import { changeOf } from '@/document/changes'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import {
  COMPOSE_GUIDANCE,
  COMPOSE_STEPS,
  ComposeSettings,
  KleinCompose,
  MAX_REFERENCES,
  PainterCompose,
  type ComposeModel,
  type ComposePreset,
  type ListedReference,
  type ReferenceRole,
} from '@/schema/modes/compose'

// Commands of Compose. Like those in commands.ts, each is one undoable step and leaves a document that its
// schema accepts; a value out of range changes nothing.

const ROLE_WORDS: Record<ReferenceRole, string> = {
  subject: 'Subject',
  identity: 'Identity',
  style: 'Style',
  tryOn: 'Try-on',
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
  const id = newId()
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

/** Takes a reference out; placeholders in the prompt go on naming the same pictures. */
export function removeReference(store: DocumentStore, id: string): void {
  const gone = indexOf(store, id)
  if (gone < 0) return
  store.actions.apply(`Remove reference ${gone + 1}`, (draft) => {
    draft.references.splice(gone, 1)
    draft.composePrompt = renumberPlaceholders(draft.composePrompt, (n) =>
      n === gone ? null : n > gone ? n - 1 : n,
    )
    renumberOwn(draft, (n) => (n === gone ? null : n > gone ? n - 1 : n))
  })
}

/** Own words for klein go on naming the same pictures; one that is gone (null) becomes "image ?" for their author to see. */
function renumberOwn(
  { kleinCompose }: Draft<FusionDocument>,
  to: (reference: number) => number | null,
): void {
  kleinCompose.instruction =
    kleinCompose.instruction?.replaceAll(/\bimage (\d+)\b/gi, (text, number: string) => {
      const now = to(Number(number) - 1)
      return text.slice(0, -number.length) + (now === null ? '?' : String(now + 1))
    }) ?? null
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
    draft.composePrompt = renumberPlaceholders(draft.composePrompt, (n) => {
      const place = order.indexOf(n)
      return place < 0 ? n : place
    })
    renumberOwn(draft, (n) => {
      const place = order.indexOf(n)
      return place < 0 ? n : place
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
    keys.includes('width') ? 'Change size' : changeOf(change),
    (draft) => {
      Object.assign(draft.compose, change)
    },
    `compose:${keys.join()}`,
  )
}

export function setComposeModel(store: DocumentStore, model: ComposeModel): void {
  if (store.getState().document.composeModel === model) return
  store.actions.apply('Change model', (draft) => {
    draft.composeModel = model
  })
}

/** Sets some of Compose's settings on klein; quick changes of the same ones are one step. */
export function setKleinCompose(store: DocumentStore, change: Partial<KleinCompose>): void {
  const { kleinCompose } = store.getState().document
  if (!v.is(KleinCompose, { ...kleinCompose, ...change })) return
  const keys = Object.keys(change)
  store.actions.apply(
    changeOf(change),
    (draft) => {
      Object.assign(draft.kleinCompose, change)
    },
    `klein compose:${keys.join()}`,
  )
}

/** Sets some of Compose's settings on the built-in model; quick changes of the same ones are one step. */
export function setPainterCompose(store: DocumentStore, change: Partial<PainterCompose>): void {
  const { painterCompose } = store.getState().document
  if (!v.is(PainterCompose, { ...painterCompose, ...change })) return
  const keys = Object.keys(change)
  store.actions.apply(
    changeOf(change),
    (draft) => {
      Object.assign(draft.painterCompose, change)
    },
    `painter compose:${keys.join()}`,
  )
}

/** Another of DreamO's LoRA sets, with the guidance and the steps that belong to it (specs: DreamO §7, §10). */
export function setPreset(store: DocumentStore, change: Partial<ComposePreset>): void {
  store.actions.apply('Change preset', (draft) => {
    Object.assign(draft.preset, change)
    if (change.version) draft.compose.guidance = COMPOSE_GUIDANCE[change.version]
    if (change.turbo !== undefined) draft.compose.steps = COMPOSE_STEPS[change.turbo ? 'turbo' : 'full']
  })
}
