import type { KnownLooks } from '@/base/pictureLooks'
import type { Draft } from 'immer'

import type { KnownPack, Requirement } from '@/document/packs'
import type { FamilyId, PartKind } from '@/families/registry'
import type { AssetRef, Seed } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import type { ModelRef } from '@/schema/modelRef'
import type { Mode, RecipeOf } from '@/schema/modes'
import type { BuiltInFamily } from '@/schema/pack'

/** A model that is made of imported packs, as the document sets it. */
export interface PackModel {
  /** In lists: "DreamO v1.1". */
  title: string
  /** In sentences: "Compose needs …". */
  subject: string
  /** What its adapters have to be made for. */
  base: FamilyId
  /** In the order in which a recipe lists them. */
  parts: Requirement[]
  /**
   * The part by whose hash recipes go, and which of several packs was chosen for it; null: the newest, of those whose names are
   * preferred where there are any.
   */
  main: { kind: PartKind; hash: string | null; prefers?: (name: string) => boolean }
  /** What recipes call it; null: its main part is not there. */
  nameOf(main: string | null): string
}

/** What a mode runs on: a model that ships, imported packs, or no model at all. */
export type ModeModel =
  | { kind: 'builtIn'; family: BuiltInFamily }
  | { kind: 'packs'; packs: PackModel }
  | { kind: 'none'; model: ModelRef }

/** What a recipe is restored with. */
export interface RestoreContext {
  /** The installed packs, which tell what the LoRAs of a recipe are for. */
  packs: readonly KnownPack[]
  /** Hashes of pictures that this browser does not have. */
  lost: ReadonlySet<string>
}

/** What tells a result from others: words of ours, or a picture's name. */
export type ResultMark = { said: string } | { name: string }

/** The document's side of a mode: its part of the document and its recipes. */
export interface DocumentMode<M extends Mode = Mode> {
  /** "Place" */
  readonly name: string
  /** Whether each run may have another seed than the one before, where the user wants that. */
  seeded(doc: FusionDocument): boolean
  /** Whether it works on the canvas, with the document's background and layers; else beside them. */
  readonly onCanvas: boolean
  promptOf(doc: FusionDocument): string
  setPrompt(draft: Draft<FusionDocument>, prompt: string): void
  /** Nothing of this mode would be lost with the document. */
  isEmpty(doc: FusionDocument): boolean
  /** What it runs on as it is set. */
  modelOf(doc: FusionDocument): ModeModel
  /** All models of packs that it can run on. */
  packModels(doc: FusionDocument): PackModel[]
  /** Whatever is installed: why it cannot fuse and what to do about it, one sentence each. */
  reasons(doc: FusionDocument): string[]
  /** What will run otherwise than somebody may expect. @param looks of its pictures, as far as they have been read */
  warnings(doc: FusionDocument, looks: KnownLooks): string[]
  /** Freezes what the next fuse depends on. Called only where there are no reasons against it. */
  recipe(doc: FusionDocument, model: ModelRef): RecipeOf<M>
  /** One whose prompt is read as the next run's will be, whatever else is missing; without it there is none until nothing is. */
  promptRecipe?(doc: FusionDocument, model: ModelRef): RecipeOf<M>
  /** Brings back what a recipe describes, as far as its pictures are there. */
  restore(draft: Draft<FusionDocument>, recipe: RecipeOf<M>, context: RestoreContext): void
  /** What cannot be brought back of it, whatever is installed: a sentence for the user, or null. */
  lostOf?(recipe: RecipeOf<M>): string | null
  /** The pictures that a recipe starts from, in the order in which a job sends their pixels. */
  recipeAssets(recipe: RecipeOf<M>): AssetRef[]
  /** Those among them that nobody has as a file, so that a result's PNG carries them along. */
  carriedAssets?(recipe: RecipeOf<M>): AssetRef[]
  /** Pictures that its part of the document refers to, beside background and layers. */
  documentAssets(doc: FusionDocument): AssetRef[]
  /** The seed that names a result; null where it has none. */
  seedOf(recipe: RecipeOf<M>): Seed | null
  /** What tells results apart where there is no seed. */
  unseededMark(recipe: RecipeOf<M>): ResultMark
  /** What the file of a result is called after. */
  stemOf(recipe: RecipeOf<M>): string
  /** Steps of one picture; 0 where no model runs. */
  stepsOf(recipe: RecipeOf<M>): number
  /** All that a run's memory and time depend on, beside its packs. */
  sizesOf(recipe: RecipeOf<M>): unknown
}
