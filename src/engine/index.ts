/** `@inlay/engine`: Place, Compose, Align and Mix from the code of any page (docs/embedding.md). */
import type { CreateEngine } from '@/engine/api'
import { createStudioEngine } from '@/engine/createEngine'

export * from '@/engine/api'
export { InlayError } from '@/base/errors'

export const createEngine: CreateEngine = createStudioEngine
