import type { FinishedRun } from '@/app/finishedRun'
import type { AssetRef, Seed } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import type { Mode, RecipeOf } from '@/schema/modes'
import type { ServiceOf } from '@/ui/modeServices'
import type { PictureRole } from '@/ui/stores/dialogs'
import type { StagedResult } from '@/ui/stores/run'

/** A picture as the user takes it away. */
export interface TakenPicture {
  file: Blob
  /** What its file is called after. */
  stem: string
  seed: Seed | null
  /** What it was made of and may have its 16 bits a channel of; null where that is no one picture. */
  ground: AssetRef | null
}

/** The app's side of a mode: what happens where modes differ. */
export interface AppMode<M extends Mode = Mode> {
  /** Lets choose pictures of the kind that it works on. */
  choosePictures(): void
  /** What becomes of pictures that were dropped, pasted or opened. */
  addPictures(files: File[], role: PictureRole | 'auto'): Promise<void>
  /** Files that are neither pictures nor weights, and that it knows. */
  readonly ownFiles?: { isOne(file: File): boolean; open(file: File): Promise<void> }
  /** Reads what earlier sessions have kept. */
  load?(): Promise<void>
  /**
   * Works out what a document's recipe depends on, when its turn to be made has come. The document with that in it; null where
   * it cannot be made any more, and the user has been told.
   */
  prepare?(doc: FusionDocument): Promise<FusionDocument | null>
  /** What is said of a run that was stopped, where something of it stays: once `prepare` has ended. */
  stopped?(): string
  /** Ids of the layers that the next fuse takes, and that its result will hide. */
  targetsOf(doc: FusionDocument): string[]
  /** Whether `onFinished` looks at the pixels of the picture. */
  readonly keepsPixels: boolean
  /** Hears of a finished picture before it is kept and shown. */
  onFinished?(done: FinishedRun<M>): Promise<void>
  /** Whether a change of the document has left a result behind, which then goes back into the strip. */
  leaves?(recipe: RecipeOf<M>, now: FusionDocument, before: FusionDocument): boolean
  /** Whether the document shows what a recipe begins with, so that its result can lie there; without it, always. */
  shows?(recipe: RecipeOf<M>, doc: FusionDocument): boolean
  /** Makes ready to show a stored result; false where that cannot be, and the user has been told. */
  makeRoom(recipe: RecipeOf<M>): Promise<boolean>
  /** Ids of the layers that a stored result was made of, as far as they still stand where they stood. */
  madeOf(recipe: RecipeOf<M>, doc: FusionDocument): string[]
  /** Where the divider between before and after begins, 0..1. */
  dividerFor(recipe: RecipeOf<M>): number
  /** Ends what is being done to the staged result, kept. */
  settle?(): Promise<void>
  /** What the staged result becomes. */
  accept(staged: StagedResult<M>): void
  /** The same, where the user chooses; only of modes whose pictures lie beside the canvas. */
  acceptAs?(staged: StagedResult<M>, use: 'background' | 'layer'): void
  /** The staged result, or else the picture as it stands; null: there is none, or it was told what went wrong. */
  take(staged: StagedResult<M> | null): Promise<TakenPicture | null>
  /** The `ground` of what `take` gives; without it there is none. */
  groundOf?(staged: StagedResult<M> | null): AssetRef | null
  /** The same as a Photoshop document with its layers; only of modes that have some. */
  takeLayers?(staged: StagedResult<M> | null): Promise<TakenPicture | null>
  /** Fuses once more, with whatever the mode varies. */
  another(): Promise<void>
  /** Shows or hides what can be laid over its pictures. */
  toggleOverlay?(): void
  /** Something of its own goes on that leaving would cut off, beside runs and imports. */
  busy?(): boolean
  /** Begins its own run anew, after one was cut off. */
  again?(): void
  /** Takes back how it is looked at. */
  stepBack?(): void
}

/** A mode, and what it does for its own panels. */
export interface MadeMode<M extends Mode> {
  mode: AppMode<M>
  service: ServiceOf<M>
}
