import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import type { FusionDocument } from '@/schema/document'
import type { Mode, RecipeOf } from '@/schema/modes'
import type { Shortcut } from '@/ui/shortcut'
import type { PictureRole } from '@/ui/stores/dialogs'
import type { Studio } from '@/ui/studio'
import type { Message } from '@/words/say'

/** Where files can be dropped, and what they become there. */
export interface DropTarget {
  role: PictureRole | 'auto'
  icon: LucideIcon
  title: Message
  about: Message
}

export interface CentreProps {
  /** Files are held over the studio. */
  dragging: boolean
  /** Shown below what an empty document begins with. */
  more: ReactNode
}

/** The page's side of a mode: what is seen and said of it. What happens is the app's (`app/mode.ts`). */
export interface PageMode<M extends Mode = Mode> {
  readonly icon: LucideIcon
  /** What it does, under its name. */
  readonly about: Message
  /** What it works on; a panel. */
  Left(): ReactNode
  /** What is in it. */
  readonly leftTitle: Message
  /** The picture, or what it needs. */
  Centre(props: CentreProps): ReactNode
  /** Prompt and settings. */
  Right(): ReactNode
  /** What can be fused beside the picture as it stands. */
  FuseMore?(): ReactNode
  readonly dropTargets: readonly DropTarget[]
  /** Whether a drop asks for its target; otherwise the whole middle is one. */
  choosesTarget(doc: FusionDocument): boolean
  /** What screen readers hear when a result is shown. */
  readonly shown: Message
  /** What can be done with every result of the strip while the mode is on. */
  readonly resultAction?: { icon: LucideIcon; label: Message; run(studio: Studio, resultId: string): void }
  /** What a recipe is made of, beside its prompt. */
  factsOf(recipe: RecipeOf<M>): { name: string; text: string }[]
  /** A recipe's settings in a few words, without its model. */
  settingsOf(recipe: RecipeOf<M>): string
  /** Keys that only this mode has. */
  readonly shortcuts?: readonly Shortcut[]
}
