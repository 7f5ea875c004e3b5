import * as v from 'valibot'

import { AssetHash, Uuid } from '@/schema/common'
import { versioned } from '@/schema/versioned'

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16384))

/** More pictures or results than any real project has. */
export const MAX_PROJECT_ITEMS = 20_000

/** A result that goes along. Its recipe is of whatever version the file's writer knew: read it with `readRecipe`. */
const ProjectResult = v.object({
  id: Uuid,
  /** When it was made, ms since 1970; one that cannot be is taken for now. */
  time: v.number(),
  /** True of one with a star; else absent, as in all files from before stars went along. */
  starred: v.optional(v.boolean()),
  recipe: v.unknown(),
  /** Of its PNG. */
  sha256: AssetHash,
})

/** What a project file holds (docs/formats.md, section Project). */
const ProjectManifest = v.object({
  schema: v.literal(1),
  kind: v.literal('inlay-project'),
  /** What wrote it: "Inlay 0.1.0". */
  writer: v.pipe(v.string(), v.maxLength(100)),
  /** Of whatever version the writer knew: read it with `readDocument`. */
  document: v.unknown(),
  /** The pictures that lie in the file. */
  pictures: v.pipe(
    v.array(v.object({ hash: AssetHash, width: side, height: side })),
    v.maxLength(MAX_PROJECT_ITEMS),
  ),
  /** Pictures that document or recipes name and the writer did not have any more. */
  missing: v.pipe(v.array(AssetHash), v.maxLength(MAX_PROJECT_ITEMS)),
  /** Newest first. */
  results: v.pipe(v.array(ProjectResult), v.maxLength(MAX_PROJECT_ITEMS)),
})
export type ProjectManifest = v.InferOutput<typeof ProjectManifest>

/** Reads a manifest of any version. */
export const readProjectManifest = versioned(ProjectManifest, [])
