import type { BuiltInFamily } from '@/schema/pack'
import { useRun } from '@/ui/studio'
import type { BuiltInInfo } from '@/worker/protocol'

/** What the engine says of a built-in model; null where its weights do not ship, or the engine is not ready. */
export const useBuiltIn = (family: BuiltInFamily): BuiltInInfo | null =>
  useRun(({ engine }) => (engine.kind === 'ready' ? engine.info.builtIn[family] : null))
