import type { Draft } from 'immer'
import * as v from 'valibot'

import { fail } from '@/base/errors'
import { newId } from '@/base/id'
import { labelOf, MAX_LABEL } from '@/base/mixWords'
import { shorten } from '@/base/names'
import { changeOf } from '@/document/changes'
import { samePoint } from '@/document/mix/queries'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import {
  evenPoint,
  MAX_OBJECTS,
  MAX_PLACES,
  MAX_TRIALS,
  MixPlace,
  MixPoint,
  MixSearch,
  MixSettings,
  type MixModelName,
  type MixPart,
  type MixTrial,
} from '@/schema/modes/mix'

// Commands of Mix. Like those in commands.ts, each is one undoable step and leaves a document that its schema accepts; a
// value out of range changes nothing.

/** Adds an object at the end, called after its file. Its id. @throws bad-document when there are four already */
export function addObject(store: DocumentStore, asset: AssetRef): string {
  if (store.getState().document.mix.objects.length >= MAX_OBJECTS)
    fail('bad-document', `Mix takes at most ${MAX_OBJECTS} objects.`, 'Remove one first.')
  const id = newId()
  store.actions.apply(`Add object ${asset.name}`, ({ mix }) => {
    mix.objects.push({ id, asset, label: labelOf(asset.name) })
    mix.point = evenPoint(mix.objects.length)
  })
  return id
}

export function removeObject(store: DocumentStore, id: string): void {
  if (!store.getState().document.mix.objects.some((one) => one.id === id)) return
  store.actions.apply('Remove object', ({ mix }) => dropObjects(mix, (one) => one === id))
}

/** Takes objects out; the others are mixed evenly. */
export function dropObjects(mix: Draft<MixPart>, isGone: (id: string) => boolean): void {
  mix.objects = mix.objects.filter(({ id }) => !isGone(id))
  mix.point = evenPoint(mix.objects.length)
  // They name objects by their order.
  mix.settings.places = []
}

/** What an object is called; quick changes are one step. */
export function setLabel(store: DocumentStore, id: string, label: string): void {
  store.actions.apply(
    'Name object',
    ({ mix }) => {
      const object = mix.objects.find((one) => one.id === id)
      if (object) object.label = shorten(label, MAX_LABEL)
    },
    `label:${id}`,
  )
}

/** Another picture of the same object, after a cut-out. */
export function replaceObjectAsset(store: DocumentStore, id: string, asset: AssetRef): void {
  store.actions.apply('Cut out object', ({ mix }) => {
    const object = mix.objects.find((one) => one.id === id)
    if (object) object.asset = asset
  })
}

/** The first object becomes the second; the mixture stays. */
export function swapObjects(store: DocumentStore): void {
  if (store.getState().document.mix.objects.length !== 2) return
  store.actions.apply('Swap objects', ({ mix }) => {
    mix.objects.reverse()
    mix.settings.places = mix.settings.places.filter(({ object }) => object < 2)
    for (const place of mix.settings.places) place.object = 1 - place.object
    mix.point.shares.reverse()
    mix.point.strengths.reverse()
  })
}

/** One object alone in a place of the picture; sides in shares of it. None without area, or of an object that is not there. */
export function addPlace(store: DocumentStore, place: MixPlace): void {
  if (!v.is(MixPlace, place) || place.box.width * place.box.height < 1e-4) return
  const { objects, settings } = store.getState().document.mix
  if (place.object >= objects.length || settings.places.length >= MAX_PLACES) return
  store.actions.apply('Give a place', ({ mix }) => void mix.settings.places.push(place))
}

export const removePlace = (store: DocumentStore, index: number): void =>
  store.actions.apply('Remove a place', ({ mix }) => void mix.settings.places.splice(index, 1))

/** Sets some of Mix's settings; quick changes of the same ones are one step. */
export function setMix(store: DocumentStore, change: Partial<MixSettings>): void {
  const { settings } = store.getState().document.mix
  if (!v.is(MixSettings, { ...settings, ...change })) return
  const keys = Object.keys(change)
  store.actions.apply(
    changeOf(change),
    ({ mix }) => void Object.assign(mix.settings, change),
    `mix:${keys.join()}`,
  )
}

