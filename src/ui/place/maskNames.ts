import type { MaskKind } from '@/schema/modes/place'

export const MASK_NAMES: Record<MaskKind, string> = { front: 'In front', ground: 'Ground' }