export function setMixModel(store: DocumentStore, model: MixModelName): void {
  if (store.getState().document.mix.model === model) return
  store.actions.apply('Change model', ({ mix }) => {
    mix.model = model
  })
}

export function setSearch(store: DocumentStore, change: Partial<MixSearch>): void {
  const { search } = store.getState().document.mix
  if (!v.is(MixSearch, { ...search, ...change })) return
  store.actions.apply(
    'Change search',
    ({ mix }) => void Object.assign(mix.search, change),
    `mix-search:${Object.keys(change).join()}`,
  )
}

/** Whether the balance is searched for. */
export function setAutomatic(store: DocumentStore, automatic: boolean): void {
  store.actions.apply(automatic ? 'Find balance' : 'Choose balance', ({ mix }) => {
    mix.automatic = automatic
  })
}

/** How much of one object; the others keep their proportion. Quick changes are one step. */
export function setShare(store: DocumentStore, index: number, share: number): void {
  const { shares } = store.getState().document.mix.point
  if (!(index in shares) || !(share >= 0 && share <= 1)) return
  const rest = 1 - shares[index]
  const others = shares.length - 1
  // Rounding must not bring one over 1.
  const next = shares.map((one, i) =>
    i === index ? share : Math.min(1, rest > 0 ? (one * (1 - share)) / rest : (1 - share) / others),
  )
  choose(store, { shares: next }, `share:${index}`)
}

/** How strongly an object shapes the noise. */
export function setStrength(store: DocumentStore, index: number, strength: number): void {
  const { strengths } = store.getState().document.mix.point
  choose(store, { strengths: strengths.map((one, i) => (i === index ? strength : one)) }, `strength:${index}`)
}

/** A draft's mixture becomes the one that is made: chosen by hand. One of more or fewer objects changes nothing. */
export const choosePoint = (store: DocumentStore, point: MixPoint): void => choose(store, point)

function choose(store: DocumentStore, change: Partial<MixPoint>, mergeKey?: string): void {
  const { point: before } = store.getState().document.mix
  const point = { ...before, ...change }
  if (!v.is(MixPoint, point) || !alike(point, before)) return
  store.actions.apply(
    'Choose balance',
    ({ mix }) => {
      mix.automatic = false
      mix.point = structuredClone(point)
    },
    mergeKey && `mix-${mergeKey}`,
  )
}

/** Whether two mixtures are of as many objects. */
const alike = (one: MixPoint, other: MixPoint): boolean =>
  one.shares.length === other.shares.length && one.strengths.length === other.strengths.length

/** Makes ready for drafts: those of other pictures or settings go. Part of the job's step, as all that follows. */
export function beginTrials(store: DocumentStore, of: string, jobId: string): void {
  inJob(store, jobId, ({ trials }) => {
    if (trials.of !== of) Object.assign(trials, { of, list: [] })
    trials.done = false
  })
}

/** Adds a draft, or brings that of its point up to date; the oldest goes where there is no room. */
export function addTrial(store: DocumentStore, trial: MixTrial, jobId: string): void {
  inJob(store, jobId, ({ trials }) => {
    trials.list = [...trials.list.filter(({ point }) => !samePoint(point, trial.point)), trial].slice(
      -MAX_TRIALS,
    )
  })
}

/** The search has ended: the best draft's mixture is the one that is made. @param automatic whether the next fuse searches again */
export function endTrials(
  store: DocumentStore,
  { point, done, automatic }: { point: MixPoint | null; done: boolean; automatic: boolean },
  jobId: string,
): void {
  inJob(store, jobId, (mix) => {
    mix.trials.done = done
    mix.automatic = automatic
    if (point && alike(point, mix.point)) mix.point = structuredClone(point)
  })
}

const inJob = (store: DocumentStore, jobId: string, change: (mix: Draft<MixPart>) => void): void =>
  store.actions.apply('Find balance', ({ mix }) => change(mix), `trials:${jobId}`, Infinity)
